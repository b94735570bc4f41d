"""Before its script runs a page already stands where it will stand: nothing jumps under a thumb."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.site.fake_api import CHECK, NUMBER, FakeApi
from tests.site.test_join_form import JOIN

FORMS = (JOIN, "/services/join/", "/services/my/", "/services/verify/", "/services/suggest/", "/search/")
PAGES = (
    *FORMS,
    "/404.html",
    "/products/nef-accident/",
    "/campaigns/union-pays-nef/",
    f"/services/certificate/#{NUMBER}.{CHECK}",
)
# What is on the screen, and where: texts and boxes of the first view, by their place in the page.
_PLACES = """
() => [].slice.call(document.querySelectorAll('body *')).map((node, place) => {
  const box = node.getBoundingClientRect();
  const seen = box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0;
  const name = `${place} ${node.tagName} ${node.id} ${node.className}`;
  return seen && getComputedStyle(node).visibility === 'visible'
    ? [name, Math.round(box.left), Math.round(box.top)] : null;
}).filter(Boolean)
"""
_STILL_HIDDEN = """
() => [].filter.call(document.querySelectorAll('.late'), each =>
    each.getBoundingClientRect().height < 20 || getComputedStyle(each).visibility !== 'visible'
).map(each => each.outerHTML.slice(0, 80))
"""


def jumped(page: Page, address: str) -> list[tuple[str, object, object]]:
    """Each thing of the first view which is elsewhere once the script has run. Held back until it is read."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/*.js", hold)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("footer", state="attached")
    before = {name: place for name, *place in page.evaluate(_PLACES)}
    with page.expect_event("load"):
        for route in held:
            route.continue_()
    page.wait_for_timeout(300)
    after = {name: place for name, *place in page.evaluate(_PLACES)}
    assert held
    assert before
    return [(name, before[name], place) for name, place in after.items() if before.get(name, place) != place]


@pytest.mark.parametrize("size", [(360, 740), (1440, 900)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("path", PAGES)
def test_nothing_jumps_when_a_slow_script_arrives(
    browser: Browser, origin: str, path: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    FakeApi().attach(page)
    found = jumped(page, origin + path)
    context.close()
    assert found == []


def test_a_jump_would_be_seen(phone: Page, origin: str) -> None:
    phone.route(
        "**/services/verify/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace("<h1>", "<p class='noscript'>跳</p><h1>"),
        ),
    )
    assert jumped(phone, origin + "/services/verify/")


def test_when_the_script_never_comes_all_of_the_page_is_shown_after_a_while(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.route("**/js/*.js", lambda route: route.abort())
    opened = {path: context.new_page() for path in FORMS}
    for path, page in opened.items():
        page.goto(origin + path)
    opened[JOIN].wait_for_timeout(3300)
    hidden = {path: page.evaluate(_STILL_HIDDEN) for path, page in opened.items()}
    texts = {path: page.inner_text("main") for path, page in opened.items()}
    context.close()
    assert [path for path, found in hidden.items() if found] == []
    assert [path for path, text in texts.items() if "您的浏览器没有打开它" not in text] == []
    assert [path for path, text in texts.items() if "12351" not in text] == []


@pytest.mark.parametrize(("path", "anchor"), [(JOIN, "#when"), ("/services/my/", "#changed")])
def test_what_a_page_tells_besides_its_form_is_for_everybody(
    phone: Page, origin: str, path: str, anchor: str
) -> None:
    FakeApi().attach(phone)
    phone.goto(origin + path)
    phone.wait_for_selector("#mobile:visible")
    assert phone.is_visible(anchor)
    assert not phone.is_visible("#without-script")
