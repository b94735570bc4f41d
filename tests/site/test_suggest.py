"""The suggestion box in a browser: what is missing is said beside its field, what was typed is never lost."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

SAID = "驿站的插座不够用，能不能多装几个？"


def box(phone: Page, origin: str, answers: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The page, with an API that gives `answers` in turn; returns what it was sent."""
    sent: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        status, body = answers[min(len(sent), len(answers) - 1)]
        asked = route.request
        sent.append({"key": asked.headers["idempotency-key"], **json.loads(asked.post_data or "{}")})
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    phone.route("**/api/suggestions", answer)
    phone.goto(f"{origin}/guide/claim/")
    phone.click("footer >> text=意见箱")
    expect(phone.get_by_role("button", name="交给办事处")).to_be_enabled()
    return sent


def write(phone: Page) -> None:
    phone.get_by_label("这是").select_option(label="建议")
    phone.get_by_label("想说的话").fill(SAID)
    phone.get_by_label("联系方式").fill("13900000000")


def test_it_is_handed_in_and_the_receipt_is_set_big(phone: Page, origin: str) -> None:
    sent = box(phone, origin, [(201, {"receipt": "20261124-7K3M9Q2X"})])
    write(phone)
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("#receipt")).to_have_text("20261124-7K3M9Q2X")
    (said,) = sent
    assert (said["kind"], said["text"], said["contact"], said["page"]) == (
        "suggestion",
        SAID,
        "13900000000",
        "/guide/claim/",
    )


def test_nothing_is_sent_while_something_is_missing(phone: Page, origin: str) -> None:
    sent = box(phone, origin, [(201, {"receipt": "20261124-7K3M9Q2X"})])
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("[data-error=kind]")).to_contain_text("请选一下")
    expect(phone.locator("[data-error=text]")).to_contain_text("请填想说的话")
    assert not sent


def test_a_refusal_keeps_what_was_typed_and_a_second_press_is_the_same_request(
    phone: Page, origin: str
) -> None:
    full = {"code": "limits.suggestions_office_day", "detail": "今天的意见箱满了，请明天再写。"}
    sent = box(phone, origin, [(409, full), (201, {"receipt": "20261124-7K3M9Q2X"})])
    write(phone)
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.get_by_text("今天的意见箱满了")).to_be_visible()
    expect(phone.get_by_label("想说的话")).to_have_value(SAID)
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("#receipt")).to_be_visible()
    assert sent[0]["key"] == sent[1]["key"]


def test_no_page_is_named_when_only_the_site_is_known(phone: Page, origin: str) -> None:
    sent = box(phone, origin, [(201, {"receipt": "20261124-7K3M9Q2X"})])
    phone.goto(f"{origin}/services/suggest/", referer=f"{origin}/")
    write(phone)
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("#receipt")).to_be_visible()
    assert sent[0]["page"] == ""


def test_too_long_is_said_with_the_count_and_cut_nowhere(phone: Page, origin: str) -> None:
    sent = box(phone, origin, [(201, {"receipt": "20261124-7K3M9Q2X"})])
    write(phone)
    phone.get_by_label("想说的话").fill("字" * 999 + "🛵🛵")
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("[data-error=text]")).to_contain_text("最多1000个字，现在有1001个字")
    assert not sent
    phone.get_by_label("想说的话").fill("字" * 999 + "🛵")
    phone.get_by_role("button", name="交给办事处").click()
    expect(phone.locator("#receipt")).to_be_visible()
    assert sent[0]["text"] == "字" * 999 + "🛵"
