"""With script off: every page reads, says what to do instead, and nothing dead looks alive or leaks.

A page is one that has a form or a script of its own; all others are only read anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.site.html import Parsed, pages_of, read_html, url_of

LATE_MS = 3300  # notes wait for scripts that are only slow (styles/late.css)
ASKED_OPENLY = {"q"}  # what may stand in an address: words to search for
CODE_SENT = "验证码发到了"


def needs_script(page: Parsed) -> bool:
    scripts = [each.attributes["src"] for each in page.all("script")]
    return bool(page.all("form")) or any("/js/large." not in each for each in scripts)


def pages_with_script(site_dir: Path) -> list[str]:
    return [url_of(site_dir, file) for file in pages_of(site_dir) if needs_script(read_html(file))]


@pytest.fixture(scope="module")
def pages(browser: Browser, origin: str, site_dir: Path) -> Iterator[dict[str, Page]]:
    """All of them open side by side, what is folded unfolded, late notes come."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    opened = {}
    for url in pages_with_script(site_dir):
        page = opened[url] = context.new_page()
        page.goto(origin + url)
        for folded in page.locator("main .ask summary").all():
            folded.click()
    page.wait_for_timeout(LATE_MS)
    yield opened
    context.close()


def visible(page: Page, selector: str) -> list[Locator]:
    return [each for each in page.locator(selector).all() if each.is_visible()]


def test_they_are_the_pages_we_know(pages: dict[str, Page]) -> None:
    services = {"join", "join/union-pays-nef", "my", "verify", "suggest", "certificate"}
    assert {f"/services/{each}/" for each in services} <= pages.keys()
    assert {"/search/", "/404.html", "/products/nef-accident/", "/campaigns/union-pays-nef/"} <= pages.keys()


def test_each_reads_and_gives_the_telephone(pages: dict[str, Page]) -> None:
    for url, page in pages.items():
        assert page.is_visible("h1"), url
        assert page.is_visible(".help a[href='tel:12351']"), url
        assert len(page.inner_text("main")) > 40, url
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, url


def test_no_button_looks_as_if_it_worked(pages: dict[str, Page]) -> None:
    for url, page in pages.items():
        alive = [each.inner_text() for each in visible(page, "button") if each.is_enabled()]
        assert alive == [], url


def test_each_form_says_why_and_what_to_do_instead(pages: dict[str, Page]) -> None:
    seen = 0
    for url, page in pages.items():
        # A form that is fetched from its template by script leaves only the note in its fold.
        for form in visible(page, "main form") + visible(page, "main .ask details"):
            seen += 1
            # The search's note stands below its form: the form is one line.
            note = form.locator("css=.noscript").or_(form.locator("xpath=following-sibling::*[1]")).first
            assert note.is_visible(), url
            assert "脚本" in note.inner_text(), url
            assert "12351" in note.inner_text(), url
    assert seen > 20


def test_every_list_to_choose_from_can_be_read(pages: dict[str, Page]) -> None:
    for url, page in pages.items():
        for select in visible(page, "select"):
            named = [text for text in select.locator("option").all_inner_texts() if text.strip()]
            assert len(named) > 1, (url, select.get_attribute("name"))


def test_enter_sends_nothing_and_what_was_typed_stays(pages: dict[str, Page]) -> None:
    for url, page in pages.items():
        before = page.url
        for field in visible(page, "main input:is([type=text], [type=tel], [inputmode])"):
            field.fill("12345")
            field.press("Enter")
            assert page.url == before, url
            assert field.input_value() == "12345", url


def test_nothing_personal_could_ever_stand_in_an_address(site_dir: Path) -> None:
    """Whatever broke: a form that is sent by the browser itself is POST, but for the search's words."""
    forms = 0
    for file in pages_of(site_dir):
        in_address = False
        for each in read_html(file).elements:
            if each.tag == "form":
                forms += 1
                in_address = each.attributes.get("method", "get").lower() != "post"
            elif each.tag in {"input", "select", "textarea"} and in_address:
                assert each.attributes.get("name") in ASKED_OPENLY, file
    assert forms > 20


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("/services/join/", "#without-script"),
        ("/services/join/union-pays-nef/", "#without-script"),
        ("/services/my/", "#without-script"),
        ("/services/certificate/", ".noscript a[href='/outlets/']"),
        ("/services/suggest/", ".noscript a[href='/outlets/']"),
        ("/search/", "#ways"),
        ("/404.html", "a[href='/search/']"),
    ],
)
def test_there_is_a_way_without_a_screen_too(pages: dict[str, Page], url: str, way: str) -> None:
    assert pages[url].locator(way).first.is_visible()


def test_nobody_is_told_that_a_code_was_sent(pages: dict[str, Page]) -> None:
    for url in ("/services/my/", "/services/join/union-pays-nef/"):
        assert CODE_SENT not in pages[url].inner_text("main")
