"""The built site on loopback, and a phone to read it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.altered_site import Altered, altered_site
from tests.site.serving import serving


@pytest.fixture(scope="session")
def origin(site_dir: Path) -> Iterator[str]:
    with serving(site_dir) as address:
        yield address


@pytest.fixture(scope="session")
def altered() -> Altered:
    """Altered content, its site and its data. Never written to."""
    return altered_site()


@pytest.fixture(scope="session")
def altered_origin(altered: Altered) -> Iterator[str]:
    with serving(altered.site) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a small phone. An exception in a page's script fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(60_000)  # on a busy machine; a test waits no longer than it has to
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert not broken, broken
