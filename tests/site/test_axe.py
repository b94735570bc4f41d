"""axe-core finds nothing to complain of: one page of each type, light and dark, every panel of a form open.

It is a floor, not a proof (test_look.py measures what it cannot see).
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.packages import AXE
from tests.site.fake_api import CHECK, NUMBER, FakeApi
from tests.site.test_look import SHOW_ALL, URLS

FOUND = """async rules => {
    const only = rules ? {runOnly: rules} : {};
    const {violations} = await axe.run(document, {resultTypes: ['violations'], ...only});
    return violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.html.slice(0, 120)} | ${node.failureSummary.slice(0, 300)}`
    ));
}"""
RULES = {
    "light": None,
    "dark": ["color-contrast"],  # in the dark only the colours differ
    "large": ["color-contrast", "target-size", "scrollable-region-focusable"],  # what more room may break
}
FILLED = [f"/services/certificate/#{NUMBER}.{CHECK}", f"/services/verify/#{NUMBER}.{CHECK}", "/services/my/"]


@pytest.fixture(scope="module")
def axe() -> str:
    return AXE.member("axe.min.js").decode()


@pytest.fixture(scope="module")
def wrong(browser: Browser, origin: str, axe: str) -> dict[str, list[str]]:
    """By scheme, what axe finds on all pages; each is opened once."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    FakeApi(signed_in=True).attach(page)
    found: dict[str, list[str]] = {scheme: [] for scheme in RULES}
    for url in [*URLS, *FILLED]:
        if url in FILLED:
            page.goto("about:blank")  # the address may differ from the last in its fragment only
        page.goto(origin + url)
        if url not in FILLED:
            page.evaluate(SHOW_ALL)
        page.evaluate(axe)
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            if scheme == "large":
                page.click("#large")
            found[scheme] += [f"{url} {each}" for each in page.evaluate(FOUND, rules)]
        page.click("#large")
    context.close()
    return found


@pytest.mark.parametrize("scheme", RULES)
def test_axe_finds_nothing_wrong_with_any_type_of_page(wrong: dict[str, list[str]], scheme: str) -> None:
    assert wrong[scheme] == [], "\n".join(wrong[scheme])


def test_axe_would_find_something(browser: Browser, axe: str) -> None:
    page = browser.new_page()
    page.set_content("<html><body><input><p style='color: #999'>灰色的字</p></body></html>")
    page.evaluate(axe)
    rules = {each.partition(":")[0] for each in page.evaluate(FOUND)}
    page.close()
    assert {"label", "color-contrast", "html-has-lang"} <= rules
