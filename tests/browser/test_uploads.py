"""A page of ours posts one file, under its own policy, as a phone does: with its progress shown."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from chalicelib.uploads.model import FileState, Slot
from infra.stack import Stack
from tests.patience import wait_for
from tests.uploads import slots
from tests.uploads.slots import PAPER

# Who listens to the upload's progress makes the browser ask first (preflight), whatever the form's type.
POST = """([url, fields, bytes]) => new Promise(done => {
  const form = new FormData();
  Object.keys(fields).forEach(name => form.append(name, fields[name]));
  form.append("file", new Blob([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))]), "names.csv");
  const request = new XMLHttpRequest();
  let seen = 0;
  request.upload.onprogress = event => { seen = event.loaded; };
  request.onload = () => done([request.status, seen > 0]);
  request.onerror = () => done(["blocked", false]);
  request.open("POST", url);
  request.send(form);
})"""


@pytest.fixture
def page(on_stack: Stack, origin: str, browser: Browser) -> Iterator[Page]:
    """A page of the built site, with the headers it is really served with."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}/")
    yield page
    context.close()


def post(page: Page, slot: Slot, data: bytes = PAPER, url: str = "") -> object:
    form = msgspec.to_builtins(slot.upload)
    return page.evaluate(POST, [url or form["url"], form["fields"], base64.b64encode(data).decode()])


def test_a_page_of_ours_posts_a_file_and_learns_whether_it_was_taken(page: Page) -> None:
    slot = slots.opened()
    assert post(page, slot, PAPER + b"x") == [400, True]
    assert post(page, slot) == [201, True]
    wait_for(lambda: slots.found(slot).state is FileState.STORED, "the file is stored")


def test_the_pages_policy_lets_a_file_go_to_the_bucket_and_nowhere_else(page: Page, stack: Stack) -> None:
    slot = slots.opened()
    elsewhere = stack.endpoint.replace("127.0.0.1", "localhost") + f"/{slots.bucket()}"
    assert post(page, slot, url=elsewhere) == ["blocked", False]
    assert slots.versions(slot) == []
