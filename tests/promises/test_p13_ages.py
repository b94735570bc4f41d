"""P13: who is too young or too old, to the day. Ages are completed years on the first day of cover, the day
after joining, in Shanghai; both bounds of the terms are inclusive; 29 February turns on 1 March.

The bounds are read from the catalogue: terms that change move these tests with them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chalicelib.catalog import service as catalog
from chalicelib.kernel import SHANGHAI, years_later
from chalicelib.pricing import rules
from chalicelib.pricing.model import Answers
from infra.people import demo_person
from tests.contract import catalogues
from tests.contract.store import dump
from tests.contract.wire import Reply, send
from tests.house import Phone, add_seats, application, campaign, product

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)  # the first day of cover for who joins today
A_DAY = timedelta(days=1)


def at(day: date, hour: int = 12, minute: int = 0) -> time_machine.travel:
    return time_machine.travel(
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI), tick=False
    )


def born_years_before(day: date, years: int) -> date:
    """Whose birthday number `years` is `day`."""
    return day.replace(year=day.year - years)


def joins(birthday: date, seed: int = 1) -> Reply:
    person = demo_person(seed, born=birthday)
    token = Phone(person).sign_in().token
    before = dump()
    reply = send("POST /enrollments", application(person), token=token)
    if reply.status != 201:
        assert dump() == before, "a refused join stored something"
    return reply


def too(word: str, reply: Reply) -> None:
    """Refused for the age, beside the field it was read from."""
    assert (reply.status, reply.code) == (400, "enrollments.not_eligible")
    assert list(reply.json["fields"]) == ["id_number"]
    bound = product().ages.first if word == "young" else product().ages.last
    assert f"{bound}周岁" in reply.json["fields"]["id_number"]


@pytest.fixture
def seats(aws_moto: None) -> None:
    with at(TODAY):
        add_seats(3)


@pytest.mark.usefixtures("seats")
def test_p13_the_youngest_has_their_birthday_on_the_first_day_of_cover() -> None:
    """Guard: pricing.rules._age_reasons, `youngest < ages.first`; eligibility, `effective or on + 1 day`."""
    with at(TODAY):
        turns = born_years_before(TOMORROW, product().ages.first)
        too("young", joins(turns + A_DAY))  # one day short
        assert joins(turns, 2).status == 201  # on the day, though still a year younger when joining
        assert joins(turns - A_DAY, 3).status == 201


@pytest.mark.usefixtures("seats")
def test_p13_the_oldest_has_the_next_birthday_after_the_first_day_of_cover() -> None:
    """Guard: pricing.rules._age_reasons, `oldest > ages.last`; eligibility, `effective or on + 1 day`."""
    with at(TODAY):
        turns = born_years_before(TOMORROW, product().ages.last + 1)
        assert joins(turns + A_DAY).status == 201  # the last day of the last year
        too("old", joins(turns, 2))  # a birthday too far, though not yet when joining
        too("old", joins(turns - A_DAY, 3))


@pytest.mark.usefixtures("seats")
def test_p13_the_day_is_shanghais_not_utcs() -> None:
    """Guard: platform.work.Work.today is kernel.shanghai_day of the one clock reading."""
    turns = born_years_before(TOMORROW + A_DAY, campaign_first())
    with at(TODAY, 23, 59):
        too("young", joins(turns))  # cover would begin tomorrow, the day before the birthday
    with at(TOMORROW, 0, 0):
        assert datetime.now(UTC).date() == TODAY
        assert joins(turns).status == 201


def campaign_first() -> int:
    with at(TODAY):
        return product().ages.first


@pytest.mark.usefixtures("seats")
def test_p13_children_are_refused_and_nothing_of_them_is_stored() -> None:
    """Guard: pricing.rules._age_reasons, before anything is read or written."""
    with at(TODAY):
        for age in (1, 13, 14, 15):
            assert age < product().ages.first
            too("young", joins(born_years_before(TOMORROW, age)))
            too("young", joins(born_years_before(TOMORROW, age + 1) + A_DAY))


@pytest.mark.usefixtures("seats")
def test_p13_under_14_nobody_joins_without_a_guardian_whatever_the_terms_allow(tmp_path: Path) -> None:
    """Guard: enrollment.rules.refuse_child (PIPL 31); counted on the day of agreeing, not of cover."""
    turns = born_years_before(TODAY, 14)
    with at(TODAY), catalogues.changed(ages(0, 60), tmp_path):
        for birthday in (turns + A_DAY, born_years_before(TODAY, 13), born_years_before(TODAY, 1)):
            refused = joins(birthday)
            assert (refused.status, refused.code) == (403, "enrollments.needs_guardian")
            assert "监护人" in refused.json["fields"]["id_number"]
        assert joins(turns, 2).status == 201


# --- 29 February -----------------------------------------------------------------------------------------

LEAP_BORN = date(2008, 2, 29)
COMMON = date(2027, 2, 28)  # 2027 has no 29 February
YEARS = COMMON.year - LEAP_BORN.year


def ages(first: int, last: int) -> catalogues.Edit:
    """No campaign of today meets a leap birthday at a bound of today's terms, so other terms do."""

    def edit(data: dict[str, Any]) -> None:
        for each in data["products"]:
            each["ages"] = {"first": first, "last": last}

    return edit


@pytest.mark.usefixtures("seats")
def test_p13_born_on_29_february_one_turns_on_1_march(tmp_path: Path) -> None:
    """Guard: kernel.years_later, the line `date(day.year + years, 3, 1)`."""
    with catalogues.changed(ages(YEARS, 60), tmp_path):
        with at(COMMON - A_DAY):  # cover would begin on 28 February
            too("young", joins(LEAP_BORN))
        with at(COMMON):  # on 1 March
            assert joins(LEAP_BORN).status == 201
    with catalogues.changed(ages(16, YEARS - 1), tmp_path):
        with at(COMMON - A_DAY):
            assert joins(LEAP_BORN, 2).status == 201
        with at(COMMON):
            too("old", joins(LEAP_BORN, 3))


@pytest.mark.parametrize("born", [date(2008, 2, 29), date(2008, 2, 28), date(2008, 3, 1), date(2007, 12, 31)])
def test_p13_every_birthday_over_a_century_counts_completed_years(born: date) -> None:
    """Guard: pricing.rules.eligibility at every bound, day by day around every birthday."""
    offer = catalog.catalogue().products[-1]
    facts = Answers(
        occupation_group=offer.occupation_groups[0],
        born=born,
        region=catalog.catalogue().region(campaign().regions[0]),
        gender=offer.genders[0],
    )
    for age in range(offer.ages.first - 2, offer.ages.last + 4):
        birthday = years_later(born, age)
        assert (birthday.month, birthday.day) in ((born.month, born.day), (3, 1))
        for day in (birthday - A_DAY, birthday, birthday + A_DAY):
            completed = age if day >= birthday else age - 1
            asked = rules.eligibility(offer, None, facts, day - A_DAY)
            assert asked.eligible == (offer.ages.first <= completed <= offer.ages.last), (born, day)
