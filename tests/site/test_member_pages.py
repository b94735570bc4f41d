"""My cover, certificate, verification and the anonymous check, in a phone's browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from chalicelib.coverage.rules import numbers
from tests.site.fake_api import CHECK, NUMBER, Call, FakeApi, certificate, cover, refusal

VERIFY = "/services/verify/"
UNKNOWN = numbers.number("99999999999")
WAITING = {
    "product": "nef-accident",
    "product_name": "专项意外伤害互助保障",
    "state": "waiting",
    "campaign": "union-pays-nef",
    "waiting_number": 12,
}


@pytest.fixture
def api(phone: Page) -> FakeApi:
    answering = FakeApi(signed_in=True)
    answering.attach(phone)
    return answering


def covers(*items: dict[str, Any], today: bool) -> tuple[int, dict[str, Any]]:
    return 200, {"today": "2026-11-22", "covered_today": today, "items": list(items), "next": None}


ILLNESS = {"cause": "disease", "from": "2026-12-01", "full_from": "2027-01-30", "percent": 50}
WAITS_FOR_ILLNESS = {**cover("in_force"), "starts": [*cover("in_force")["starts"], ILLNESS]}
ILLNESS_ONLY = {**cover("in_force"), "starts": [ILLNESS]}


# --- am I covered today ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "today", "word", "more"),
    [
        ([cover("in_force")], True, "有保障", "2027年11月22日24点"),
        ([cover("not_yet")], False, "还没有", "2026年11月23日零点起保障"),
        ([WAITING], False, "还没有", "排队号12"),
        ([cover("ended")], False, "没有", "12351"),
        ([], False, "没有", "12351"),
        ([cover("ended"), cover("in_force")], True, "有保障", "2027年11月22日24点"),
        ([WAITS_FOR_ILLNESS], True, "有保障", "生病：2026年12月1日零点起给50%，2027年1月30日起全给"),
        ([ILLNESS_ONLY], True, "等待期", "生病：2026年12月1日零点起"),
        ([ILLNESS_ONLY, cover("in_force")], True, "有保障", "2027年11月22日24点"),
    ],
)
def test_today_is_answered_in_one_word(
    phone: Page, api: FakeApi, origin: str, items: list[dict[str, Any]], today: bool, word: str, more: str
) -> None:
    api.answers["GET", "/me/coverages"] = lambda call: covers(*items, today=today)
    phone.goto(origin + "/services/my/")
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert phone.inner_text("#answer-word") == word
    assert more in phone.inner_text("#answer-more")
    assert phone.locator("#covers article").count() == len(items)


def test_a_cover_leads_to_its_certificate_and_the_very_terms_it_was_agreed_under(
    phone: Page, api: FakeApi, origin: str
) -> None:
    phone.goto(origin + "/services/my/")
    phone.wait_for_selector("[data-panel=covers]:visible")
    links = [link.get_attribute("href") or "" for link in phone.query_selector_all("#covers a")]
    assert links == [f"/services/certificate/#{NUMBER}.{CHECK}", "/products/nef-accident/terms-2026-1/"]
    phone.click("#covers a >> nth=1")
    assert "条款" in phone.inner_text("h1")


def test_a_place_on_the_waiting_list_has_no_certificate_to_show(
    phone: Page, api: FakeApi, origin: str
) -> None:
    api.answers["GET", "/me/coverages"] = lambda call: covers(WAITING, today=False)
    phone.goto(origin + "/services/my/")
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert phone.locator("#covers a").count() == 0
    assert "尚未生效" in phone.inner_text("#covers")


def test_without_a_session_my_page_signs_in_first(phone: Page, api: FakeApi, origin: str) -> None:
    api.signed_in = False
    phone.goto(origin + "/services/my/")
    phone.fill("#mobile", "19900001234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    phone.fill("#code", "123456")
    phone.click("#code-form button[type=submit]")
    phone.wait_for_selector("[data-panel=covers]:visible")


def test_a_wrong_code_is_told_beside_the_field_and_the_field_is_empty_again(
    phone: Page, api: FakeApi, origin: str
) -> None:
    api.signed_in = False
    phone.goto(origin + "/services/my/")
    phone.fill("#mobile", "19900001234")
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    phone.fill("#code", "000000")
    phone.click("#code-form button[type=submit]")
    phone.wait_for_selector("#code-error:not(:empty)")
    assert "还可以试4次" in phone.inner_text("#code-error")
    assert phone.input_value("#code") == ""


@pytest.mark.parametrize("typed", ["", "123", "29900001234", "1990000123", "199000012345", "+85291234567"])
def test_a_wrong_mobile_is_told_before_anything_is_sent(
    phone: Page, api: FakeApi, origin: str, typed: str
) -> None:
    api.signed_in = False
    phone.goto(origin + "/services/my/")
    phone.fill("#mobile", typed)
    phone.click("#mobile-form button")
    assert phone.inner_text("#mobile-error")
    assert api.made("POST", "/sign-in/codes") == []


def test_messages_are_shown_with_the_shanghai_time_and_older_ones_on_asking(
    phone: Page, api: FakeApi, origin: str
) -> None:
    def page_of(call: Call) -> tuple[int, Any]:
        number = len(api.made("GET", "/me/inbox"))
        item = {
            "id": f"m{number}",
            "at": "2026-11-22T16:30:00Z",
            "kind": "joined",
            "text": f"第{number}条",
            "status": "sent",
        }
        return 200, {"items": [item], "next": "older" if number == 1 else None}

    api.answers["GET", "/me/inbox"] = page_of
    phone.goto(origin + "/services/my/")
    phone.wait_for_selector("#inbox li")
    assert phone.inner_text("#inbox time") == "2026年11月23日 00:30"
    phone.click("#older")
    phone.wait_for_selector("#inbox li >> nth=1")
    assert phone.locator("#inbox li").count() == 2
    assert not phone.is_visible("#older")


def test_signing_out_shows_nothing_of_the_person_any_more(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + "/services/my/")
    phone.wait_for_selector("[data-panel=covers]:visible")
    phone.click("#sign-out")
    phone.wait_for_selector("[data-panel=mobile]:visible")
    phone.wait_for_load_state()
    assert NUMBER not in phone.evaluate("document.body.textContent")


# --- certificate -----------------------------------------------------------------------------------------


def test_the_certificate_shows_what_was_issued_and_its_qr(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + f"/services/certificate/#{NUMBER}.{CHECK}")
    phone.wait_for_selector("#qr-box:visible")
    text = phone.inner_text("#certificate")
    for shown in (
        NUMBER,
        CHECK,
        "张*",
        "专项意外伤害互助保障",
        "2026年11月23日",
        "2027年11月22日",
        "5f" * 32,
        "保障中",
    ):
        assert shown in text
    assert phone.get_attribute("#qr", "viewBox") == "0 0 41 41"
    assert (phone.get_attribute("#qr path", "d") or "").startswith("M")


def test_a_certificate_nobody_knows_leads_back(phone: Page, api: FakeApi, origin: str) -> None:
    api.answers["GET", f"/certificates/{NUMBER}"] = lambda call: refusal(
        404, "certificates.unknown", "没有这张凭证。"
    )
    phone.goto(origin + f"/services/certificate/#{NUMBER}.{CHECK}")
    phone.wait_for_selector("[data-panel=failed]:visible")
    assert "没有这张凭证" in phone.inner_text("#failed-detail")
    assert not phone.is_visible("#certificate")


def test_number_and_check_never_stand_in_an_address_a_server_sees(
    phone: Page, api: FakeApi, origin: str
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(origin + f"/services/certificate/#{NUMBER}.{CHECK}")
    phone.wait_for_selector("#qr-box:visible")
    pages = [url for url in asked if "/api/" not in url]
    assert pages
    assert not [url for url in pages if CHECK in url.partition("#")[0]]


# --- verification ----------------------------------------------------------------------------------------

ANSWERS = {
    "in_force": ("保障中", "今天在保障期内"),
    "not_yet": ("尚未生效", "今天不保"),
    "ended": ("已到期", "今天不保"),
    "withdrawn": ("已撤销", "不能再用"),
}


@pytest.mark.parametrize("state", ANSWERS)
def test_each_answer_has_its_own_words_and_picture(
    phone: Page, api: FakeApi, origin: str, state: str
) -> None:
    api.answers["GET", f"/certificates/{NUMBER}"] = lambda call: (200, certificate(state))
    phone.goto(origin + VERIFY + f"#{NUMBER}.{CHECK}")
    phone.wait_for_selector(f"[data-state={state}]:visible")
    assert phone.locator("[data-state]:visible").count() == 1
    text = phone.inner_text(f"[data-state={state}]")
    for words in (*ANSWERS[state], "张*", "2026年11月23日", NUMBER):
        assert words in text
    assert phone.is_visible(f"[data-state={state}] svg")
    assert phone.evaluate("document.activeElement.getAttribute('data-state')") == state


def test_a_wrong_pair_and_an_unknown_number_read_the_same(phone: Page, api: FakeApi, origin: str) -> None:
    answer = refusal(404, "certificates.unknown", "没有这张凭证。")
    api.answers["GET", f"/certificates/{NUMBER}"] = lambda call: answer
    api.answers["GET", f"/certificates/{UNKNOWN}"] = lambda call: answer
    seen = []
    for number in (NUMBER, UNKNOWN):
        phone.goto("about:blank")
        phone.goto(origin + VERIFY + f"#{number}.{CHECK}")
        phone.wait_for_selector("[data-state=unknown]:visible")
        seen.append(phone.inner_text("[data-state=unknown]"))
    assert seen[0] == seen[1]


def test_typed_small_and_with_spaces_is_the_same_certificate(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + VERIFY)
    phone.fill("#number", f" {NUMBER.lower()[:6]} {NUMBER.lower()[6:]} ")
    phone.fill("#check", CHECK.lower())
    phone.click("#verify-form button")
    phone.wait_for_selector("[data-state=in_force]:visible")
    assert len(api.made("GET", f"/certificates/{NUMBER}")) == 1


def test_an_incomplete_pair_is_told_before_anything_is_asked(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + VERIFY)
    phone.fill("#check", "ABC")
    phone.click("#verify-form button")
    assert phone.inner_text("#number-error")
    assert phone.inner_text("#check-error")
    assert api.calls == []


def test_the_page_names_the_address_that_counts(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + VERIFY)
    assert phone.inner_text("#host") == origin.removeprefix("http://")


# --- is there something for me ---------------------------------------------------------------------------


def test_the_check_asks_four_things_and_no_name(phone: Page, api: FakeApi, origin: str) -> None:
    offers = [
        {
            "product": "nef-accident",
            "name": "专项意外伤害互助保障",
            "eligible": True,
            "reasons": [],
            "sponsor": "行业工会联合会",
            "campaign": "union-pays-nef",
            "payers": [
                {"payer": "industry_union", "label": "行业工会联合会", "fee_fen": 2500},
                {"payer": "worker", "label": "您自己", "fee_fen": 0},
            ],
        },
        {
            "product": "other",
            "name": "别的保障",
            "eligible": False,
            "campaign": None,
            "sponsor": "",
            "payers": [],
            "reasons": [{"code": "age_too_low", "text": "保障开始那天要满16周岁。"}],
        },
    ]
    api.answers["POST", "/eligibility-checks"] = lambda call: (200, {"items": offers, "next": None})
    phone.goto(origin + "/services/join/")
    assert phone.locator("#check-form input").count() == 0
    phone.click("#check-form button")
    assert phone.inner_text("#occupation_group-error")
    phone.select_option("#occupation-group", "courier")
    phone.select_option("#age-band", index=2)
    phone.select_option("#region", "qingfeng")
    phone.select_option("#medical-insurance", "unknown")
    phone.click("#check-form button")
    phone.wait_for_selector("[data-panel=results]:visible")
    text = phone.inner_text("#results")
    for words in ("可以参加", "25元", "0元", "暂时不能", "保障开始那天要满16周岁。"):
        assert words in text
    assert [a.get_attribute("href") for a in phone.query_selector_all("#results a")] == [
        "/campaigns/union-pays-nef/"
    ]
    assert set(api.made("POST", "/eligibility-checks")[0].body) == {
        "occupation_group",
        "age_band",
        "region",
        "medical_insurance",
    }
