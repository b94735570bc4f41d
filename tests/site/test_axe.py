"""axe-core finds nothing to complain of: one page of each type, light and dark, every panel of a form open.

It is a floor, not a proof (test_look.py measures what it cannot see).
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.old_engines.engines import AXE
from tests.site.fake_api import CHECK, NUMBER, FakeApi
from tests.site.test_look import LARGE, SHOW_ALL, URLS

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


@pytest.mark.parametrize("scheme", RULES)
def test_axe_finds_nothing_wrong_with_any_type_of_page(
    browser: Browser, origin: str, axe: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        bypass_csp=True,
    )
    if scheme == "large":
        context.add_init_script(f"if (location.protocol == 'http:') {{ {LARGE} }}")
    page = context.new_page()
    FakeApi(signed_in=True).attach(page)
    wrong: list[str] = []
    for url in [*URLS, *FILLED]:
        page.goto("about:blank")  # the next address may differ in its fragment only
        page.goto(origin + url)
        page.wait_for_load_state("load")
        if url not in FILLED:
            page.evaluate(SHOW_ALL)
        page.evaluate(axe)
        wrong += [f"{url} {each}" for each in page.evaluate(FOUND, RULES[scheme])]
    context.close()
    assert wrong == [], "\n".join(wrong)


def test_axe_would_find_something(browser: Browser, axe: str) -> None:
    page = browser.new_page()
    page.set_content("<html><body><input><p style='color: #999'>灰色的字</p></body></html>")
    page.evaluate(axe)
    rules = {each.partition(":")[0] for each in page.evaluate(FOUND)}
    page.close()
    assert {"label", "color-contrast", "html-has-lang"} <= rules
