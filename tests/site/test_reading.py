"""A page reads what is typed and pasted as functions do: the cases of tests/typed_cases.py, and any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from chalicelib import typed
from chalicelib.coverage.rules import numbers
from chalicelib.kernel import InvalidRequestError
from chalicelib.people.rules import read_name
from tests.kernel.test_typed import TEXTS
from tests.site.building import ROOT
from tests.site.fake_api import FakeApi
from tests.site.test_join_form import JOIN, acknowledge_all, agree, fill_person, submit
from tests.site.test_suggest import SAID, box
from tests.typed_cases import (
    CHECK,
    CODE,
    ID_NUMBER,
    MOBILE,
    NAMES,
    NO_NAMES,
    NO_NUMBERS,
    NUMBER,
    NUMBERS,
    full_width,
    pasted,
)

PARTS = ("read", "name", "number", "values")
PASTED = "\u202d{}\u202c\xa0"


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    """The parts that read, as an H of their own."""
    page = browser.new_page()
    sources = "\n".join((ROOT / f"site/js/{part}.js").read_text("utf-8") for part in PARTS)
    page.evaluate(f"(() => {{ var H = window.H = {{}}; {sources} }})()")
    yield page
    page.close()


def on_page(bench: Page, function: str, texts: list[str]) -> list[str]:
    found: list[str] = bench.evaluate(f"texts => texts.map(text => H.{function}(text))", texts)
    return found


def name_or_nothing(text: str) -> str:
    try:
        return read_name(text).reveal()
    except InvalidRequestError:
        return ""


SIDES: dict[str, Callable[[str], str]] = {
    "typed": typed.read,
    "typedNumber": typed.read_number,
    "typedName": name_or_nothing,
    "certificateNumber": lambda text: numbers.read(text) or "",
}
TABLE = [
    *(
        way
        for text in (MOBILE, ID_NUMBER, CODE, CHECK, *NUMBERS, *NO_NUMBERS, *NAMES, *NO_NAMES)
        for way in (pasted(text) if text else [""])
    )
]


@pytest.mark.parametrize("function", SIDES)
def test_the_page_reads_the_table_as_the_functions_do(bench: Page, function: str) -> None:
    for text, found in zip(TABLE, on_page(bench, function, TABLE), strict=True):
        assert found == SIDES[function](text), ascii(text)


def test_every_character_has_one_verdict_in_a_name(bench: Page) -> None:
    """All of Unicode, assigned or not, alone and between letters."""
    planes = [*range(0xD800), *range(0xE000, 0x110000)]
    for start in range(0, len(planes), 100_000):
        texts = [f"张{chr(each)}三" for each in planes[start : start + 100_000]]
        for text, found in zip(texts, on_page(bench, "typedName", texts), strict=True):
            assert found == name_or_nothing(text), ascii(text)


@hypothesis_settings(max_examples=30)
@given(st.lists(TEXTS, max_size=200))
def test_any_text_is_read_the_same_on_both_sides(bench: Page, texts: list[str]) -> None:
    for function, read in SIDES.items():
        assert on_page(bench, function, texts) == [read(text) for text in texts]


def test_money_and_days_are_read_that_way_too(bench: Page) -> None:
    assert bench.evaluate("H.fen('\\u200b￥１，２３４．５０\\ufeff元')") == 123450
    assert bench.evaluate("H.dayIn({value: '２０２６–１１–２３\\u200e'})") == "2026-11-23"


# --- every field of the pages ----------------------------------------------------------------------------


@pytest.fixture
def api(phone: Page) -> FakeApi:
    answering = FakeApi(covers=[])
    answering.attach(phone)
    return answering


def test_mobile_and_code_may_be_pasted(phone: Page, api: FakeApi, origin: str) -> None:
    phone.goto(origin + "/services/my/")
    phone.fill("#mobile", PASTED.format("＋86 " + full_width(MOBILE)))
    phone.click("#mobile-form button")
    phone.wait_for_selector("#code:visible")
    phone.fill("#code", PASTED.format("１２３\u200b\u200b\u200b４５６"))
    phone.click("#code-form button[type=submit]")
    phone.wait_for_selector("[data-panel=covers]:visible")
    assert api.made("POST", "/sign-in/codes")[0].body["mobile"] == MOBILE
    assert api.made("POST", "/sign-in/sessions")[0].body["code"] == CODE


def test_the_five_fields_may_be_pasted(phone: Page, api: FakeApi, origin: str) -> None:
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    acknowledge_all(phone)
    fill_person(phone, full_width(ID_NUMBER.lower()) + "\u200e")
    phone.fill("#name", PASTED.format("买买提 ．\u200b阿卜杜拉"))
    phone.fill("#platform", PASTED.format("某\u200b平台"))
    agree(phone)
    submit(phone)
    phone.wait_for_selector("[data-panel=joined]:visible")
    sent = api.made("POST", "/enrollments")[0].body
    assert [sent[each] for each in ("name", "id_number", "platform")] == [
        "买买提·阿卜杜拉",
        ID_NUMBER,
        "某平台",
    ]


def test_what_is_no_name_is_told_on_the_page(phone: Page, api: FakeApi, origin: str) -> None:
    api.sign_in(phone)
    phone.goto(origin + JOIN)
    acknowledge_all(phone)
    fill_person(phone)
    for wrong, told in (("张3", "不带数字"), ("\u200b", "请填姓名")):
        phone.fill("#name", wrong)
        phone.click("#person-form button[type=submit]")
        assert told in phone.inner_text("#name-error")


def test_a_certificate_may_be_pasted(phone: Page, api: FakeApi, origin: str) -> None:
    for typed_number in (PASTED.format(full_width(NUMBER)), NUMBER[2:].replace("0", "o")):
        phone.goto(origin + "/services/verify/")
        phone.fill("#number", typed_number)
        phone.fill("#check", PASTED.format(full_width(CHECK.lower())))
        phone.click("#verify-form button")
        phone.wait_for_selector("[data-state=in_force]:visible")
    assert len(api.made("GET", f"/certificates/{NUMBER}")) == 2


def test_a_contact_may_be_pasted(phone: Page, origin: str) -> None:
    sent = box(phone, origin, [(201, {"receipt": "20261124-7K3M9Q2X"})])
    phone.get_by_label("这是").select_option(label="建议")
    phone.get_by_label("想说的话").fill(SAID)
    phone.get_by_label("联系方式").fill(PASTED.format(full_width(MOBILE)) + "\u200b" * 50)
    phone.get_by_role("button", name="交给办事处").click()
    phone.wait_for_selector("#receipt:visible")
    assert sent[0]["contact"] == MOBILE
