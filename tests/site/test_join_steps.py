"""The join form as a way of steps: back and forth, over other pages and new tabs, and nobody twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, Route, expect

from chalicelib.enrollment.routes import CampaignAnswer, JoinAnswer
from chalicelib.me.routes import CoverageItem
from tests.site.fake_api import (
    CHECK,
    NUMBER,
    SIGNED_OUT,
    FakeApi,
    campaign_today,
    cover,
    joined,
    refusal,
    waiting,
)
from tests.site.test_join_form import (
    ID_NUMBER,
    JOIN,
    acknowledge_all,
    agree,
    fill_person,
    look_over,
    submit,
)
from tests.site.test_sign_in import MOBILE, ask, enter

CAMPAIGN = "/campaigns/union-pays-nef/"


@pytest.fixture
def api(phone: Page) -> FakeApi:
    answering = FakeApi(covers=[])
    answering.attach(phone)
    return answering


@pytest.fixture
def form(phone: Page, api: FakeApi, origin: str) -> Page:
    """With a session, come from the campaign's page, at the five fields."""
    api.sign_in(phone)
    phone.goto(origin + CAMPAIGN)
    phone.click("#join")
    acknowledge_all(phone)
    return phone


def at(page: Page, step: str) -> None:
    expect(page.locator(f"[data-panel={step}]")).to_be_visible()
    expect(page.locator("[data-panel]:visible")).to_have_count(1)


def back(page: Page) -> None:
    page.evaluate("history.back()")


def forward(page: Page) -> None:
    """Until it has happened, whatever it shows."""
    page.evaluate(
        "new Promise(done => { addEventListener('popstate', done, {once: true}); history.forward(); })"
    )


def test_what_the_fake_answers_has_the_contracts_shape() -> None:
    msgspec.convert(campaign_today("open"), CampaignAnswer, strict=True)
    msgspec.convert(joined(), JoinAnswer, strict=True)
    for item in (cover("in_force"), waiting()):
        msgspec.convert(item, CoverageItem, strict=True)


# --- back and forth --------------------------------------------------------------------------------------


def test_back_goes_one_step_back_and_forward_returns(form: Page) -> None:
    fill_person(form)
    look_over(form)
    for step in ("answers", "person", "exclusions"):
        back(form)
        at(form, step)
    for step in ("person", "answers", "consents"):
        forward(form)
        at(form, step)
    assert form.input_value("#id-number") == ID_NUMBER
    for step in ("answers", "person", "exclusions"):
        back(form)
        at(form, step)
    back(form)
    expect(form.locator("#join")).to_have_attribute("href", JOIN)


def test_the_page_has_a_button_for_the_step_before(form: Page) -> None:
    fill_person(form)
    look_over(form)
    for step in ("answers", "person", "exclusions"):
        form.click("[data-panel]:visible .back")
        at(form, step)
    assert form.locator("[data-panel=exclusions] .back").count() == 0
    forward(form)
    at(form, "person")


def test_the_way_to_the_code_has_a_way_back_and_none_once_signed_in(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + CAMPAIGN)
    phone.click("#join")
    ask(phone)
    back(phone)
    at(phone, "mobile")
    assert phone.input_value("#mobile") == MOBILE
    forward(phone)
    at(phone, "code")
    enter(phone)
    at(phone, "exclusions")
    back(phone)
    expect(phone.locator("#join")).to_have_attribute("href", JOIN)
    assert len(api.made("POST", "/sign-in/codes")) == 1


def test_a_step_whose_needs_are_gone_is_not_gone_forward_to(form: Page) -> None:
    fill_person(form)
    look_over(form)
    back(form)
    at(form, "answers")
    back(form)
    at(form, "person")
    form.fill("#id-number", ID_NUMBER[:17])
    forward(form)
    at(form, "person")
    form.fill("#id-number", ID_NUMBER)
    form.click("#person-form button[type=submit]")
    at(form, "answers")


def test_a_consent_text_is_read_and_everything_is_there_afterwards(form: Page) -> None:
    fill_person(form)
    look_over(form)
    form.check("#consent-1-agree")
    form.check("#consent-2-refuse")
    form.click("[data-scope=id_number] a")
    expect(form.locator("h1")).to_contain_text("身份证号")
    form.go_back()
    at(form, "consents")
    assert form.is_checked("#consent-1-agree")
    assert form.is_checked("#consent-2-refuse")
    assert not form.is_checked("#consent-3-agree")
    assert form.input_value("#id-number") == ID_NUMBER
    back(form)
    at(form, "answers")


def test_an_answer_to_a_text_is_not_taken_for_an_answer_to_another_version(form: Page, api: FakeApi) -> None:
    fill_person(form)
    agree(form)
    old = form.get_attribute("[data-scope=id_number]", "data-sha256") or ""

    def newer(route: Route) -> None:
        answer = route.fetch()
        assert old in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(old, "0" * 64))

    form.route(f"**{JOIN}", newer)
    api.answers["GET", "/campaigns/union-pays-nef"] = lambda call: None  # nobody says the page is of no use
    form.reload()
    at(form, "consents")
    assert form.is_checked("#consent-2-agree")
    assert not form.is_checked("#consent-3-agree")


def test_from_the_office_one_goes_back_to_correct_what_was_typed(form: Page, api: FakeApi) -> None:
    api.answers["POST", "/enrollments"] = lambda call: refusal(
        409, "enrollments.needs_office_check", "核对。"
    )
    fill_person(form)
    agree(form)
    submit(form)
    at(form, "office")
    back(form)
    at(form, "answers")


@pytest.mark.parametrize("step", ["person", "answers", "consents"])
def test_a_reloaded_page_stands_at_the_same_step(form: Page, step: str) -> None:
    fill_person(form)
    look_over(form)
    while not form.is_visible(f"[data-panel={step}]"):
        form.click("[data-panel]:visible .back")
        form.wait_for_timeout(50)
    form.reload()
    at(form, step)
    assert form.input_value("#id-number") == ID_NUMBER
    back(form)
    at(form, {"person": "exclusions", "answers": "person", "consents": "answers"}[step])


def test_whoever_comes_again_in_this_tab_finds_the_step_and_a_way_back_in_the_form(form: Page) -> None:
    fill_person(form)
    look_over(form)
    form.goto(form.url.partition("/services")[0] + CAMPAIGN)
    form.click("#join")
    at(form, "consents")
    form.click("[data-panel=consents] .back")
    at(form, "answers")
    back(form)
    expect(form.locator("#join")).to_have_attribute("href", JOIN)


def test_after_joining_back_leaves_and_forward_never_shows_the_form_again(form: Page) -> None:
    fill_person(form)
    agree(form)
    submit(form)
    at(form, "joined")
    forward(form)
    at(form, "joined")
    back(form)
    at(form, "joined")
    back(form)
    expect(form.locator("#join")).to_have_attribute("href", JOIN)


def test_going_back_asks_for_nothing_and_sends_nothing_twice(form: Page, api: FakeApi) -> None:
    fill_person(form)
    agree(form)
    back(form)
    at(form, "answers")
    api.calls.clear()
    forward(form)
    at(form, "consents")
    submit(form)
    at(form, "joined")
    assert [(call.method, call.path) for call in api.calls] == [("POST", "/enrollments")]


# --- check your answers ----------------------------------------------------------------------------------


def test_the_answers_are_shown_as_they_can_be_checked(form: Page) -> None:
    fill_person(form)
    form.click("#person-form button[type=submit]")
    at(form, "answers")
    rows = [
        (row.locator("dt").inner_text(), row.locator("dd").first.inner_text())
        for row in form.locator("#answers > div").all()
    ]
    grouped = f"{ID_NUMBER[:6]} {ID_NUMBER[6:10]} {ID_NUMBER[10:14]} {ID_NUMBER[14:]}"
    assert rows == [
        ("姓名", "张三"),
        ("身份证号", grouped),
        ("您做什么工作", "快递员"),
        ("平台或单位", "某平台"),
        ("平时在哪里干活", form.locator("#district option:checked").inner_text()),
    ]
    assert form.locator("#starts").inner_text().strip()


def test_each_answer_has_a_way_to_its_field_and_comes_back_to_the_look(form: Page) -> None:
    fill_person(form)
    form.click("#person-form button[type=submit]")
    fields = ["name", "id-number", "occupation-group", "platform", "district"]
    for place, field in enumerate(fields):
        at(form, "answers")
        form.locator("#answers button").nth(place).click()
        at(form, "person")
        expect(form.locator(f"#{field}")).to_be_focused()
        form.click("#person-form button[type=submit]")
    at(form, "answers")
    form.get_by_role("button", name="修改姓名").click()
    form.fill("#name", "李四")
    form.click("#person-form button[type=submit]")
    at(form, "answers")
    expect(form.locator("#answers dd").first).to_have_text("李四")
    back(form)
    at(form, "person")
    form.fill("#platform", "")
    form.click("#person-form button[type=submit]")
    expect(form.locator("#answers")).to_contain_text("没填")


# --- whoever has it already ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["in_force", "not_yet"])
def test_whoever_is_covered_is_told_after_signing_in_and_led_through_nothing(
    phone: Page, api: FakeApi, origin: str, state: str
) -> None:
    api.covers = [{**cover(state), "campaign": "another"}]
    phone.goto(origin + JOIN)
    ask(phone)
    enter(phone)
    at(phone, "joined")
    text = phone.inner_text("[data-panel=joined]")
    assert "您已经参加了" in text
    assert NUMBER in text
    assert "短信马上" not in text
    assert phone.get_attribute("#certificate-link", "href") == f"/services/certificate/#{NUMBER}.{CHECK}"
    assert phone.is_visible("[data-panel=joined] a[href='/services/my/']")
    phone.reload()
    at(phone, "joined")
    assert api.made("POST", "/enrollments") == []


def test_whoever_waits_is_told_the_number(phone: Page, api: FakeApi, origin: str) -> None:
    api.covers = [waiting()]
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    at(phone, "waiting")
    text = phone.inner_text("[data-panel=waiting]")
    assert "12" in text
    assert "尚未生效" in text
    assert phone.is_visible("[data-panel=waiting] a[href='/services/my/']")


OTHERS: list[list[dict[str, Any]]] = [
    [],
    [cover("ended")],
    [cover("withdrawn")],
    [{**cover("in_force"), "to": "2026-11-22"}],  # its last day is today
    [{**cover("in_force"), "product": "hospital-medical"}],
    [{**waiting(), "campaign": "another"}],
]


@pytest.mark.parametrize("covers", OTHERS)
def test_whoever_has_something_else_may_join(
    phone: Page, api: FakeApi, origin: str, covers: list[dict[str, Any]]
) -> None:
    api.covers = covers
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    at(phone, "exclusions")


def test_of_several_products_one_that_is_missing_can_be_joined(
    phone: Page, api: FakeApi, origin: str
) -> None:
    products = ["nef-accident", "hospital-medical"]

    def two_products(route: Route) -> None:
        answer = route.fetch()
        one = f'data-products="{products[0]}"'
        assert one in answer.text()
        route.fulfill(
            response=answer, body=answer.text().replace(one, f'data-products="{",".join(products)}"')
        )

    phone.route(f"**{JOIN}", two_products)
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    at(phone, "exclusions")
    api.covers = [{**cover("in_force"), "product": products[0]}]
    phone.reload()
    at(phone, "exclusions")
    place = {**waiting(), "product": products[1]}
    api.covers = [{**cover("in_force"), "product": products[0]}, place]
    phone.reload()
    at(phone, "waiting")
    assert "您原来就有" in phone.inner_text("#waiting-more")
    api.covers = [{**cover("in_force"), "product": each} for each in products]
    phone.reload()
    at(phone, "joined")
    assert phone.locator("#joined-more li").count() == 1


def test_whose_session_has_ended_is_asked_to_sign_in(phone: Page, api: FakeApi, origin: str) -> None:
    api.sign_in(phone)
    api.answers["GET", "/me/coverages"] = lambda call: SIGNED_OUT
    phone.goto(origin + JOIN)
    at(phone, "mobile")


# --- seats -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "words"), [(400, "至少还有400个名额"), (50, "50个名额"), (1, "名额不多了"), (0, "可以先排队")]
)
def test_seats_are_told_before_anybody_types(
    phone: Page, api: FakeApi, origin: str, seats: int, words: str
) -> None:
    api.answers["GET", "/campaigns/union-pays-nef"] = lambda _: (200, campaign_today("open", None, seats))
    phone.goto(origin + JOIN)
    expect(phone.locator("#seats")).to_contain_text(words)
    at(phone, "mobile")
    api.sign_in(phone)
    phone.reload()
    acknowledge_all(phone)
    assert not phone.is_visible("#seats")


def test_without_an_answer_nothing_is_said_of_seats(phone: Page, api: FakeApi, origin: str) -> None:
    api.answers["GET", "/campaigns/union-pays-nef"] = lambda _: None
    phone.goto(origin + JOIN)
    ask(phone)
    assert phone.inner_text("#seats").strip() == ""


def test_a_campaign_that_is_over_is_told_before_anybody_types(phone: Page, api: FakeApi, origin: str) -> None:
    api.answers["GET", "/campaigns/union-pays-nef"] = lambda _: (200, campaign_today("over"))
    phone.goto(origin + JOIN)
    at(phone, "closed")
    expect(phone.locator("#closed-over")).to_be_visible()
