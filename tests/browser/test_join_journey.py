"""The main job on a phone: from the campaign's landing page to a certificate anyone can verify.

On the real local stack, at 360×740; a picture of every step is left in build/screenshots/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from chalicelib.enrollment import records
from chalicelib.platform import clock
from infra.demo import CAMPAIGN
from infra.paths import BUILD
from infra.people import DemoPerson, demo_person
from infra.stack import Stack
from tests.house import add_seats, campaign
from tests.patience import wait_for

PICTURES = BUILD / "screenshots"
PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=60_000)  # on a busy machine; a test waits no longer than it has to


@pytest.fixture
def page(browser: Browser, origin: str, on_stack: Stack) -> Iterator[Page]:
    """A phone. Fails on any script error, any request to another host, and any answer of another stack."""
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, has_touch=True, locale="zh-CN", base_url=origin
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on(
        "request", lambda sent: None if sent.url.startswith((origin, "data:")) else wrong.append(sent.url)
    )

    def from_this_stack(answer: object) -> None:
        if "/api/" in answer.url and answer.headers.get("x-huzhu-api") != on_stack.api_id:  # type: ignore[attr-defined]
            wrong.append(f"not this stack: {answer.url}")  # type: ignore[attr-defined]

    page.on("response", from_this_stack)
    yield page
    context.close()
    assert wrong == []


def shot(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"journey-{name}.png", full_page=True)


def code_from_sms(file: Path, mobile: str, after: int = 0) -> str:
    """The newest code sent to `mobile`, waited for."""

    def sent() -> list[str]:
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        told = [line for line in lines if line["mobile"] == mobile and "sign_in_code" in line["template"]]
        return [line["text"] for line in told[after:]]

    wait_for(sent, "the code comes")
    digits = [part for part in sent()[-1].split("，")[0] if part.isdigit()]
    return "".join(digits[-6:])


def sign_in(page: Page, stack: Stack, person: DemoPerson, picture: str = "") -> None:
    page.fill("#mobile", person.mobile)
    if picture:
        shot(page, picture)
    page.click("#mobile-form button[type=submit]")
    expect(page.locator("#code")).to_be_visible()
    page.fill("#code", code_from_sms(stack.sms_file, person.mobile))


def acknowledge_everything(page: Page) -> None:
    for box in page.locator("[data-exclusion]").all():
        box.check()


def fill_person(page: Page, person: DemoPerson) -> None:
    page.fill("#name", person.name)
    page.fill("#id-number", person.id_number)
    page.select_option("#occupation-group", "food_delivery_worker")
    page.fill("#platform", "同城配送")
    page.select_option("#district", "qingfeng")


def press(page: Page, step: str) -> None:
    page.click(f"#{step}-form button[type=submit]")


def agree(page: Page) -> None:
    for choice in page.locator("#consents-form input[value=agree]").all():
        choice.check()


def test_a_rider_goes_from_the_landing_page_to_a_verified_certificate(
    page: Page, on_stack: Stack, origin: str
) -> None:
    # Whoever waits already is served first, so one seat more than they are is open to us.
    policy = campaign().sponsor_policy
    assert policy is not None
    add_seats(sum(1 for _ in records.waiting(policy)) + 5)
    person = demo_person(700_001)

    page.goto(f"/campaigns/{CAMPAIGN}/?channel=station")
    shot(page, "01-landing")
    page.click("#join")
    expect(page.locator("#mobile")).to_be_visible()
    sign_in(page, on_stack, person, "02-mobile")
    shot(page, "03-code")
    page.click("#code-form button[type=submit]")

    expect(page.locator("#exclusions-form")).to_be_visible()
    shot(page, "04-exclusions")
    acknowledge_everything(page)
    page.click("#exclusions-form button[type=submit]")

    expect(page.locator("#name")).to_be_visible()
    fill_person(page, person)
    shot(page, "05-person")
    press(page, "person")
    expect(page.locator("#answers")).to_contain_text(person.name)
    shot(page, "06-answers")
    press(page, "answers")

    expect(page.locator("#consents-form")).to_be_visible()
    agree(page)
    shot(page, "06-consents")
    page.click("#submit")

    expect(page.locator("[data-panel=joined]")).to_be_visible()
    tomorrow = clock.today() + timedelta(days=1)
    expect(page.locator("[data-panel=joined]")).to_contain_text(f"{tomorrow.month}月{tomorrow.day}日")
    shot(page, "07-joined")

    page.click("#certificate-link")
    expect(page.locator("[data-panel=certificate]")).to_be_visible()
    expect(page.locator("#qr-box path")).to_have_count(1)
    shot(page, "08-certificate")

    page.goto("/services/my/")
    expect(page.locator("#covers")).to_contain_text("HZ")
    shot(page, "09-my-cover")
    answer = page.request.get(
        "/api/me/coverages", headers={"Sec-Fetch-Site": "same-origin", "Origin": origin}
    ).json()
    (cover,) = answer["items"]

    # Somebody else, on another phone, with the printed number and code only.
    stranger = page.context.browser.new_context(viewport=PHONE, device_scale_factor=2, base_url=origin)  # type: ignore[union-attr]
    other = stranger.new_page()
    other.goto("/services/verify/")
    other.fill("#number", cover["certificate_number"])
    other.fill("#check", cover["check"])
    other.click("#verify-form button[type=submit]")
    expect(other.locator("main")).to_contain_text(person.name[0] + "**")
    shot(other, "10-verified")
    assert person.name not in other.content()
    assert person.id_number not in other.content()
    stranger.close()


def test_a_killed_page_comes_back_with_what_was_typed_but_never_the_code(page: Page, on_stack: Stack) -> None:
    person = demo_person(700_002)
    page.goto(f"/services/join/{CAMPAIGN}/")
    sign_in(page, on_stack, person)
    page.reload()
    assert page.locator("#code").input_value() == ""
    if page.locator("#mobile").is_visible():
        assert page.locator("#mobile").input_value() == person.mobile
        page.click("#mobile-form button[type=submit]")
    expect(page.locator("#code")).to_be_visible()
    page.fill("#code", code_from_sms(on_stack.sms_file, person.mobile))
    page.click("#code-form button[type=submit]")
    expect(page.locator("#exclusions-form")).to_be_visible()
    acknowledge_everything(page)
    page.click("#exclusions-form button[type=submit]")
    fill_person(page, person)
    page.reload()
    expect(page.locator("#name")).to_have_value(person.name)
    expect(page.locator("#id-number")).to_have_value(person.id_number)
    expect(page.locator("#district")).to_have_value("qingfeng")
    stored = page.evaluate("() => JSON.stringify(localStorage)")
    assert person.id_number not in stored


def at_the_fields(page: Page, stack: Stack, person: DemoPerson) -> None:
    """Signed in, everything acknowledged."""
    page.goto(f"/campaigns/{CAMPAIGN}/")
    page.click("#join")
    sign_in(page, stack, person)
    press(page, "code")
    expect(page.locator("#exclusions-form")).to_be_visible()
    acknowledge_everything(page)
    press(page, "exclusions")
    expect(page.locator("#name")).to_be_visible()


def covers_of(page: Page, origin: str) -> list[dict[str, Any]]:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": origin}
    items: list[dict[str, Any]] = page.request.get("/api/me/coverages", headers=headers).json()["items"]
    return items


def keys_sent(page: Page) -> list[str]:
    """The Idempotency-Key of every join sent from now on, in order."""
    keys: list[str] = []

    def note(sent: Request) -> None:
        if sent.method == "POST" and sent.url.endswith("/api/enrollments"):
            keys.append(sent.headers["idempotency-key"])

    page.on("request", note)
    return keys


def test_back_a_consent_text_and_an_answer_lost_on_the_way_end_in_one_cover(
    page: Page, on_stack: Stack, origin: str
) -> None:
    person = demo_person(700_003)
    keys = keys_sent(page)
    at_the_fields(page, on_stack, person)
    fill_person(page, person)
    press(page, "person")
    expect(page.locator("#answers-form")).to_be_visible()
    page.go_back()
    expect(page.locator("#person-form")).to_be_visible()
    page.go_forward()
    expect(page.locator("#answers-form")).to_be_visible()
    press(page, "answers")
    agree(page)
    page.click("#consents-form a >> nth=0")
    expect(page.locator("h1")).to_contain_text("条款")
    page.go_back()
    expect(page.locator("#consents-form")).to_be_visible()
    expect(page.locator("#consents-form input[value=agree]:checked")).to_have_count(3)

    def lost(route: Route) -> None:
        """The server has it; the phone never hears so. Then the line is gone for good."""
        route.fetch()
        page.context.set_offline(True)
        route.abort("connectionfailed")

    page.route("**/api/enrollments", lost, times=1)
    page.click("#submit")
    expect(page.locator("[data-panel=consents] .said")).to_contain_text("自动再试")
    expect(page.locator("[data-panel=consents] .summary")).to_contain_text("网络不通")
    shot(page, "11-offline")
    page.context.set_offline(False)
    page.click("#submit")
    expect(page.locator("[data-panel=joined], [data-panel=waiting]").locator("visible=true")).to_be_visible()
    assert len(keys) >= 3
    assert len(set(keys)) == 1
    assert len(covers_of(page, origin)) == 1

    page.go_back()  # out of the form, not into it
    expect(page.locator("#join")).to_be_visible()
    page.click("#join")  # and whoever comes again is told
    expect(page.locator("[data-panel=joined], [data-panel=waiting]").locator("visible=true")).to_be_visible()
    assert len(set(keys)) == 1


def test_a_code_asked_for_in_one_tab_is_typed_in_another(page: Page, on_stack: Stack) -> None:
    person = demo_person(700_004)
    page.goto(f"/services/join/{CAMPAIGN}/")
    page.fill("#mobile", person.mobile)
    press(page, "mobile")
    expect(page.locator("#code")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"/services/join/{CAMPAIGN}/")
    expect(other.locator("#code")).to_be_visible()
    other.fill("#code", code_from_sms(on_stack.sms_file, person.mobile))
    press(other, "code")
    expect(other.locator("#exclusions-form")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Only with the Tab key, as far as it takes."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def choose_by_keyboard(page: Page, field: str, value: str) -> None:
    tab_to(page, field)
    for _ in range(40):
        if page.input_value(field) == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not in {field}")


def test_one_joins_by_keyboard_alone(page: Page, on_stack: Stack, origin: str) -> None:
    person = demo_person(700_005)

    def enter(step: str) -> None:
        tab_to(page, f"#{step}-form button[type=submit]")
        page.keyboard.press("Enter")

    page.goto(f"/campaigns/{CAMPAIGN}/")
    tab_to(page, "#join")
    page.keyboard.press("Enter")
    expect(page.locator("#mobile-form button")).to_be_enabled()
    tab_to(page, "#mobile")
    page.keyboard.type(person.mobile)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code_from_sms(on_stack.sms_file, person.mobile))
    page.keyboard.press("Enter")
    expect(page.locator("#exclusions-form")).to_be_visible()
    for _ in page.locator("[data-exclusion]").all():
        tab_to(page, "[data-exclusion]")
        page.keyboard.press("Space")
    enter("exclusions")
    expect(page.locator("#person-form")).to_be_visible()
    tab_to(page, "#name")
    page.keyboard.type(person.name)
    tab_to(page, "#id-number")
    page.keyboard.type(person.id_number)
    choose_by_keyboard(page, "#occupation-group", "food_delivery_worker")
    tab_to(page, "#platform")
    page.keyboard.insert_text("美团、饿了么")
    choose_by_keyboard(page, "#district", "qingfeng")
    enter("person")
    expect(page.locator("#answers-form")).to_be_visible()
    enter("answers")
    expect(page.locator("#consents-form")).to_be_visible()
    for choice in page.locator("#consents-form fieldset").all():
        name = choice.locator("input").first.get_attribute("name")
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Space")
    enter("consents")
    expect(page.locator("[data-panel=joined], [data-panel=waiting]").locator("visible=true")).to_be_visible()
    assert len(covers_of(page, origin)) == 1


# Chrome's own "Slow 3G": 400 kbit/s each way, 2 s until the first byte of each answer.
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def test_on_slow_3g_the_form_can_be_used_after_one_page_and_one_script(page: Page, on_stack: Stack) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    first: list[str] = []
    usable: list[bool] = []
    page.on("request", lambda sent: first.append(sent.url) if not usable else None)
    page.goto(f"/services/join/{CAMPAIGN}/", wait_until="commit")
    expect(page.locator("#mobile-form button")).to_be_enabled()
    usable.append(True)
    loaded = [url for url in first if not url.startswith("data:")]
    assert len([url for url in loaded if "/api/" not in url]) == 2
    ran = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventStart")
    assert ran >= 2 * SLOW_3G["latency"], "the line is not as slow as it says"

    person = demo_person(700_006)
    sign_in(page, on_stack, person)
    press(page, "code")
    expect(page.locator("#exclusions-form")).to_be_visible()


def test_reading_works_and_the_form_says_why_it_cannot_without_javascript(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=origin)
    page = context.new_page()
    for path in (f"/campaigns/{CAMPAIGN}/", "/products/nef-accident/", f"/services/join/{CAMPAIGN}/"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text("12351")
        expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#mobile")).to_be_visible()
    expect(page.locator("#mobile-form button[type=submit]")).to_be_disabled()
    expect(page.locator(".noscript").first).to_be_visible()
    context.close()
