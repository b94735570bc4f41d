"""The page that shows every part of a form: it works, by keyboard alone too, and it is never published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.platform import clock
from sitebuild.build import read_content
from sitebuild.edition import Edition
from tests.browser.packages import AXE
from tests.site.building import ROOT
from tests.site.test_axe import FOUND
from tests.site.test_join_steps import at, back, forward
from tests.site.test_look import LOW, SHOW_ALL, SMALL, WIDTH
from tests.site.test_scripts import number_of

ORIGIN = "http://127.0.0.1:9"  # nobody answers there but the edition below
PARTS = f"{ORIGIN}/services/parts/"
ID_NUMBER = number_of(date(1995, 5, 5))


def shown_by_make_site() -> Edition:
    """The site page by page, with the parts."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_url=f"{ORIGIN}/")
    config.plugins.on_startup(command="serve", dirty=False)
    compiled = read_content(ROOT / "content")
    return Edition(config, config.theme.get_env(), compiled, clock.today(), workshop=True)


@pytest.fixture(scope="module")
def workshop() -> Edition:
    return shown_by_make_site()


@pytest.fixture
def page(browser: Browser, workshop: Edition) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda error: broken.append(str(error)))

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        body = workshop.answer(path + "index.html" if path.endswith("/") else path)
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        route.fulfill(status=200 if body else 404, content_type=f"{kind}; charset=utf-8", body=body or b"")

    opened.route(f"{ORIGIN}/**", answer)
    opened.goto(PARTS)
    yield opened
    context.close()
    assert broken == []


def tab_to(page: Page, selector: str) -> None:
    """Only with the Tab key, as far as it takes."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def fill(page: Page) -> None:
    page.fill("#name", "张三")
    page.fill("#id-number", ID_NUMBER)
    page.select_option("#hospital", "third")
    page.check("#cause-fall")
    page.fill("#total", "1,234.5")
    page.fill("#happened-on", "2026-11-20")


def test_it_is_not_published(site_dir: Path, workshop: Edition) -> None:
    assert "services/parts/index.html" in workshop.sources
    assert "noindex" in workshop.pages["services/parts/index.html"]
    assert "services/parts" not in workshop.beside["sitemap.xml"]().decode()
    assert "/services/parts/" not in workshop.search["search/catalogue.json"]().decode()
    published = [
        file.relative_to(site_dir)
        for file in site_dir.rglob("*")
        if file.is_file() and ("parts" in file.name or "services/parts" in str(file))
    ]
    assert published == []
    for name in ("sitemap.xml", "llms.txt", "index.html"):
        assert "services/parts" not in (site_dir / name).read_text("utf-8")


def test_it_shows_every_part_there_is(page: Page) -> None:
    """A macro of forms.html that the page does not use is one nobody finds."""
    theme = ROOT / "site/theme"
    macros = {
        line.split("macro ")[1].partition("(")[0]
        for line in (theme / "forms.html").read_text("utf-8").splitlines()
        if "{% macro " in line
    }
    drawn = {
        "progress": ".progress",
        "step": "section.step > form",
        "field": ".field input[type=text]",
        "choice": "fieldset .choice",
        "circles": "input[type=radio]",
        "consent": "fieldset[data-sha256]",
        "answers": "dl.answers",
        "problems": ".summary + .said",
        "send": "button[type=submit]",
    }
    assert macros - drawn.keys() == {"sign_in", "besides"}  # these are of whole pages
    for selector in (*drawn.values(), "select", "textarea", "input[type=date]", "[data-kind=money]", ".back"):
        assert page.locator(selector).count(), selector


def test_each_kind_says_what_is_wrong_and_reads_back_what_is_right(page: Page) -> None:
    page.click("#fields-form button[type=submit]")
    said = {each.get_attribute("data-error"): each.inner_text() for each in page.locator(".error").all()}
    assert said.pop("what_happened") == ""
    assert said.pop("consent-1") == ""
    assert all(text.startswith("请") for text in said.values()), said
    expect(page.locator("#name")).to_be_focused()
    fill(page)
    page.fill("#total", "很多")
    page.click("#fields-form button[type=submit]")
    expect(page.locator("#total-error")).to_contain_text("没看懂")
    fill(page)
    page.click("#fields-form button[type=submit]")
    at(page, "answers")
    read = [row.locator("dd").first.inner_text() for row in page.locator("#answers > div").all()]
    spaced = f"{ID_NUMBER[:6]} {ID_NUMBER[6:10]} {ID_NUMBER[10:14]} {ID_NUMBER[14:]}"
    assert read == ["张三", spaced, "三级", "摔倒", "1,234.50元", "2026年11月20日", "没填"]


def test_it_goes_back_and_forth_and_keeps_what_may_be_kept(page: Page) -> None:
    fill(page)
    page.click("#fields-form button[type=submit]")
    at(page, "answers")
    page.get_by_role("button", name="修改怎么受的伤").click()
    at(page, "fields")
    expect(page.locator("#cause-traffic")).to_be_focused()
    forward(page)
    at(page, "answers")
    page.reload()
    at(page, "answers")
    back(page)
    at(page, "fields")
    assert page.is_checked("#cause-fall")
    assert page.input_value("#total") == "1,234.5"
    stored = page.evaluate("JSON.stringify({...localStorage})")
    assert "张三" in stored
    assert ID_NUMBER not in stored


def test_what_is_sent_is_tried_again_and_then_said_beside_the_button(page: Page) -> None:
    sent: list[tuple[str, str]] = []
    answers = [503, 200]

    def answer(route: Route) -> None:
        asked = route.request
        sent.append((asked.headers["idempotency-key"], asked.post_data or ""))
        route.fulfill(status=answers[len(sent) - 1], content_type="application/json", body="{}")

    page.route("**/api/parts", answer)
    fill(page)
    page.click("#fields-form button[type=submit]")
    page.click("#answers-form button[type=submit]")
    page.click("#consents-form button[type=submit]")
    expect(page.locator("#consent-1-error")).to_contain_text("还没有回答")
    page.check("#consent-1-agree")
    page.click("#consents-form button[type=submit]")
    expect(page.locator("[data-panel=consents] .said")).to_contain_text("自动再试")
    at(page, "done")
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert '"total_fen":123450' in sent[0][1]


def test_by_keyboard_alone(page: Page) -> None:
    page.route("**/api/parts", lambda route: route.fulfill(status=200, body="{}"))
    tab_to(page, "#name")
    page.keyboard.type("张三")
    tab_to(page, "#id-number")
    page.keyboard.type(ID_NUMBER)
    tab_to(page, "#hospital")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=cause]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#total")
    page.keyboard.type("20")
    tab_to(page, "#happened-on")
    for key in (
        "ArrowUp",
        "ArrowRight",
        "ArrowUp",
        "ArrowRight",
        "ArrowUp",
    ):  # in whatever order the parts are
        page.keyboard.press(key)
    tab_to(page, "#fields-form [type=submit]")
    page.keyboard.press("Enter")
    at(page, "answers")
    tab_to(page, "#answers-form [type=submit]")
    page.keyboard.press("Enter")
    at(page, "consents")
    tab_to(page, "#consent-1-agree")
    page.keyboard.press("Space")
    tab_to(page, "#consents-form [type=submit]")
    page.keyboard.press("Enter")
    at(page, "done")


def test_it_looks_as_every_page_must(page: Page) -> None:
    page.evaluate(SHOW_ALL)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(LOW) == []
    page.evaluate(AXE.member("axe.min.js").decode())
    assert page.evaluate(FOUND, None) == []
    page.set_viewport_size({"width": 320, "height": 740})
    assert page.evaluate(WIDTH) == 320


def test_a_screen_reader_hears_every_part_by_its_name_and_what_is_wrong_with_it(page: Page) -> None:
    """What the browser hands to one: roles, names, states, descriptions, and what is announced."""
    heard = page.locator("main").aria_snapshot()
    for part in (
        '- textbox "姓名"',
        '- textbox "身份证号"',
        '- combobox "在哪一级医院"',
        '- group "怎么受的伤"',
        '- radio "摔倒"',
        '- textbox "一共花了多少钱"',
        '- textbox "经过（可以不填）"',
        '- heading "每一种要填的" [level=2]',
        '- button "下一步"',
    ):
        assert part in heard, heard
    page.click("#fields-form button[type=submit]")
    expect(page.locator("#name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#name")).to_have_accessible_description("和身份证上一样 请填姓名。")
    expect(page.locator("#hospital")).to_have_accessible_description("请选医院的级别。")
    announced = page.get_by_role("alert").filter(visible=True)
    expect(announced).to_contain_text("还差一点")
    expect(announced.get_by_role("link", name="请填姓名。")).to_be_visible()
    fill(page)
    page.click("#fields-form button[type=submit]")
    at(page, "answers")
    expect(page.get_by_role("button", name="修改怎么受的伤")).to_be_visible()
    expect(page.get_by_role("heading", level=2).filter(visible=True)).to_be_focused()
