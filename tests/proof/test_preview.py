"""`make site`: what one writes is on the screen a moment later; what is wrong is named; nothing is stale."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.building import ROOT

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Preview:
    """One that runs on a copy of the content. `drawn` is where its drawings are cached."""

    address: str
    content: Path
    log: Path
    drawn: Path

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def page(self, path: str) -> str:
        status, body = self.get(path)
        assert status == 200, body.decode()
        return body.decode()

    def refusal(self, path: str) -> str:
        status, body = self.get(path)
        assert status == 500
        return body.decode()

    def write(self, path: str, change: Callable[[str], str]) -> None:
        file = self.content / path
        file.write_text(change(file.read_text("utf-8")), "utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < until, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Started as the Makefile starts it."""
    folder = tmp_path_factory.mktemp("preview")
    shutil.copytree(ROOT / "content", folder / "content")
    config = folder / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\ndocs_dir: content\nsite_dir: build/site\nwatch: []\n"
        f"theme:\n  custom_dir: {ROOT}/site/theme\nhooks: [{ROOT}/site/hooks.py]\n",
        "utf-8",
    )
    found = re.search(
        r"PYTHONPATH=(\S+) exec \S+/python -m (\S+) --port", (ROOT / "Makefile").read_text("utf-8")
    )
    assert found
    port, log, drawn = free_port(), folder / "log", folder / "drawn"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", found[2], "--port", str(port), "--config", str(config)],
            cwd=ROOT,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": found[1], "PRESS_KIT_CACHE": str(drawn)},
        )
        try:
            wait_for(lambda: "Serving on" in log.read_text("utf-8"), "the preview starts")
            yield Preview(f"http://127.0.0.1:{port}", folder / "content", log, drawn)
        finally:
            server.terminate()
            server.wait()
    assert not (folder / "build").exists()


@pytest.fixture
def writing(preview: Preview) -> Iterator[Preview]:
    """The content is as it was afterwards."""
    before = {file: file.read_bytes() for file in preview.content.rglob("*.md")}
    yield preview
    for file, text in before.items():
        if file.read_bytes() != text:
            file.write_bytes(text)


def test_a_new_sentence_is_there_with_the_next_request(writing: Preview) -> None:
    assert f'<link rel="canonical" href="{writing.address}/guide/join/">' in writing.page("/guide/join/")
    writing.write("guide/join.md", lambda text: text + "\n多写的一句话。\n")
    assert "多写的一句话" in writing.page("/guide/join/")


def test_a_figure_changes_on_every_page_that_shows_it(writing: Preview) -> None:
    """Also on those that were looked at before."""
    pages = ("/campaigns/three-parties/", "/campaigns/")
    old = {path: writing.page(path) for path in pages}
    assert all("三方一起出" not in text for text in old.values())
    writing.write(
        "campaigns/three-parties.md", lambda text: re.sub(r"(?m)^name: .*$", "name: 三方一起出", text)
    )
    assert all("三方一起出" in writing.page(path) for path in pages)


def test_a_browser_that_waits_is_told_of_an_edit(writing: Preview) -> None:
    epoch = re.search(r"livereload\((\d+), ", writing.page("/guide/join/"))
    assert epoch
    writing.write("guide/join.md", lambda text: text + "\n又一句。\n")
    _, newer = writing.get(f"/livereload/{epoch[1]}/1")
    assert int(newer) > int(epoch[1])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("看[这里](claim.md#no-such)。", "no `#no-such` on /guide/claim/"),
        ("看[这里](no-such.md)。", "the link `no-such.md` leads nowhere"),
        ("每人每年30元。", "`30元` is typed"),
    ],
)
def test_what_a_release_refuses_is_refused_on_the_page_by_file_and_line(
    writing: Preview, line: str, told: str
) -> None:
    writing.write("guide/join.md", lambda text: f"{text}\n{line}\n")
    number = (writing.content / "guide/join.md").read_text("utf-8").count("\n")
    refused = writing.refusal("/guide/join/")
    assert f"guide/join.md:{number}: " in refused
    assert told in refused
    wait_for(lambda: told in writing.log.read_text("utf-8"), "the terminal says so too")
    writing.write("guide/join.md", lambda text: text.replace(line, ""))
    writing.page("/guide/join/")


def test_a_page_nobody_looks_at_is_checked_too(writing: Preview) -> None:
    writing.write("guide/photo.md", lambda text: text + "\n看[这里](claim.md#never-there)。\n")
    writing.page("/guide/join/")
    wait_for(lambda: "no `#never-there`" in writing.log.read_text("utf-8"), "the broken link is named")


def test_a_sheet_is_drawn_when_somebody_opens_it(preview: Preview) -> None:
    preview.page("/press/")
    before = list(preview.drawn.glob("press_*"))
    assert before == []
    status, poster = preview.get("/press/union-pays-nef/poster-station.png")
    assert (status, poster[:4]) == (200, b"\x89PNG")
    assert len(list(preview.drawn.glob("press_*"))) == 1


def test_what_is_not_published_yet_is_for_this_machine_only(preview: Preview) -> None:
    """Guard: infra.this_machine.only_this_machine around the preview."""
    by_another_name = urllib.request.Request(
        f"{preview.address}/guide/join/", headers={"Host": "rebound.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(by_another_name, timeout=PATIENCE_SECONDS)


def test_everything_beside_the_pages_is_there_when_asked_for(preview: Preview) -> None:
    for path in (
        "/feed.xml",
        "/sitemap.xml",
        "/search/catalogue.json",
        "/products/nef-accident/estimate.json",
        "/products/nef-accident/terms-2026-1.md",
        "/q/union-pays-nef/station/",
        "/pictures/invoice.png",
        "/openapi.json",
    ):
        assert preview.get(path)[0] == 200, path
    assert preview.get("/no/such/")[0] == 404
