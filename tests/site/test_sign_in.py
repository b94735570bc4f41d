"""Signing in on a bad line: SMS that come late, answers that never come, a page killed in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.site.fake_api import CHECK, NUMBER, SIGNED_OUT, Call, FakeApi, refusal
from tests.site.test_join_form import JOIN, acknowledge_all, agree, fill_person, submit

MY = "/services/my/"
MOBILE = "19900001234"
WRONG = refusal(400, "sign_in.wrong_code", "没有登录成功。", code="验证码不对，还可以试4次。")
Reply = tuple[int, Any] | None


@pytest.fixture
def api(phone: Page, origin: str) -> FakeApi:
    """Each code asked for has a challenge of its own (c1, c2, …), and another may be asked for at once."""
    answering = FakeApi(covers=[])
    answering.attach(phone)
    answering.answers["POST", "/sign-in/codes"] = lambda call: sent(len(answering.made(*CODES)))
    phone.goto(origin + MY)
    return answering


CODES, SESSIONS = ("POST", "/sign-in/codes"), ("POST", "/sign-in/sessions")


def sent(number: int) -> Reply:
    return 202, {"challenge_id": f"c{number}", "expires_in_seconds": 300, "resend_in_seconds": 0}


def unanswered(times: int, then: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """Nothing comes back the first `times`: four are one press with all its tries."""
    left = [times]

    def answer(call: Call) -> Reply:
        left[0] -= 1
        return None if left[0] >= 0 else then(call)

    return answer


def no_waiting(page: Page) -> None:
    """The pauses between tries take no time."""
    page.evaluate("() => { const at = window.setTimeout; window.setTimeout = (what) => at(what, 0); }")


def ask(page: Page, mobile: str = MOBILE) -> None:
    page.fill("#mobile", mobile)
    page.click("#mobile-form button")
    page.wait_for_selector("#code:visible")


def ask_again(page: Page, api: FakeApi) -> None:
    before = len(api.made(*CODES))
    with page.expect_response("**/sign-in/codes"):
        page.click("#again:enabled")
    assert len(api.made(*CODES)) == before + 1
    expect(page.locator("#again")).not_to_contain_text("发送")


def enter(page: Page, code: str = "123456") -> None:
    page.fill("#code", code)
    page.click("#code-form button[type=submit]")


def tried(api: FakeApi) -> list[str]:
    return [call.body["challenge_id"] for call in api.made(*SESSIONS)]


def right_for(api: FakeApi, challenge: str) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        if call.body["challenge_id"] != challenge:
            return WRONG
        api.signed_in = True
        return 201, {"mobile_masked": "199****1234"}

    return answer


# --- the SMS that comes late -----------------------------------------------------------------------------


def test_the_code_of_an_earlier_sms_still_opens_the_door(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = right_for(api, "c1")
    ask(phone)
    ask_again(phone, api)
    ask_again(phone, api)
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert tried(api) == ["c3", "c2", "c1"]


def test_the_newest_code_costs_no_try_of_an_older_one(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = right_for(api, "c2")
    ask(phone)
    ask_again(phone, api)
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert tried(api) == ["c2"]


def test_a_code_wrong_for_all_is_told_once_in_the_words_of_the_newest(phone: Page, api: FakeApi) -> None:
    def wrong(call: Call) -> Reply:
        return refusal(400, "sign_in.wrong_code", "没有。", code=f"不对{call.body['challenge_id']}")

    api.answers[SESSIONS] = wrong
    ask(phone)
    ask_again(phone, api)
    enter(phone)
    phone.wait_for_selector("#code-error:not(:empty)")
    assert tried(api) == ["c2", "c1"]
    assert phone.inner_text("#code-error") == "不对c2"
    assert phone.input_value("#code") == ""


@pytest.mark.parametrize(("age", "asked"), [(290, ["c2", "c1"]), (301, ["c2"])])
def test_a_code_older_than_it_lives_is_not_tried(
    phone: Page, api: FakeApi, age: int, asked: list[str]
) -> None:
    api.answers[SESSIONS] = lambda call: WRONG
    ask(phone)
    ask_again(phone, api)
    phone.evaluate(
        """age => { const kept = JSON.parse(localStorage['huzhu-sign-in']);
        kept.values.sent[1].until -= age * 1000;
        localStorage['huzhu-sign-in'] = JSON.stringify(kept); }""",
        age,
    )
    phone.reload()
    phone.wait_for_selector("#code:visible")
    enter(phone)
    phone.wait_for_selector("#code-error:not(:empty)")
    assert tried(api) == asked


def test_a_killed_page_still_knows_the_earlier_requests(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = right_for(api, "c1")
    ask(phone)
    ask_again(phone, api)
    phone.reload()
    phone.wait_for_selector("#code:visible")
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert tried(api) == ["c2", "c1"]


def test_another_mobile_is_never_tried_with_the_requests_of_the_first(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = lambda call: WRONG
    ask(phone)
    phone.click("#other-mobile")
    ask(phone, "19900005678")
    enter(phone)
    phone.wait_for_selector("#code-error:not(:empty)")
    assert tried(api) == ["c2"]


# --- one press, one SMS; one code, one session -----------------------------------------------------------


def test_a_lost_session_is_asked_for_again_under_the_same_key(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = unanswered(4, right_for(api, "c1"))
    ask(phone)
    no_waiting(phone)
    enter(phone)
    phone.wait_for_selector("[data-panel=code] .summary:visible")
    assert phone.input_value("#code") == "123456"
    phone.click("#code-form button[type=submit]")
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert len(api.made(*SESSIONS)) == 5
    assert len({call.key for call in api.made(*SESSIONS)}) == 1


def test_a_page_killed_before_the_session_came_asks_again_under_the_same_key(
    phone: Page, api: FakeApi
) -> None:
    api.answers[SESSIONS] = unanswered(1, right_for(api, "c1"))
    ask(phone)
    enter(phone)
    phone.wait_for_selector("text=自动再试")
    phone.reload()
    phone.wait_for_selector("#code:visible")
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert len({call.key for call in api.made(*SESSIONS)}) == 1


def test_each_request_has_a_key_of_its_own(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = right_for(api, "c1")
    ask(phone)
    ask_again(phone, api)
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert len({call.key for call in api.made(*SESSIONS)}) == 2
    assert len({call.key for call in api.made(*CODES)}) == 2


def test_a_key_already_spent_with_another_code_means_this_code_is_wrong(phone: Page, api: FakeApi) -> None:
    api.answers[SESSIONS] = lambda call: refusal(422, "request.key_reused", "这次提交和上一次内容不同。")
    ask(phone)
    enter(phone)
    phone.wait_for_selector("#code-error:not(:empty)")
    assert "验证码不对" in phone.inner_text("#code-error")


def test_a_lost_request_for_a_code_is_repeated_and_sends_no_second_sms(phone: Page, api: FakeApi) -> None:
    api.answers[CODES] = unanswered(4, lambda call: sent(1))
    no_waiting(phone)
    phone.fill("#mobile", MOBILE)
    phone.click("#mobile-form button")
    phone.wait_for_selector("[data-panel=mobile] .summary:visible")
    phone.reload()
    assert phone.input_value("#mobile") == MOBILE
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    made = api.made(*CODES)
    assert len(made) == 5
    assert len({(call.key, call.body["altcha"]) for call in made}) == 1


@pytest.mark.parametrize(
    "refused", [refusal(429, "sign_in.limit", "短信太多了。"), refusal(400, "x", "不行。")]
)
def test_a_refused_request_ends_its_key(phone: Page, api: FakeApi, refused: Reply) -> None:
    api.answers[CODES] = lambda call: refused
    no_waiting(phone)
    phone.fill("#mobile", MOBILE)
    phone.click("#mobile-form button")
    phone.wait_for_selector("[data-panel=mobile] .summary:visible")
    first = {call.key for call in api.made(*CODES)}
    api.answers[CODES] = lambda call: sent(1)
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    assert len(first) == 1
    assert api.made(*CODES)[-1].key not in first


def test_a_lost_request_of_one_mobile_is_not_repeated_for_another(phone: Page, api: FakeApi) -> None:
    api.answers[CODES] = unanswered(4, lambda call: sent(1))
    no_waiting(phone)
    phone.fill("#mobile", MOBILE)
    phone.click("#mobile-form button")
    phone.wait_for_selector("[data-panel=mobile] .summary:visible")
    ask(phone, "19900005678")
    last = api.made(*CODES)[-1]
    assert last.body["mobile"] == "19900005678"
    assert last.key != api.made(*CODES)[0].key


def test_an_ended_session_starts_from_the_mobile_not_from_the_spent_code(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + JOIN)
    ask(phone)
    enter(phone)
    acknowledge_all(phone)
    assert "huzhu-sign-in" not in phone.evaluate("JSON.stringify(localStorage)")
    fill_person(phone)
    agree(phone)
    api.answers["POST", "/enrollments"] = lambda call: SIGNED_OUT
    submit(phone)
    phone.wait_for_selector("[data-panel=mobile]:visible")
    assert not phone.is_visible("#code")


def test_signing_out_on_a_bad_line_is_one_request_tried_again(phone: Page, api: FakeApi, origin: str) -> None:
    def signed_out(call: Call) -> Reply:
        api.signed_in = False
        return 204, None

    api.sign_in(phone)
    phone.reload()
    phone.wait_for_selector("[data-panel=covers]:visible")
    api.answers["DELETE", "/sign-in/sessions"] = unanswered(2, signed_out)
    no_waiting(phone)
    phone.click("#sign-out")
    phone.wait_for_selector("#mobile:visible")
    made = api.made("DELETE", "/sign-in/sessions")
    assert len(made) == 3
    assert len({call.key for call in made}) == 1
    assert made[0].key


# --- who has never signed in -----------------------------------------------------------------------------

CERTIFICATE = f"/services/certificate/#{NUMBER}.{CHECK}"


@pytest.mark.parametrize("path", [JOIN, MY, CERTIFICATE])
def test_nobody_is_asked_about_who_never_signed_in_on_this_phone(
    phone: Page, api: FakeApi, origin: str, path: str
) -> None:
    refused: list[str] = []
    phone.on("console", lambda message: refused.append(message.text))
    phone.goto(origin + path)
    phone.wait_for_selector("[data-panel=certificate]:visible" if path == CERTIFICATE else "#mobile:visible")
    phone.wait_for_timeout(200)
    assert [call.path for call in api.calls if call.path.startswith("/me")] == []
    assert refused == []


def test_a_phone_that_signed_in_is_known_again_until_its_session_has_ended(
    phone: Page, api: FakeApi, origin: str
) -> None:
    ask(phone)
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    phone.goto(origin + JOIN)
    phone.wait_for_selector("[data-panel=exclusions]:visible")
    api.signed_in = False
    phone.goto(origin + MY)
    phone.wait_for_selector("#mobile:visible")
    asked = len(api.made("GET", "/me/coverages"))
    phone.reload()
    phone.wait_for_selector("#mobile:visible")
    phone.wait_for_timeout(200)
    assert len(api.made("GET", "/me/coverages")) == asked


def test_a_phone_that_signed_out_is_not_known_again(phone: Page, api: FakeApi) -> None:
    ask(phone)
    enter(phone)
    phone.click("#sign-out")
    phone.wait_for_selector("#mobile:visible")
    asked = len(api.made("GET", "/me/coverages"))
    phone.reload()
    phone.wait_for_selector("#mobile:visible")
    phone.wait_for_timeout(200)
    assert len(api.made("GET", "/me/coverages")) == asked == 1


def test_a_phone_that_keeps_nothing_is_asked_about_every_time(phone: Page, api: FakeApi, origin: str) -> None:
    phone.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get: function () { throw new Error('refused'); }})"
    )
    ask(phone)
    enter(phone)
    phone.wait_for_selector("[data-panel=covers]:visible")
    phone.goto(origin + JOIN)
    phone.wait_for_selector("[data-panel=exclusions]:visible")
    assert api.made("GET", "/me/coverages")
