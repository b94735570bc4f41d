"""What every form does alike: which field is wrong and how, where it is said, that nothing is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.site.fake_api import FakeApi, refusal
from tests.site.html import pages_of, read_html
from tests.site.test_join_form import ID_NUMBER, JOIN, agree, fill_person, look_over, submit
from tests.site.test_join_form import api as join_api
from tests.site.test_join_form import form as join_form
from tests.site.test_join_steps import at
from tests.site.test_sign_in import MOBILE, ask, enter, no_waiting

api, form = join_api, join_form

IN_SIGHT = """node => { const box = node.getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }"""
CUT = ("maxlength", "max", "pattern")


def press(page: Page, step: str) -> None:
    page.click(f"#{step}-form button[type=submit]")


def in_sight(page: Page, selector: str) -> bool:
    return bool(page.locator(f"{selector} >> visible=true").first.evaluate(IN_SIGHT))


# --- what is wrong, of each field ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填手机号。"),
        ("1990000123", "手机号是11位，现在是10位"),
        ("199000012345", "手机号是11位，现在是12位"),
        ("29900001234", "1开头"),
        ("abc", "手机号不对"),
    ],
)
def test_a_mobile_says_what_is_wrong_with_it(
    phone: Page, api: FakeApi, origin: str, typed: str, said: str
) -> None:
    phone.goto(origin + JOIN)
    phone.fill("#mobile", typed)
    press(phone, "mobile")
    expect(phone.locator("#mobile-error")).to_contain_text(said)
    expect(phone.locator("#mobile")).to_be_focused()
    assert in_sight(phone, "#mobile-error")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填短信里的验证码。"),
        ("12345", "现在是5位"),
        ("1234567", "现在是7位"),
        ("12a456", "验证码不对"),
    ],
)
def test_a_code_says_what_is_wrong_with_it(
    phone: Page, api: FakeApi, origin: str, typed: str, said: str
) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    enter(phone, typed)
    expect(phone.locator("#code-error")).to_contain_text(said)
    expect(phone.locator("#code")).to_be_focused()
    assert api.made("POST", "/sign-in/sessions") == []


def test_an_empty_field_is_asked_for(form: Page) -> None:
    press(form, "person")
    said = {
        name: form.inner_text(f"#{name}-error")
        for name in ("name", "id_number", "occupation_group", "platform", "district")
    }
    assert said.pop("platform") == ""
    assert all("请填" in each or "请选" in each for each in said.values()), said


def test_a_consent_not_answered_is_not_a_refusal(form: Page) -> None:
    fill_person(form)
    look_over(form)
    form.check("#consent-1-agree")
    form.check("#consent-2-refuse")
    submit(form)
    assert form.inner_text("[data-error=consent-1]") == ""
    assert "不同意就没法" in form.inner_text("[data-error=consent-2]")
    assert "还没有回答" in form.inner_text("[data-error=consent-3]")
    assert "不同意" not in form.inner_text("[data-error=consent-3]")


# --- where it is said ------------------------------------------------------------------------------------


def test_a_failure_without_a_field_is_said_beside_the_button_and_has_the_focus(
    form: Page, api: FakeApi
) -> None:
    api.answers["POST", "/enrollments"] = lambda call: refusal(
        409, "enrollments.policy_closed", "不在发放期。"
    )
    fill_person(form)
    agree(form)
    submit(form)
    summary = form.locator("[data-panel=consents] .summary")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_text("不在发放期。")
    expect(summary.locator("b")).to_be_hidden()
    assert in_sight(form, "[data-panel=consents] .summary")
    gap = form.evaluate(
        """() => document.getElementById('submit').getBoundingClientRect().top
            - document.querySelector('[data-panel=consents] .summary').getBoundingClientRect().bottom"""
    )
    assert 0 <= gap < 80


@pytest.mark.parametrize("step", ["mobile", "code", "consents"])
def test_the_next_try_on_a_bad_line_is_told_beside_the_button(
    phone: Page, api: FakeApi, origin: str, step: str
) -> None:
    path = {"mobile": "/sign-in/codes", "code": "/sign-in/sessions", "consents": "/enrollments"}[step]
    api.answers["POST", path] = lambda call: None
    if step == "consents":
        api.sign_in(phone)
    phone.goto(origin + JOIN)
    if step == "consents":
        for tick in phone.locator("[data-exclusion]").all():
            tick.check()
        press(phone, "exclusions")
        fill_person(phone)
        agree(phone)
        submit(phone)
    elif step == "code":
        ask(phone)
        enter(phone)
    else:
        phone.fill("#mobile", MOBILE)
        press(phone, "mobile")
    said = phone.locator(f"[data-panel={step}] .said")
    expect(said).to_contain_text("自动再试")
    assert said.get_attribute("role") == "status"
    assert in_sight(phone, f"[data-panel={step}] .said")


def test_a_list_of_errors_leads_to_its_fields_and_adds_nothing_to_the_history(form: Page) -> None:
    press(form, "person")
    length = form.evaluate("history.length")
    form.locator("[data-panel=person] .summary a").last.click()
    expect(form.locator("#district")).to_be_focused()
    assert form.evaluate("history.length") == length


def test_an_error_mended_is_gone_and_does_not_take_the_press_away(form: Page) -> None:
    """An error that goes as one leaves the field moves the button from under the thumb."""
    fill_person(form, ID_NUMBER[:17])
    form.press("#id-number", "Tab")
    assert form.inner_text("#id_number-error")
    form.fill("#id-number", ID_NUMBER)
    assert form.inner_text("#id_number-error") == ""
    press(form, "person")
    at(form, "answers")


# --- nothing is cut --------------------------------------------------------------------------------------


def test_no_field_of_a_form_cuts_what_is_pasted(site_dir: Path) -> None:
    seen = 0
    for file in pages_of(site_dir):
        for each in read_html(file).elements:
            if each.tag in {"input", "textarea"} and "data-problem" in each.attributes:
                seen += 1
                assert not set(CUT) & each.attributes.keys(), (file, each.attributes)
    assert seen > 10


def test_what_is_pasted_too_long_stays_and_is_told(form: Page) -> None:
    fill_person(form, f"{ID_NUMBER}1")
    form.fill("#platform", "美团、" * 11)
    press(form, "person")
    assert form.input_value("#id-number") == f"{ID_NUMBER}1"
    assert "多了1位" in form.inner_text("#id_number-error")
    assert "最多30个字，现在有33个字" in form.inner_text("#platform-error")
    form.fill("#id-number", ID_NUMBER)
    form.fill("#platform", "美团、饿了么")
    press(form, "person")
    at(form, "answers")


def test_a_mobile_may_be_pasted_as_it_stands_in_the_phone_book(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + JOIN)
    phone.focus("#mobile")
    phone.keyboard.insert_text("+86 199-0000-1234")
    press(phone, "mobile")
    at(phone, "code")
    assert api.made("POST", "/sign-in/codes")[0].body["mobile"] == MOBILE


# --- a code on its way -----------------------------------------------------------------------------------


def test_a_code_asked_for_has_its_box_in_a_new_tab(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    other = phone.context.new_page()
    FakeApi(covers=[]).attach(other)
    other.goto(origin + JOIN)
    at(other, "code")
    expect(other.locator("#sent-to")).to_have_text("199****1234")
    assert other.input_value("#code") == ""
    expect(other.locator("#again")).to_be_disabled()
    expect(other.locator("#again")).to_contain_text("秒后可以重新获取")
    enter(other)
    at(other, "exclusions")


@pytest.mark.parametrize(("minutes", "step"), [(9, "code"), (11, "mobile")])
def test_what_was_asked_for_is_forgotten_after_ten_minutes(
    phone: Page, api: FakeApi, origin: str, minutes: int, step: str
) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    phone.evaluate(
        """minutes => { const kept = JSON.parse(localStorage['huzhu-sign-in']);
        kept.at -= minutes * 60 * 1000;
        localStorage['huzhu-sign-in'] = JSON.stringify(kept); }""",
        minutes,
    )
    phone.reload()
    at(phone, step)
    assert (MOBILE in phone.evaluate("JSON.stringify({...localStorage})")) == (step == "code")


def test_the_code_typed_in_another_tab_opens_this_one_too(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    other = phone.context.new_page()
    FakeApi(covers=[]).attach(other)
    other.goto(origin + JOIN)
    at(other, "code")
    api.signed_in = True
    enter(other)
    at(other, "exclusions")
    at(phone, "exclusions")
    assert api.made("POST", "/sign-in/sessions") == []


def test_the_same_number_again_within_the_minute_leads_to_the_box_and_sends_nothing(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    phone.go_back()
    at(phone, "mobile")
    press(phone, "mobile")
    at(phone, "code")
    assert len(api.made("POST", "/sign-in/codes")) == 1


@pytest.mark.parametrize("moved", [-61, 3600])
def test_another_code_can_be_asked_for_after_a_minute_or_when_the_clock_was_set_back(
    phone: Page, api: FakeApi, origin: str, moved: int
) -> None:
    """The countdown is only shown; the server decides."""
    phone.goto(origin + JOIN)
    ask(phone)
    phone.evaluate(
        """moved => { const kept = JSON.parse(localStorage['huzhu-sign-in']);
        kept.values.at += moved * 1000;
        localStorage['huzhu-sign-in'] = JSON.stringify(kept); }""",
        moved,
    )
    phone.reload()
    at(phone, "code")
    expect(phone.locator("#again")).to_be_enabled()


# --- what comes after the first panel --------------------------------------------------------------------


def test_the_rest_of_the_form_is_asked_for_at_the_first_touch(phone: Page, api: FakeApi, origin: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(origin + JOIN)
    expect(phone.locator("#mobile-form button")).to_be_enabled()
    assert not [url for url in asked if "/js/joining." in url]
    with phone.expect_request("**/js/joining.*"):
        phone.fill("#mobile", "1")


def test_a_rest_that_does_not_come_is_tried_again_and_then_told(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.route("**/js/joining.*", lambda route: route.abort())
    phone.goto(origin + JOIN)
    no_waiting(phone)
    ask(phone)
    enter(phone)
    at(phone, "wait")
    expect(phone.locator("[data-panel=wait] .summary")).to_contain_text("网络不通")
    expect(phone.locator("[data-panel=wait] .said")).to_be_empty()
    phone.unroute("**/js/joining.*")
    phone.click("#once-more")
    at(phone, "exclusions")
    assert len(api.made("POST", "/sign-in/sessions")) == 1
