"""P11: one person is one number, however it is typed; a wrong one is refused, never mended."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import InvalidRequestError, Masked, System
from chalicelib.people import service as people
from chalicelib.people.model import Found, Standing
from chalicelib.people.rules import check_digit, read_id_number, read_name
from chalicelib.platform import cipher
from chalicelib.platform.transaction import WriteRefused
from chalicelib.platform.work import Work
from infra.people import demo_person

TODAY = date(2026, 11, 22)
ENDS_IN_X = next(p for p in map(demo_person, range(200)) if p.id_number.endswith("X")).id_number


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


@pytest.mark.parametrize(
    "typed",
    [
        ENDS_IN_X,
        ENDS_IN_X.lower(),
        f" {ENDS_IN_X[:6]} {ENDS_IN_X[6:14]} {ENDS_IN_X[14:]} ",
        full_width(ENDS_IN_X),
        f"{ENDS_IN_X}\u3000",
    ],
)
def test_p11_every_way_to_type_a_number_is_the_same_number(typed: str) -> None:
    """Guard: people.rules.read_id_number reads with chalicelib.typed."""
    assert read_id_number(typed, TODAY).number == Masked(ENDS_IN_X)


def test_p11_a_15_digit_number_is_the_18_digit_number_of_the_same_person() -> None:
    """Guard: people.rules.read_id_number widens 15 digits."""
    born = demo_person(3, born=date(1975, 2, 28)).id_number
    assert read_id_number(born[:6] + born[8:17], TODAY).number == Masked(born)


@given(seed=st.integers(0, 9_999_999), place=st.integers(0, 16), step=st.integers(1, 9))
def test_p11_one_wrong_digit_is_refused(seed: int, place: int, step: int) -> None:
    """Guard: people.rules.read_id_number compares the check digit."""
    number = demo_person(seed).id_number
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(InvalidRequestError) as refused:
        read_id_number(wrong, TODAY)
    assert "id_number" in refused.value.fields
    assert number not in refused.value.detail + refused.value.fields["id_number"]


@pytest.mark.parametrize(
    "typed",
    ["", "9900001990010100", "9900001990010100150", "99000019900230001X", "1.1e17", "990000199001010０1A"],
)
def test_p11_a_malformed_number_is_refused_not_guessed(typed: str) -> None:
    """Guard: people.rules.read_id_number checks length, digits and date."""
    with pytest.raises(InvalidRequestError):
        read_id_number(typed, TODAY)


@pytest.mark.parametrize(("birthday", "fine"), [(date(2026, 11, 22), True), (date(2026, 11, 23), False)])
def test_p11_nobody_is_born_tomorrow(birthday: date, fine: bool) -> None:
    """Guard: people.rules.read_id_number bounds the birthday."""
    first_17 = f"990000{birthday:%Y%m%d}001"
    if fine:
        assert read_id_number(first_17 + check_digit(first_17), TODAY).birthday == birthday
    else:
        with pytest.raises(InvalidRequestError):
            read_id_number(first_17 + check_digit(first_17), TODAY)


@pytest.mark.parametrize("typed", ["张3", "张三<b>", "   ", "=1+1", "张" * 41])
def test_p11_a_name_is_letters_only(typed: str) -> None:
    """Guard: people.rules.read_name."""
    with pytest.raises(InvalidRequestError):
        read_name(typed)


def bind(person_id: str, number: str, mobile: str) -> None:
    id_number = read_id_number(number, TODAY)
    work = Work(System())
    work.add(people.bind_writes(work, person_id, Masked("赵安"), id_number, Masked(mobile), "199****0000"))
    work.commit()


def indexes(mobile: str) -> list[str]:
    return cipher.blind_indexes("mobile", Masked(mobile))


def test_p11_a_number_is_bound_once_and_only_its_own_mobile_opens_it(aws_moto: None) -> None:
    """Guard: the lock items of people.service.bind_writes and the table of `find`."""
    one, other = demo_person(1), demo_person(2)
    bind("p1", one.id_number, one.mobile)
    with pytest.raises(WriteRefused):
        bind("p2", one.id_number.lower(), other.mobile)
    with pytest.raises(WriteRefused):
        bind("p3", other.id_number, one.mobile)
    number = read_id_number(one.id_number, TODAY)
    assert people.find(number, indexes(one.mobile)) == Found(Standing.KNOWN, "p1")
    stranger = Found(Standing.OFFICE_CHECK)
    assert people.find(number, indexes(other.mobile)) == stranger
    assert people.find(read_id_number(other.id_number, TODAY), indexes(one.mobile)) == stranger
    assert people.find(read_id_number(other.id_number, TODAY), indexes(other.mobile)).person_id is None
    assert people.person_of(indexes(one.mobile)) == "p1"
    assert people.person_of(indexes(other.mobile)) is None
