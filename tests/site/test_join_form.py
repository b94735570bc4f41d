"""The join form in a phone's browser: what it asks, keeps, sends and says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page

from tests.site.fake_api import CHECK, NUMBER, SIGNED_OUT, Call, FakeApi, campaign_today, joined, refusal
from tests.site.test_scripts import number_of

JOIN = "/services/join/union-pays-nef/"
ID_NUMBER = number_of(date(1995, 5, 5))
TYPED = {"name": "张三", "platform": "某平台"}


@pytest.fixture
def api(phone: Page) -> FakeApi:
    answering = FakeApi(covers=[])
    answering.attach(phone)
    return answering


@pytest.fixture
def form(phone: Page, api: FakeApi, origin: str) -> Page:
    """The form with a session, exclusions acknowledged, at the five fields."""
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    acknowledge_all(phone)
    return phone


def acknowledge_all(page: Page) -> None:
    page.wait_for_selector("[data-panel=exclusions]:visible")
    for tick in page.query_selector_all("[data-exclusion]"):
        tick.check()
    page.click("#exclusions-form button")
    page.wait_for_selector("[data-panel=person]:visible")


def fill_person(page: Page, id_number: str = ID_NUMBER) -> None:
    page.fill("#name", TYPED["name"])
    page.fill("#id-number", id_number)
    page.select_option("#occupation-group", "courier")
    page.fill("#platform", TYPED["platform"])
    page.select_option("#district", "qingfeng")


def look_over(page: Page) -> None:
    """From the fields, over the look at the answers, to the consents."""
    page.click("#person-form button[type=submit]")
    page.wait_for_selector("[data-panel=answers]:visible")
    page.click("#answers-form button[type=submit]")
    page.wait_for_selector("[data-panel=consents]:visible")


def agree(page: Page) -> None:
    if not page.is_visible("[data-panel=consents]"):
        look_over(page)
    for box in page.query_selector_all("input[value=agree]"):
        box.check()


def submit(page: Page) -> None:
    page.click("#submit")


def test_one_goes_from_the_landing_page_to_a_certificate(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + "/campaigns/union-pays-nef/")
    phone.click("text=立即参加")
    phone.fill("#mobile", "199 0000 1234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    assert "199****1234" in phone.inner_text("[data-panel=code]")
    assert phone.get_attribute("#code", "autocomplete") == "one-time-code"
    assert "秒后可以重新获取" in phone.inner_text("#again")
    assert phone.is_disabled("#again")
    phone.fill("#code", "123 456")
    phone.click("#code-form button[type=submit]")
    acknowledge_all(phone)
    fill_person(phone)
    agree(phone)
    submit(phone)
    phone.wait_for_selector("[data-panel=joined]:visible")
    assert "2026年11月23日" in phone.inner_text("[data-panel=joined]")
    assert phone.get_attribute("#certificate-link", "href") == f"/services/certificate/#{NUMBER}.{CHECK}"
    sent = api.made("POST", "/enrollments")[0].body
    assert {key: sent[key] for key in ("campaign", "name", "id_number", "platform", "district")} == {
        "campaign": "union-pays-nef",
        "id_number": ID_NUMBER,
        "district": "qingfeng",
        **TYPED,
    }
    assert sent["acknowledgements"][0]["exclusions"][0] == "disease"
    assert [each["scope"] for each in sent["consents"]] == ["terms", "personal_information", "id_number"]
    assert all(re.fullmatch("[0-9a-f]{64}", each["sha256"]) for each in sent["consents"])


def join_from_the_campaign(phone: Page) -> None:
    """The campaign's button, every panel of the form, to the last."""
    phone.click("#join")
    acknowledge_all(phone)
    fill_person(phone)
    agree(phone)
    submit(phone)
    phone.wait_for_selector("[data-panel=joined]:visible")


def test_the_poster_of_a_channel_goes_along(phone: Page, api: FakeApi, origin: str) -> None:
    api.sign_in(phone)
    phone.goto(origin + "/campaigns/union-pays-nef/?channel=station")
    join_from_the_campaign(phone)
    assert api.made("POST", "/enrollments")[0].body["channel"] == "station"


@pytest.mark.parametrize("channel", ["", "UPPER", "a b", "x" * 41, "%22%3E"])
def test_a_channel_that_is_none_of_ours_stays_behind(
    phone: Page, api: FakeApi, origin: str, channel: str
) -> None:
    phone.goto(origin + f"/campaigns/union-pays-nef/?channel={channel}")
    assert phone.get_attribute("#join", "href") == JOIN


def test_nothing_is_ticked_before_the_person_does(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + JOIN)
    ticked = phone.evaluate("document.querySelectorAll('input:checked').length")
    assert ticked == 0
    agree_box, refuse_box = phone.query_selector_all("[data-scope=id_number] .tick")
    assert agree_box.get_attribute("class") == refuse_box.get_attribute("class")


def test_exclusions_must_be_acknowledged_one_by_one(phone: Page, api: FakeApi, origin: str) -> None:
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    phone.wait_for_selector("[data-panel=exclusions]:visible")
    ticks = phone.query_selector_all("[data-exclusion]")
    for tick in ticks[:-1]:
        tick.check()
    phone.click("#exclusions-form button")
    assert phone.is_visible("[data-panel=exclusions]")
    assert phone.evaluate("document.activeElement.value") == ticks[-1].get_attribute("value")
    beside = [each.inner_text() for each in phone.query_selector_all("[data-panel=exclusions] .error")]
    assert [text for text in beside if text] == ["看懂以后，请勾选这一条。"]
    assert beside[-1]


def test_refusing_one_consent_sends_nothing_and_says_what_then(form: Page, api: FakeApi) -> None:
    fill_person(form)
    agree(form)
    form.check("#consent-3-refuse")
    submit(form)
    assert form.inner_text("[data-error=consent-3]") != ""
    assert "12351" in form.inner_text("[data-panel=consents]")
    assert api.made("POST", "/enrollments") == []


def test_errors_stand_beside_their_fields_and_in_a_list_and_the_first_has_the_focus(form: Page) -> None:
    form.fill("#id-number", "99000019950505")
    form.click("#person-form button[type=submit]")
    assert "还少4位" in form.inner_text("#id_number-error")
    assert form.evaluate("document.activeElement.id") == "name"
    assert form.get_attribute("#id-number", "aria-invalid") == "true"
    described = (form.get_attribute("#id-number", "aria-describedby") or "").split()
    assert described == ["id_number-hint", "id_number-error"]
    listed = form.locator("[data-panel=person] .summary a").count()
    assert listed == form.locator("#person-form [required]").count() >= 4
    assert form.get_attribute("[data-panel=person] .summary", "role") == "alert"


def test_the_identity_number_is_checked_when_one_leaves_the_field(form: Page) -> None:
    form.fill("#id-number", ID_NUMBER[:-1] + ("0" if ID_NUMBER[-1] != "0" else "1"))
    form.press("#id-number", "Tab")
    assert "前后对不上" in form.inner_text("#id_number-error")
    form.fill("#id-number", ID_NUMBER)
    form.press("#id-number", "Tab")
    assert form.inner_text("#id_number-error") == ""
    assert "已填18位" in form.inner_text("#id-count")


def test_a_refused_field_is_shown_where_it_is(form: Page, api: FakeApi) -> None:
    api.answers["POST", "/enrollments"] = lambda call: refusal(
        400, "enrollments.name", "姓名没有填对。", name="请填写中文姓名。"
    )
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=person]:visible")
    assert form.inner_text("#name-error") == "请填写中文姓名。"


# --- a killed page ---------------------------------------------------------------------------------------


def test_a_reloaded_page_comes_back_with_what_was_typed(form: Page) -> None:
    fill_person(form)
    form.reload()
    form.wait_for_selector("[data-panel=person]:visible")
    assert form.input_value("#name") == "张三"
    assert form.input_value("#id-number") == ID_NUMBER
    assert form.input_value("#district") == "qingfeng"
    assert form.is_visible("#restored")
    assert not form.is_visible("#retype-id")


def test_a_new_visit_has_everything_but_the_identity_number(form: Page, origin: str) -> None:
    fill_person(form)
    again = form.context.new_page()
    FakeApi(signed_in=True, covers=[]).attach(again)
    again.goto(origin + JOIN)
    acknowledge_all(again)
    assert again.input_value("#name") == "张三"
    assert again.input_value("#id-number") == ""
    assert again.is_visible("#retype-id")


def test_neither_code_nor_identity_number_is_ever_kept_on_the_phone(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + JOIN)
    phone.fill("#mobile", "19900001234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    phone.fill("#code", "987654")
    dump = phone.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "987654" not in dump
    phone.fill("#code", "123456")
    phone.click("#code-form button[type=submit]")
    acknowledge_all(phone)
    fill_person(phone)
    assert ID_NUMBER not in phone.evaluate("JSON.stringify({...localStorage})")
    assert ID_NUMBER in phone.evaluate("JSON.stringify({...sessionStorage})")


@pytest.mark.parametrize(("days", "kept"), [(6.99, "张三"), (7.01, "")])
def test_a_draft_lives_seven_days(form: Page, days: float, kept: str) -> None:
    fill_person(form)
    form.evaluate(
        """days => {
            const name = 'huzhu-join-union-pays-nef';
            const draft = JSON.parse(localStorage.getItem(name));
            draft.at -= days * 24 * 3600 * 1000;
            localStorage.setItem(name, JSON.stringify(draft));
        }""",
        days,
    )
    form.reload()
    form.wait_for_selector("[data-panel=person]:visible")
    assert form.input_value("#name") == kept


def test_reading_the_code_in_another_app_does_not_lose_the_challenge(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + JOIN)
    phone.fill("#mobile", "19900001234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    phone.reload()
    phone.wait_for_selector("#code:visible")
    phone.fill("#code", "123456")
    phone.click("#code-form button[type=submit]")
    phone.wait_for_selector("[data-panel=exclusions]:visible")
    assert len(api.made("POST", "/sign-in/codes")) == 1


def test_a_finished_join_leaves_nothing_behind(form: Page) -> None:
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=joined]:visible")
    assert form.evaluate("Object.keys(localStorage)") == ["huzhu-signed-in"]
    assert form.evaluate("sessionStorage.length") == 0
    assert form.input_value("#id-number") == form.input_value("#name") == ""
    grouped = f"{ID_NUMBER[:6]} {ID_NUMBER[6:10]}"
    assert grouped not in form.evaluate("document.body.textContent")


# --- one attempt, one key --------------------------------------------------------------------------------


def failing(times: int, answer: tuple[int, object] | None) -> object:
    left = [times]

    def once(call: Call) -> tuple[int, object] | None:
        left[0] -= 1
        return answer if left[0] >= 0 else (201, joined())

    return once


@pytest.mark.parametrize("answer", [None, (503, {"code": "platform.busy"}), (429, {"code": "limits"})])
def test_a_bad_line_or_a_busy_service_is_tried_again_with_the_same_key(
    form: Page, api: FakeApi, answer: tuple[int, object] | None
) -> None:
    api.answers["POST", "/enrollments"] = failing(2, answer)  # type: ignore[assignment]
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("text=自动再试")
    form.wait_for_selector("[data-panel=joined]:visible", timeout=60_000)
    keys = [call.key for call in api.made("POST", "/enrollments")]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 16


def test_a_page_killed_while_sending_asks_again_with_the_same_key_and_body(form: Page, api: FakeApi) -> None:
    api.answers["POST", "/enrollments"] = lambda call: None
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("text=自动再试")
    form.reload()
    form.wait_for_selector("[data-panel=consents]:visible")
    del api.answers["POST", "/enrollments"]
    assert form.is_visible("#unanswered")
    submit(form)
    form.wait_for_selector("[data-panel=joined]:visible")
    made = api.made("POST", "/enrollments")
    assert len({call.key for call in made}) == 1
    assert len({json.dumps(call.body) for call in made}) == 1


def test_a_refused_attempt_ends_its_key(form: Page, api: FakeApi) -> None:
    api.answers["POST", "/enrollments"] = lambda call: refusal(400, "enrollments.platform", "请填写平台。")
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=consents] .summary:visible")
    del api.answers["POST", "/enrollments"]
    submit(form)
    form.wait_for_selector("[data-panel=joined]:visible")
    keys = [call.key for call in api.made("POST", "/enrollments")]
    assert len(set(keys)) == 2


def test_an_edit_after_a_lost_answer_ends_in_one_cover_not_in_an_error(form: Page, api: FakeApi) -> None:
    def reused(call: Call) -> tuple[int, object]:
        first = api.made("POST", "/enrollments")[0].key
        return refusal(422, "request.key_reused", "内容不同。") if call.key == first else (200, joined())

    api.answers["POST", "/enrollments"] = reused
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=joined]:visible")
    assert len(api.made("POST", "/enrollments")) == 2


def test_a_second_press_while_sending_does_nothing(form: Page, api: FakeApi) -> None:
    fill_person(form)
    agree(form)
    form.evaluate("for (var n = 0; n < 5; n++) document.getElementById('submit').click()")
    form.wait_for_selector("[data-panel=joined]:visible")
    assert len(api.made("POST", "/enrollments")) == 1


# --- other ends ------------------------------------------------------------------------------------------


def test_no_seat_says_plainly_that_nothing_is_in_force(form: Page, api: FakeApi) -> None:
    waiting = {
        "state": "waiting",
        "person": {"name_masked": "张*"},
        "certificates": [],
        "waiting": {"number": 12, "products": ["专项意外伤害互助保障"], "note": "尚未生效。"},
    }
    api.answers["POST", "/enrollments"] = lambda call: (201, waiting)
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=waiting]:visible")
    text = form.inner_text("[data-panel=waiting]")
    assert "尚未生效" in text
    assert "12" in text


def test_a_number_bound_elsewhere_leads_to_the_office(form: Page, api: FakeApi) -> None:
    detail = "这次参加需要工作人员核对。"
    api.answers["POST", "/enrollments"] = lambda call: refusal(409, "enrollments.needs_office_check", detail)
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=office]:visible")
    assert detail in form.inner_text("[data-panel=office]")
    assert form.get_attribute("[data-panel=office] .button", "href") == "tel:12351"


def test_an_ended_session_asks_for_the_code_again_and_keeps_the_rest(form: Page, api: FakeApi) -> None:
    api.answers["POST", "/enrollments"] = lambda call: SIGNED_OUT
    fill_person(form)
    agree(form)
    submit(form)
    form.wait_for_selector("[data-panel=mobile]:visible")
    assert "登录已经过期" in form.inner_text("[data-panel=mobile] .summary")
    form.fill("#mobile", "19900001234")
    form.click("#mobile-form button")
    form.wait_for_selector("#code:visible")
    form.fill("#code", "123456")
    form.click("#code-form button[type=submit]")
    form.wait_for_selector("[data-panel=consents]:visible")
    assert form.locator("input[value=agree]:checked").count() == 3
    assert form.input_value("#id-number") == ID_NUMBER


def test_a_puzzle_grown_too_old_is_solved_anew_without_a_word(phone: Page, api: FakeApi, origin: str) -> None:
    def stale(call: Call) -> tuple[int, object]:
        if len(api.made("POST", "/sign-in/codes")) == 1:
            return refusal(400, "sign_in.proof_used", "页面停留太久了。")
        return 202, {"challenge_id": "a" * 26, "expires_in_seconds": 300, "resend_in_seconds": 60}

    api.answers["POST", "/sign-in/codes"] = stale
    phone.goto(origin + JOIN)
    phone.fill("#mobile", "19900001234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    payloads = [call.body["altcha"] for call in api.made("POST", "/sign-in/codes")]
    assert len(set(payloads)) == 2


def test_the_solver_is_loaded_at_the_first_touch_and_not_before(
    phone: Page, api: FakeApi, origin: str
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(origin + JOIN)
    phone.wait_for_timeout(200)
    assert not [url for url in asked if "solve" in url or "challenge" in url]
    phone.fill("#mobile", "1")
    phone.wait_for_timeout(300)
    assert [url for url in asked if "solve" in url]


# --- without script --------------------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", [JOIN, "/services/join/", "/services/my/", "/services/verify/"])
def test_without_script_a_form_is_readable_and_its_button_says_why_it_is_off(
    plain: Page, origin: str, path: str
) -> None:
    plain.goto(origin + path)
    buttons = plain.query_selector_all("button[type=submit]")
    assert buttons
    assert all(button.is_disabled() for button in buttons if button.is_visible())
    reason = plain.locator(".late").first
    assert "您的浏览器没有打开它" in reason.inner_text()
    plain.wait_for_timeout(3300)  # a slow script is given three seconds before the page says there is none
    assert reason.evaluate("node => node.getBoundingClientRect().height") > 40
    assert "12351" in plain.inner_text("main")
    if path == JOIN:
        assert "猝死属于疾病" in plain.inner_text("main")
        assert plain.is_visible("#id-number")


# --- a page that is not of today -------------------------------------------------------------------------

TODAYS = ("GET", "/campaigns/union-pays-nef")


def hashes_of(page: Page) -> list[str]:
    """Of the texts this page asks consent to."""
    found: list[str] = page.eval_on_selector_all(
        "[data-sha256]", "boxes => boxes.map(box => box.getAttribute('data-sha256'))"
    )
    assert len(found) == 3
    return found


def test_a_page_whose_texts_are_those_of_today_goes_on(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + JOIN)
    hashes = hashes_of(phone)
    api.answers[TODAYS] = lambda _: (200, campaign_today("open", hashes[::-1]))
    api.sign_in(phone)
    api.calls.clear()
    phone.reload()
    acknowledge_all(phone)
    assert len(api.made(*TODAYS)) == 1


@pytest.mark.parametrize(
    ("state", "changed", "words"),
    [
        ("open", True, "条款或告知书换了版本"),
        ("not_open", False, "到时候再来"),
        ("over", False, "活动已经结束"),
    ],
)
def test_a_page_that_is_not_of_today_asks_for_nothing(
    phone: Page, api: FakeApi, origin: str, state: str, changed: bool, words: str
) -> None:
    phone.goto(origin + JOIN)
    hashes = hashes_of(phone)
    now = ["0" * 64, *hashes[1:]] if changed else hashes
    api.answers[TODAYS] = lambda _: (200, campaign_today(state, now))
    api.sign_in(phone)
    phone.reload()
    closed = phone.wait_for_selector("[data-panel=closed]:visible")
    assert closed is not None
    assert words in closed.inner_text()
    shown = [each for each in phone.query_selector_all("[id^=closed-]") if each.is_visible()]
    assert [each.get_attribute("id") for each in shown] == [f"closed-{'changed' if changed else state}"]
    assert not phone.is_visible("#exclusions-form")
    assert not phone.is_visible("#person-form")


def test_without_an_answer_about_today_the_form_goes_on(phone: Page, api: FakeApi, origin: str) -> None:
    """The server checks again what is sent."""
    api.answers[TODAYS] = lambda _: None
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    acknowledge_all(phone)
