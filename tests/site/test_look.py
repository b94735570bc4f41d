"""What an eye and a thumb need, measured in a browser: width, size of type and targets, contrast, focus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.building import ROOT
from tests.site.fake_api import FakeApi
from tests.site.html import is_redirect, pages_of, read_html, url_of

URLS = [
    "/",
    "/products/",
    "/products/nef-accident/",
    "/products/nef-accident/terms-2026-1/",
    "/products/womens-disease/terms-2021-1/",
    "/products/comprehensive/papers/",
    "/campaigns/union-pays-nef/",
    "/campaigns/",
    "/campaigns/luyi-2025/",
    "/campaigns/buy-main-get-supplement/",
    "/bundles/worry-free/",
    "/cases/qingfeng/",
    "/guide/claim/",
    "/guide/papers/",
    "/guide/samples/",
    "/news/",
    "/news/2026-11-large-text/",
    "/privacy/id-number-2026-1/",
    "/service-standard/",
    "/outlets/qingfeng/",
    "/press/",
    "/404.html",
    "/search/",
    "/services/join/",
    "/services/join/union-pays-nef/",
    "/services/my/",
    "/services/verify/",
    "/services/suggest/",
    "/products/compare/",
    "/boards/quarterly/",
    "/cases/shaanxi-2022/",
    "/cases/claim-zhengzhou/",
    "/services/certificate/",
]

# Everything of service pages at once, as without script: every panel is measured, not only the first.
SHOW_ALL = """document.querySelectorAll('[hidden]').forEach(node => {
    if (!node.querySelector('symbol')) node.hidden = false
})"""


@pytest.fixture
def view(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    FakeApi().attach(page)
    yield page
    page.close()


def test_every_kind_of_page_is_looked_at(site_dir: Path) -> None:
    def kind(url: str) -> str:
        return re.sub(r"[^/]+/$", "", re.sub(r"^/products/[^/]+/(?=.)", "/products/any/", url))

    pages = [file for file in pages_of(site_dir) if not is_redirect(read_html(file))]
    kinds = {kind(url_of(site_dir, file)) for file in pages}
    text_only = {"/regions/", "/about/", "/faq/"}  # the template of /guide/
    assert {kind(url) for url in URLS} >= kinds - text_only


@dataclass(frozen=True)
class Seen:
    """What was measured on one page, everything on it shown."""

    widths: dict[int, int]  # of the page, by the screen's
    at_twice_the_size: int  # the page's width on 360
    large: int  # the page's width on 320, in large text
    grown: list[float]  # how much larger each text is in large text
    small: list[str]
    low: list[str]
    narrow: list[str]
    tables: int


WIDTH = "document.documentElement.scrollWidth"
SIZES = """() => [...document.querySelectorAll('main *')]
    .filter(node => !node.matches('option, .tick input, svg, svg *'))  // the browser's own
    .map(node => parseFloat(getComputedStyle(node).fontSize))"""
SMALL = """() => [...document.querySelectorAll('body *')]
    .filter(node => [...node.childNodes].some(child => child.nodeType == 3 && child.textContent.trim()))
    .filter(node => parseFloat(getComputedStyle(node).fontSize) < 16)
    .map(node => node.tagName + ': ' + node.textContent.trim().slice(0, 30))"""
LOW = """() => [...document.querySelectorAll('a, button, select, summary, input, .tick')]
    .filter(node => !node.matches('.skip, .tick input'))
    .filter(node => !(node.tagName == 'A' && node.parentElement.closest('p, dd, li, h3')
        && getComputedStyle(node).display == 'inline'))
    .filter(node => node.getClientRects().length)
    .filter(node => node.getBoundingClientRect().height < 44)
    .map(node => node.tagName + '.' + node.className + ': ' + node.textContent.trim().slice(0, 20)
        + ' ' + node.getBoundingClientRect().height)"""
NARROW = """() => [...document.querySelectorAll('th, td')]
    .filter(cell => cell.textContent.trim().length > 2)
    .filter(cell => cell.getBoundingClientRect().width < 3 * parseFloat(getComputedStyle(cell).fontSize))
    .map(cell => cell.textContent)"""


def measure(page: Page) -> Seen:
    """Each page is opened once, for all that is asked of it."""
    narrow, tables = page.evaluate(NARROW), page.evaluate("document.querySelectorAll('table').length")
    before = page.evaluate(SIZES)
    page.click("#large")
    after = page.evaluate(SIZES)
    assert len(before) == len(after)
    # A figure may stop at the width of the screen; everything else is half as large again.
    grown = [large / normal for normal, large in zip(before, after, strict=True) if normal < 40]
    page.evaluate(SHOW_ALL)
    page.set_viewport_size({"width": 320, "height": 740})
    large = page.evaluate(WIDTH)
    page.click("#large")
    widths = {320: page.evaluate(WIDTH)}
    page.set_viewport_size({"width": 360, "height": 740})
    widths[360] = page.evaluate(WIDTH)
    small, low = page.evaluate(SMALL), page.evaluate(LOW)
    page.evaluate("document.documentElement.style.setProperty('font-size', '36px')")
    return Seen(widths, page.evaluate(WIDTH), large, grown, small, low, narrow, tables)


@pytest.fixture(scope="module")
def seen(browser: Browser, origin: str) -> dict[str, Seen]:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    FakeApi().attach(page)
    found = {}
    for url in URLS:
        page.goto(origin + url)
        found[url] = measure(page)
    page.close()
    return found


@pytest.mark.parametrize("width", [320, 360])
def test_no_page_is_wider_than_the_phone(seen: dict[str, Seen], width: int) -> None:
    assert {url: page.widths[width] for url, page in seen.items() if page.widths[width] > width} == {}


def test_at_twice_the_type_size_the_page_still_fits(seen: dict[str, Seen]) -> None:
    assert {url: page for url, page in seen.items() if page.at_twice_the_size > 360} == {}


def test_large_text_enlarges_every_text_and_still_fits_the_smallest_phone(seen: dict[str, Seen]) -> None:
    assert {url: page for url, page in seen.items() if page.large > 320} == {}
    assert {url: page for url, page in seen.items() if min(page.grown) <= 1.49} == {}


def test_no_text_is_smaller_than_16_px(seen: dict[str, Seen]) -> None:
    assert {url: page.small for url, page in seen.items() if page.small} == {}


def test_whatever_one_taps_is_44_px_high(seen: dict[str, Seen]) -> None:
    """Links inside a sentence are exempt, as in WCAG 2.5.8; boxes and circles count with their label."""
    assert {url: page.low for url, page in seen.items() if page.low} == {}


def test_a_column_of_a_table_never_falls_to_one_character_a_line(seen: dict[str, Seen]) -> None:
    assert {url: page.narrow for url, page in seen.items() if page.narrow} == {}
    assert sum(page.tables for page in seen.values())


def test_the_large_text_button_is_remembered_and_undone(view: Page, origin: str) -> None:
    view.goto(origin + "/")
    assert view.get_attribute("#large", "aria-pressed") == "false"
    view.click("#large")
    view.goto(origin + "/services/join/")
    assert view.get_attribute("#large", "aria-pressed") == "true"
    assert view.evaluate("getComputedStyle(document.documentElement).fontSize") == "27px"
    view.click("#large")
    assert view.evaluate("localStorage.length") == 0
    assert view.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"


def test_without_script_there_is_no_large_text_button(browser: Browser, origin: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(origin + "/")
    assert not page.is_visible("#large")
    page.close()


def test_the_first_screen_of_a_campaign_says_cost_and_offers_the_one_button(view: Page, origin: str) -> None:
    view.goto(origin + "/campaigns/union-pays-nef/")
    bottom = view.evaluate(
        """['h1', '.figure', '.bar', '.shares', '#join']
            .map(name => document.querySelector(name).getBoundingClientRect().bottom)"""
    )
    assert max(bottom) <= 740


def test_focus_is_always_to_be_seen(view: Page, origin: str) -> None:
    view.goto(origin + "/services/join/")
    for _ in range(12):
        view.keyboard.press("Tab")
        seen = view.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                return style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 3; }"""
        )
        assert seen, view.evaluate("document.activeElement.outerHTML")


# --- contrast, from the palette itself -------------------------------------------------------------------

PAIRS = [  # text on ground, as the styles use them
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("link", "paper"),
    ("link", "card"),
    ("link", "wash"),
    ("on-red", "red"),
    ("good", "good-wash"),
    ("good", "card"),
    ("ink", "good-wash"),
    ("warn", "warn-wash"),
    ("ink", "warn-wash"),
    ("soft", "warn-wash"),
    ("soft", "good-wash"),
    ("ink", "line"),
]


def palettes() -> dict[str, dict[str, str]]:
    text = (ROOT / "site/styles/tokens.css").read_text("utf-8")
    light, dark = text.split("@media")
    read = {
        name: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", part))
        for name, part in {"light": light, "dark": dark}.items()
    }
    return {"light": read["light"], "dark": read["light"] | read["dark"]}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(mode: str, text: str, ground: str) -> None:
    palette = palettes()[mode]
    bright, dim = sorted([luminance(palette[text]), luminance(palette[ground])], reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5
