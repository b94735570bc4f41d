"""Where a number and a mobile stand: the table at the head of people.service, row by row, and one read."""

from __future__ import annotations

import pytest

from chalicelib.kernel import Masked, System
from chalicelib.people import rules
from chalicelib.people import service as people
from chalicelib.people.model import Found, IdNumber, Standing
from chalicelib.people.rules import mask_name, read_id_number
from chalicelib.platform import cipher
from chalicelib.platform.transaction import WriteRefused
from chalicelib.platform.work import Work
from infra.people import demo_person
from tests.contract.store import recorded, rows

TODAY = Work(System()).today
A, B, NOBODY = 1, 2, 3


def number(seed: int) -> IdNumber:
    return read_id_number(demo_person(seed).id_number, TODAY)


def indexes(seed: int) -> list[str]:
    return cipher.blind_indexes("mobile", Masked(demo_person(seed).mobile))


def bind(person_id: str, number_of: int, mobile_of: int) -> Work:
    """The work that binds a number and a mobile to somebody, not yet committed."""
    work, person = Work(System()), demo_person(number_of)
    mobile = Masked(demo_person(mobile_of).mobile)
    work.add(
        people.bind_writes(work, person_id, Masked(person.name), number(number_of), mobile, "199****0000")
    )
    return work


@pytest.fixture
def known(aws_moto: None) -> None:
    bind("a", A, A).commit()
    bind("b", B, B).commit()


@pytest.mark.parametrize(
    ("number_of", "mobile_of", "found"),
    [
        (NOBODY, NOBODY, Found(Standing.NEW)),
        (A, A, Found(Standing.KNOWN, "a")),
        (B, B, Found(Standing.KNOWN, "b")),
        (A, NOBODY, Found(Standing.OFFICE_CHECK)),
        (NOBODY, A, Found(Standing.OFFICE_CHECK)),
        (A, B, Found(Standing.OFFICE_CHECK)),
    ],
)
def test_where_a_number_and_a_mobile_stand(known: None, number_of: int, mobile_of: int, found: Found) -> None:
    with recorded() as calls:
        assert people.find(number(number_of), indexes(mobile_of)) == found
    assert [name for name, _ in calls if name.startswith("dynamodb:")] == ["dynamodb:BatchGetItem"]


@pytest.mark.parametrize(("number_of", "mobile_of"), [(A, NOBODY), (NOBODY, A), (A, A), (A, B)])
def test_what_is_somebodys_is_never_bound_again(known: None, number_of: int, mobile_of: int) -> None:
    before = rows("people")
    with pytest.raises(WriteRefused):
        bind("c", number_of, mobile_of).commit()
    assert rows("people") == before


def test_a_person_is_made_at_the_time_of_the_work(aws_moto: None) -> None:
    work = bind("a", A, A)
    work.commit()
    assert people.read("a").created_at == work.stamp


def test_a_mobile_leads_to_its_person_or_to_nobody(known: None) -> None:
    assert people.person_of(indexes(A)) == "a"
    assert people.person_of(indexes(NOBODY)) is None
    assert people.person_of([]) is None


@pytest.mark.parametrize("name", ["张三", "欧阳修", "阿依古丽·买买提"])
def test_of_a_name_only_the_first_character_is_printed(name: str) -> None:
    assert mask_name(rules.read_name(name)) == name[0] + "**"
