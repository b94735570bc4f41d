"""Whatever is pasted along with it, a field reads what was meant: the same on the page (tests/site)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import typed
from chalicelib.access.mobiles import read_mobile
from chalicelib.coverage.rules import numbers
from chalicelib.kernel import InvalidRequestError
from chalicelib.office.rules import read_contact, read_text, receipt_key
from chalicelib.people.rules import read_id_number, read_name
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
    UNSEEN,
    pasted,
)

# Any text: what is special is drawn as often as what is not.
TEXTS = st.text(
    st.one_of(st.sampled_from([*UNSEEN, *" ·.-'张a１\u3000\u0301"]), st.characters(codec="utf-8"))
)
FIELDS: dict[str, tuple[str, Callable[[str], object]]] = {
    "mobile": (MOBILE, lambda text: read_mobile(text).number.reveal()),
    "mobile with its country": (MOBILE, lambda text: read_mobile("＋86\u202d" + text).number.reveal()),
    "ID number": (ID_NUMBER, lambda text: read_id_number(text, date(2026, 11, 22)).number.reveal()),
    "certificate number": (NUMBER, numbers.read),
    "check word": (CHECK, typed.read_number),
    "SMS code": (CODE, typed.read_number),
    "name": ("张三", lambda text: read_name(text).reveal()),
    "contact": (MOBILE, lambda text: read_contact(text).replace(" ", "")),
    "receipt": ("20261124-7K3M9Q2X", lambda text: "-".join(map(str, receipt_key(text) or ()))),
    "platform": ("某平台", lambda text: typed.read(text).replace(" ", "")),
}


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_pasted_along_is_not_read(field: str) -> None:
    meant, read = FIELDS[field]
    expected = read(meant)
    for way in pasted(meant, spaces=field != "receipt"):
        assert read(way) == expected, ascii(way)


def test_a_text_keeps_its_lines_and_its_rare_characters() -> None:
    """Python 3.11 does not know U+31350: it was dropped from what people wrote to the office."""
    assert read_text("\ufeff我叫\U00031350，\r\n王\ue5e5\x1b 的\u202e事") == "我叫\U00031350，\n王\ue5e5 的事"


@given(TEXTS)
def test_reading_twice_is_reading_once(text: str) -> None:
    assert typed.read(typed.read(text)) == typed.read(text)


@pytest.mark.parametrize("given_name", NAMES)
def test_a_name_is_taken_as_on_the_card(given_name: str) -> None:
    assert read_name(given_name).reveal() == NAMES[given_name]


@pytest.mark.parametrize("given_name", NO_NAMES)
def test_what_is_no_name_is_refused_beside_its_field(given_name: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read_name(given_name)
    assert set(refused.value.fields) == {"name"}


@given(st.one_of(TEXTS, st.text("张三\U00031350ab ·.-'’\u3000\u200b１😀", max_size=6)))
def test_a_name_that_was_read_reads_as_itself(text: str) -> None:
    try:
        name = read_name(text)
    except InvalidRequestError:
        return
    assert read_name(name.reveal()) == name


@pytest.mark.parametrize("text", NUMBERS)
def test_a_certificate_number_is_found_however_it_is_typed(text: str) -> None:
    assert {numbers.read(way) for way in pasted(text)} == {NUMBER}


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_no_certificate_can_have_is_told_from_its_digits(text: str) -> None:
    assert numbers.read(text) is None
