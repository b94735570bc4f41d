"""The estimate on a product's page, in a phone's browser, with the real engine behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from publishing import compiler
from tests.browser.packages import AXE
from tests.site.altered_site import Altered
from tests.site.html import read_html
from tests.site.real_api import Asked, answer_for_real, obeying
from tests.site.test_axe import FOUND

NEF, HOSPITAL, ILLNESS = "/products/nef-accident/", "/products/hospital/", "/products/illness/"
MEDICAL, CRITICAL = "/products/hospital-medical/", "/products/critical-illness/"


@pytest.fixture(scope="module")
def address(altered: Altered, altered_origin: str) -> Iterator[str]:
    with obeying(altered.data):
        yield altered_origin


@pytest.fixture
def asked(phone: Page) -> Asked:
    return answer_for_real(phone)


Open = Callable[[str], Page]


@pytest.fixture
def opened(phone: Page, address: str, asked: Asked) -> Open:
    """A product's form, open and ready."""

    def go(url: str) -> Page:
        phone.goto(address + url + "#estimate")
        phone.wait_for_selector("#f-exclusions")
        return phone

    return go


def days(page: Page, happened: str = "2026-03-01", cover: str = "2026-01-01") -> None:
    page.fill("[name=happened_on]", happened)
    page.fill("[name=cover_from]", cover)


def press(page: Page) -> None:
    page.click("#estimate form button:not([type])")


def result(page: Page) -> str:
    page.wait_for_selector("#estimate .result:visible")
    return page.inner_text("#estimate .result")


def said(page: Page, name: str) -> str:
    page.wait_for_selector(f"#{name}-error:not(:empty)")
    return page.inner_text(f"#{name}-error")


def facts_of(asked: Asked) -> dict[str, Any]:
    facts: dict[str, Any] = asked[-1][1]["facts"]
    return facts


def shown(page: Page, asked: Asked) -> None:
    """Every word and every sum of the answer stands on the page."""
    text, body = result(page), asked[-1][2].json
    for line in body["lines"]:
        assert line["name"] in text
        assert line["text"] in text
        for each in (*line["deductions"], *line["left_out"]):
            assert each["text"] in text
    assert body["notice"] in text
    whole, rest = divmod(body["total_fen"], 100)
    total = f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
    assert page.inner_text("#estimate .figure b").removesuffix("元").strip() == total


# --- what is asked ---------------------------------------------------------------------------------------


def test_a_product_asks_only_what_its_benefits_need(opened: Open) -> None:
    script = """() => [...new Set([...document.querySelector('#estimate form').elements]
        .map(each => each.name).filter(name => name))]"""
    days = ["happened_on", "cover_from"]
    stays = ["stays", "admitted_on", "discharged_on"]
    costs = ["total_fen", "medical_insurance_paid_fen", "third_party_paid_fen"]
    first = ["cause", *days, "renewed"]
    assert opened(NEF).evaluate(script) == [
        *days, *stays, "hospital_grade", *costs, "disability_grade", "death", "exclusions",
    ]  # fmt: skip
    assert opened(HOSPITAL).evaluate(script) == [*first, *costs, "outside_catalogue_fen", "exclusions"]
    assert opened(ILLNESS).evaluate(script) == [*first, "diagnosis", *stays, "units", "exclusions"]
    assert opened(MEDICAL).evaluate(script) == [
        *first, "undesignated", *costs,
        "outside_catalogue_fen", "work_injury_fen", "unsettled_fen", "exclusions",
    ]  # fmt: skip


def test_every_clause_an_answer_may_name_is_an_anchor_of_the_terms_page(
    altered: Altered,
) -> None:
    for product in compiler.compile_content(altered.content).catalogue.products:
        about = json.loads((altered.site / f"products/{product.code}/estimate.json").read_text("utf-8"))
        terms = about["terms"][product.version]
        named = [each.clause for each in (*product.benefits, *product.exclusions)]
        named += [product.period_limit_clause, product.waiting_period.clause]
        assert set(filter(None, named)) <= terms["clauses"].keys()
        page = read_html(altered.site / terms["url"].strip("/") / "index.html")
        ids = {each.attributes.get("id"): each.text for each in page.elements}
        for anchor, heading in terms["clauses"].items():
            assert heading == ids[anchor].strip()


# --- one of each benefit ---------------------------------------------------------------------------------


def test_death_is_paid_once(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.check("[name=death]")
    press(page)
    assert "50,000元" in result(page)
    assert "同一保障期里以前领过的互助金，这里没有减去" in result(page)
    shown(page, asked)
    assert facts_of(asked) == {
        "cause": "accident",
        "happened_on": "2026-03-01",
        "cover_from": "2026-01-01",
        "death": True,
        "exclusions": [],
    }


def test_a_disability_by_its_grade(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.select_option("#f-disability_grade", "9")
    press(page)
    shown(page, asked)
    assert asked[-1][2].json["total_fen"] == 1_000_000


def test_days_in_hospital_of_two_stays(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.click("text=再加一次住院")
    pairs = page.locator("#f-stays .pair")
    for n, stay in enumerate([("2026-03-01", "2026-03-11"), ("2026-04-01", "2026-04-06")]):
        for place, day in enumerate(stay):
            pairs.nth(n).locator("input").nth(place).fill(day)
        pairs.nth(n).locator("select").select_option("2")
    press(page)
    shown(page, asked)
    assert [each["hospital_grade"] for each in facts_of(asked)["stays"]] == [2, 2]
    page.click("text=去掉这一次")
    assert not page.is_visible("#estimate .result")  # an answer to something else than what is filled in
    press(page)
    result(page)
    assert len(facts_of(asked)["stays"]) == 1


def test_sums_are_exact_to_the_fen(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    for typed, fen in [
        ("0.1", 10),
        ("0.29", 29),
        ("1,234.56", 123_456),
        ("９０２．３元", 90_230),
        ("4.35", 435),
    ]:
        page.fill("#f-total_fen", typed)
        page.fill("#f-medical_insurance_paid_fen", "")
        press(page)
        result(page)
        assert facts_of(asked)["costs"] == {"total_fen": fen}
    page.fill("#f-total_fen", "300.3")
    page.fill("#f-medical_insurance_paid_fen", "0.1")
    page.fill("#f-third_party_paid_fen", "0.2")
    press(page)
    text = result(page)
    assert facts_of(asked)["costs"] == {
        "total_fen": 30_030,
        "medical_insurance_paid_fen": 10,
        "third_party_paid_fen": 20,
    }
    assert asked[-1][2].json["total_fen"] == 16_000
    assert "160元" in text.replace("\n", "")


def test_cost_inside_the_catalogue_asks_what_is_outside(opened: Open, asked: Asked) -> None:
    page = opened(HOSPITAL)
    page.check("[name=cause][value=disease]")
    days(page)
    page.fill("#f-total_fen", "10000")
    press(page)
    assert said(page, "outside_catalogue_fen") == asked[-1][2].json["detail"]
    page.fill("#f-outside_catalogue_fen", "0")
    press(page)
    shown(page, asked)


def test_a_listed_disease_is_chosen_by_its_name(opened: Open, asked: Asked) -> None:
    page = opened(ILLNESS)
    page.check("[name=cause][value=disease]")
    days(page, "2026-01-15")
    assert page.locator("#f-diagnosis option").all_inner_texts() == ["没有", "甲类病", "乙类病", "轻病互助金"]
    page.select_option("#f-diagnosis", label="乙类病")
    page.select_option("#f-units", "3")
    press(page)
    shown(page, asked)
    assert facts_of(asked)["diagnosis"] == "severe"
    assert facts_of(asked)["units"] == 3
    assert "照您填的，领不到" in result(page)  # still in the waiting period
    page.check("#f-renewed")
    press(page)
    shown(page, asked)
    assert asked[-1][2].json["total_fen"] == 4_500_000


def test_the_terms_of_the_first_day_of_cover_are_the_ones_linked(opened: Open, asked: Asked) -> None:
    page = opened(ILLNESS)
    page.check("[name=cause][value=disease]")
    days(page, "2021-03-01", "2021-01-01")
    page.select_option("#f-diagnosis", label="甲类病")
    press(page)
    assert "版本2020-1" in result(page)
    assert asked[-1][2].json["total_fen"] == 1_000_000
    link = page.locator("#estimate .result a").first
    assert link.inner_text() == "第一条　旧的重病"
    assert link.get_attribute("href") == "/products/illness/terms-2020-1/#article-1"


def test_an_exclusion_takes_everything_and_leads_to_its_clause(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.check("[name=death]")
    page.check("[value=drunk_driving]")
    press(page)
    text = result(page)
    assert "减50,000元：属于责任免除「酒驾、毒驾」" in text
    page.click("#estimate .result a >> text=第十二条")
    expect(page.locator("#article-12")).to_be_in_viewport()


# --- errors ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_beside_each_field_and_nothing_is_sent(opened: Open, asked: Asked) -> None:
    page = opened(HOSPITAL)
    press(page)
    for name in ("cause", "happened_on", "cover_from"):
        assert said(page, name)
    assert page.locator("#estimate .summary li").count() == 3
    assert page.evaluate("document.activeElement.name") == "cause"
    assert asked == []


@pytest.mark.parametrize("typed", ["1.234", "-5", "一百", "1,5", "1e3", "9999999999"])
def test_what_is_no_sum_is_refused_before_it_is_sent(opened: Open, asked: Asked, typed: str) -> None:
    page = opened(NEF)
    days(page)
    page.fill("#f-total_fen", typed)
    press(page)
    assert said(page, "total_fen")
    assert page.get_attribute("#f-total_fen", "aria-invalid") == "true"
    assert "total_fen-error" in str(page.get_attribute("#f-total_fen", "aria-describedby"))
    assert asked == []


def test_a_part_of_the_costs_without_the_total_is_asked_for(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.fill("#f-third_party_paid_fen", "5")
    press(page)
    assert said(page, "total_fen")
    assert asked == []


@pytest.mark.parametrize(
    ("fill", "name"),
    [
        ({}, "death"),
        ({"#f-total_fen": "10", "#f-third_party_paid_fen": "10.01"}, "total_fen"),
        ({"#f-total_fen": "100000000.01"}, "total_fen"),
        ({"[name=admitted_on]": "2026-03-09", "[name=discharged_on]": "2026-03-08"}, "stays"),
        ({"#f-happened_on": "1999-01-01", "#f-total_fen": "10"}, "happened_on"),
        ({"#f-cover_from": "2025-12-31", "#f-total_fen": "10"}, "cover_from"),
    ],
)
def test_what_the_engine_refuses_is_said_beside_its_field(
    opened: Open, asked: Asked, fill: dict[str, str], name: str
) -> None:
    page = opened(NEF)
    days(page)
    for selector, text in fill.items():
        page.fill(selector, text)
        if selector == "[name=admitted_on]":
            page.select_option("[name=hospital_grade]", "3")
    press(page)
    assert said(page, name) == next(iter(asked[-1][2].json["fields"].values()))
    assert page.evaluate("document.activeElement.name") == name
    assert not page.is_visible("#estimate .result")


def test_a_day_that_the_engine_cannot_read_is_said_beside_its_stay(opened: Open, asked: Asked) -> None:
    """An old phone has no field for days: there a year can be anything."""
    page = opened(NEF)
    days(page)
    for name in ("admitted_on", "discharged_on"):
        page.evaluate(f"document.querySelector('[name={name}]').type = 'text'")
        page.fill(f"[name={name}]", "0000年3月9日")
    page.select_option("[name=hospital_grade]", "3")
    press(page)
    assert said(page, "stays") == asked[-1][2].json["fields"]["facts.stays.admitted_on"]
    assert page.evaluate("document.activeElement.name") == "stays"


def test_half_a_stay_is_refused(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.fill("[name=admitted_on]", "2026-03-09")
    press(page)
    assert said(page, "stays")
    assert asked == []


# --- a part of the cost, and what decides the sum ----------------------------------------------------------


def test_a_bill_with_a_part_outside_the_catalogue_is_paid_for_the_rest(opened: Open, asked: Asked) -> None:
    """30,000 - 12,000 - 4,000 = 14,000: 5,000 x 40 % + 9,000 x 50 % = 6,500."""
    page = opened(MEDICAL)
    ticks = page.locator("#f-exclusions label").all_inner_texts()
    assert ticks[0] == "美容、生育、体检、疗养"
    assert not any("目录外" in each or "工伤" in each or "医保" in each for each in ticks)
    page.check("[name=cause][value=disease]")
    days(page)
    page.fill("#f-total_fen", "30000")
    page.fill("#f-medical_insurance_paid_fen", "12000")
    page.fill("#f-outside_catalogue_fen", "4000")
    press(page)
    shown(page, asked)
    assert asked[-1][2].json["total_fen"] == 650_000
    left_out = page.locator("#estimate .result .less a").all_inner_texts()
    assert left_out == ["第七条　住院医疗互助金", "第十条　目录外费用"]
    assert "要在医保定点医院住院" in result(page)
    page.check("[name=undesignated]")
    press(page)
    assert "住的不是医保定点医院，不给付。" in result(page)
    assert asked[-1][2].json["total_fen"] == 0


def test_a_stay_is_not_estimated_before_the_hospitals_grade_is_chosen(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.fill("[name=admitted_on]", "2026-03-01")
    page.fill("[name=discharged_on]", "2026-03-16")
    press(page)
    assert "医院等级" in said(page, "stays")
    assert asked == []
    page.select_option("[name=hospital_grade]", "1")
    press(page)
    shown(page, asked)
    assert "12天住的不是二级及以上医院，不给付。" in result(page)
    assert page.locator("#estimate .result .less a").all_inner_texts() == ["第八条　意外住院津贴"]
    page.select_option("[name=hospital_grade]", "2")
    press(page)
    result(page)
    assert asked[-1][2].json["total_fen"] == 60_000


def test_a_diagnosis_says_which_hospital_made_it(opened: Open, asked: Asked) -> None:
    page = opened(CRITICAL)
    days(page, happened="2026-06-01")
    page.select_option("#f-diagnosis", label="瘫痪")
    press(page)
    assert said(page, "diagnosis_hospital_grade")
    assert asked == []
    page.select_option("#f-diagnosis_hospital_grade", "1")
    press(page)
    assert "确诊的不是二级及以上医院，不给付。" in result(page)
    page.select_option("#f-diagnosis_hospital_grade", "3")
    press(page)
    shown(page, asked)
    assert asked[-1][2].json["total_fen"] == 1_000_000


# --- loading, no script, keyboard -------------------------------------------------------------------------


def test_a_reader_loads_nothing_of_it_until_the_form_is_used(phone: Page, address: str) -> None:
    loaded: list[str] = []
    phone.on("request", lambda request: loaded.append(request.url.removeprefix(address)))
    phone.goto(address + NEF)
    phone.mouse.wheel(0, 4000)
    phone.wait_for_timeout(300)
    assert len(loaded) == 2, loaded  # the page and the loader
    assert (
        phone.locator("#estimate :is(input, select, button)").count() == 0
    )  # a cheap phone styles none of it
    phone.click("#estimate summary")
    phone.wait_for_selector("#f-exclusions")
    loaded_then = [each.partition(".")[0] for each in loaded[2:]]
    assert loaded_then == ["/js/estimate", "/products/nef-accident/estimate"]


def test_a_press_before_the_script_is_there_counts(phone: Page, address: str, asked: Asked) -> None:
    held: list[Any] = []
    phone.route("**/js/estimate.*.js", lambda route: held.append(route))  # noqa: PLW0108  -- no builtins there
    phone.goto(address + NEF)
    phone.click("#estimate summary")
    days(phone)
    phone.check("[name=death]")
    press(phone)
    held[0].continue_()
    shown(phone, asked)
    assert len(asked) == 1


def test_a_script_that_does_not_come_is_told_and_asked_for_again(phone: Page, address: str) -> None:
    phone.route("**/js/estimate.*.js", lambda route: route.abort())
    phone.goto(address + NEF)
    phone.click("#estimate summary")
    phone.wait_for_selector("#estimate .noscript:visible")
    phone.unroute("**/js/estimate.*.js")
    phone.click("[name=death]")
    phone.wait_for_selector("#f-exclusions")
    assert not phone.is_visible("#estimate .noscript")


def test_without_its_file_the_form_says_so_and_the_next_press_tries_again(
    phone: Page, address: str, asked: Asked
) -> None:
    phone.route("**/estimate.json", lambda route: route.abort())
    phone.goto(address + NEF)
    phone.click("#estimate summary")
    phone.wait_for_selector("#status:has-text('网络不通')")
    phone.unroute("**/estimate.json")
    days(phone)
    phone.check("[name=death]")
    press(phone)
    assert "50,000元" in result(phone)
    assert len(asked) == 1


def test_an_answer_that_comes_after_a_change_is_not_shown(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    days(page)
    page.check("[name=death]")
    page.evaluate(
        """() => {
            const send = XMLHttpRequest.prototype.send;
            XMLHttpRequest.prototype.send = function (body) {
                document.getElementById('f-death').click();
                send.call(this, body);
            };
        }"""
    )
    press(page)
    page.wait_for_selector("#status:has-text('改了内容')")
    assert not page.is_visible("#estimate .result")


def test_without_script_the_fold_says_why_and_whom_to_ask_and_offers_nothing_dead(
    browser: Browser, address: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address + NEF)
    page.click("#estimate summary")
    assert "12351" in page.inner_text("#estimate .noscript")
    assert page.locator("#estimate :is(input, select, button)").count() == 0
    page.context.close()


def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} cannot be reached")


def test_a_keyboard_is_enough(opened: Open, asked: Asked) -> None:
    page = opened(NEF)
    page.focus("#estimate summary")
    for name, typed in (("happened_on", "03012026"), ("cover_from", "01012026")):  # as this browser orders it
        tab_to(page, name)
        page.keyboard.type(typed)
    tab_to(page, "death")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert "50,000元" in result(page)
    assert page.evaluate("document.activeElement.className") == "result"
    assert facts_of(asked)["happened_on"] == "2026-03-01"
    assert facts_of(asked)["cover_from"] == "2026-01-01"


# --- what an eye and a thumb need -------------------------------------------------------------------------


@pytest.fixture
def answered(opened: Open) -> Callable[[int, str], Page]:
    """The form with an error beside each field that can have one, then with an answer."""

    def go(width: int, scheme: str) -> Page:
        page = opened(ILLNESS)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 740})
        page.click("text=再加一次住院")
        page.check("[name=cause][value=disease]")
        days(page)
        page.select_option("#f-diagnosis", label="甲类病")
        page.check("[value=outside_catalogue]")
        press(page)
        result(page)
        page.evaluate(
            "document.querySelectorAll('#estimate .error').forEach(n => n.textContent = '请填写。')"
        )
        return page

    return go


@pytest.mark.parametrize("width", [320, 360])
def test_form_and_answer_fit_a_phone_and_a_thumb(answered: Callable[..., Page], width: int) -> None:
    page = answered(width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    low = """() => [...document.querySelectorAll('#estimate :is(button, select, summary, .tick, input)')]
        .filter(node => !node.matches('.tick input') && node.getClientRects().length)
        .filter(node => node.getBoundingClientRect().height < 44).map(node => node.outerHTML)"""
    assert page.evaluate(low) == []
    small = """() => [...document.querySelectorAll('#estimate *')]
        .filter(node => parseFloat(getComputedStyle(node).fontSize) < 16).map(node => node.outerHTML)"""
    assert page.evaluate(small) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_form_and_answer(answered: Callable[..., Page], scheme: str) -> None:
    page = answered(360, scheme)
    page.evaluate(AXE.member("axe.min.js").decode())
    assert page.evaluate(FOUND, None) == []
