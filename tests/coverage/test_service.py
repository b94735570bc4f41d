"""Cover in the store: the head that forbids double cover, leaving, and reading it all back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coverage import records, service
from chalicelib.coverage.model import Correct, Endorsement, Issued, Remove, State
from chalicelib.coverage.rules.numbers import check_digit
from chalicelib.platform.transaction import WriteRefused
from tests.coverage.holder import ELSEWHERE, Holder, keep, work_on
from tests.coverage.office import add, code_of, correct, day, days, grant, remove, renew, substitute

TODAY = day("2028-02-28")
LEAP_DAY = day("2028-02-29")
ONE_DAY = timedelta(days=1)

store = pytest.mark.usefixtures("aws_moto")


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except WriteRefused:
        return True
    return False


def leave(issued: Issued, last_day: date, *, on: date, person: str = "person-1") -> None:
    change = Remove(
        sequence=work_on(on).sequence, accepted_on=on, certificate=issued.number, last_day=last_day
    )
    keep(service.endorse_writes(person, change))


def states(on: date, person: str = "person-1") -> list[State | None]:
    return [cover.state for cover in service.covers_of(work_on(on), person)]


@store
def test_a_cover_is_read_back_as_it_was_entered() -> None:
    issued = Holder().enters(TODAY)
    (cover,) = service.covers_of(work_on(TODAY), "person-1")
    assert (cover.number, cover.check, cover.period) == (issued.number, issued.check, issued.period)
    assert cover.period == days("2028-02-29", "2029-02-28")
    assert (cover.name_masked, cover.sponsor, cover.policy_id) == ("李**", "工会（示范）", "policy-1")
    assert [states(on) for on in (TODAY, LEAP_DAY, day("2029-02-28"), day("2029-03-01"))] == [
        [State.NOT_YET],
        [State.IN_FORCE],
        [State.IN_FORCE],
        [State.ENDED],
    ]


def absent(who: Holder) -> None:
    """Nothing held."""


def waiting(who: Holder) -> None:
    who.waits(7, TODAY - ONE_DAY)


def waiting_elsewhere(who: Holder) -> None:
    who.waits(7, TODAY - ONE_DAY, ELSEWHERE)


def covered_until_today(who: Holder) -> None:
    leave(who.enters(TODAY - 9 * ONE_DAY), TODAY, on=TODAY, person=who.person_id)


def covered_until_tomorrow(who: Holder) -> None:
    leave(who.enters(TODAY - 9 * ONE_DAY), TODAY + ONE_DAY, on=TODAY, person=who.person_id)


@store
def test_the_head_lets_nobody_hold_a_product_twice() -> None:
    """The truth table above `records`, line by line: before, then who may do what."""
    acts: dict[str, Callable[[Holder], object]] = {
        "enter": lambda who: who.enters(TODAY),
        "wait": lambda who: who.waits(8, TODAY),
        "promote": lambda who: who.is_promoted(7, TODAY),
    }
    expected = {
        absent: {"enter", "wait"},
        waiting: {"enter", "promote"},
        waiting_elsewhere: {"enter"},
        covered_until_today: {"enter", "wait"},
        covered_until_tomorrow: set(),
    }
    allowed: dict[object, set[str]] = {before: set() for before in expected}
    for before in expected:
        for name, act in acts.items():
            who = Holder(f"{before.__name__}-{name}")
            before(who)
            if not refused(partial(act, who)):
                allowed[before].add(name)
    assert allowed == expected


@store
def test_nobody_is_promoted_on_somebody_elses_ticket() -> None:
    Holder().waits(7, TODAY)
    assert refused(lambda: Holder().is_promoted(8, TODAY))
    assert states(TODAY) == [None]
    Holder().is_promoted(7, TODAY)
    assert states(LEAP_DAY) == [State.IN_FORCE]


@store
def test_leaving_keeps_the_leave_day_and_leaves_the_certificate_ended() -> None:
    issued = Holder().enters(TODAY)
    leave(issued, day("2028-03-31"), on=day("2028-03-31"))
    assert [states(on) for on in (day("2028-03-31"), day("2028-04-01"))] == [[State.IN_FORCE], [State.ENDED]]
    checked = service.certificate(work_on(day("2028-04-01")), issued.number, issued.check)
    assert (checked.state, checked.period) == (State.ENDED, days("2028-02-29", "2028-03-31"))


@store
def test_leaving_before_the_first_day_withdraws_and_one_may_join_again_the_same_day() -> None:
    issued = Holder().enters(TODAY)
    leave(issued, TODAY, on=TODAY)
    assert service.certificate(work_on(LEAP_DAY), issued.number, issued.check).state is State.WITHDRAWN
    assert not service.covers_of(work_on(TODAY), "person-1")[0].reaches(LEAP_DAY)
    Holder().enters(TODAY)
    assert sorted(map(str, states(LEAP_DAY))) == ["in_force", "withdrawn"]


@store
def test_a_leave_recorded_by_mistake_is_undone_with_the_head() -> None:
    issued = Holder().enters(TODAY)
    leave(issued, day("2028-03-31"), on=day("2028-03-01"))
    undo = Correct(
        sequence=work_on(day("2028-03-02")).sequence,
        accepted_on=day("2028-03-02"),
        certificate=issued.number,
        period=issued.period,
    )
    keep(service.endorse_writes("person-1", undo))
    assert states(day("2029-02-28")) == [State.IN_FORCE]
    assert refused(lambda: Holder().enters(day("2028-06-01")))


def leaving_early(certificate: str, last: str) -> Remove:
    sequence = work_on(TODAY).sequence
    return Remove(sequence=sequence, accepted_on=TODAY, certificate=certificate, last_day=day(last))


def renaming(certificate: str) -> Correct:
    sequence = work_on(TODAY).sequence
    return Correct(sequence=sequence, accepted_on=TODAY, certificate=certificate, person_fields=("name",))


@store
def test_of_two_endorsements_made_on_the_same_reading_only_one_is_kept() -> None:
    """Whether they move the head (leaving) or only the certificate (a name put right)."""
    issued = Holder().enters(TODAY)
    for first, second in [
        (renaming(issued.number), renaming(issued.number)),
        (leaving_early(issued.number, "2028-03-31"), renaming(issued.number)),
    ]:
        both = [service.endorse_writes("person-1", change) for change in (first, second)]
        keep(both[0])
        assert refused(partial(keep, both[1]))
    (cover,) = service.covers_of(work_on(TODAY), "person-1")
    assert cover.period == days("2028-02-29", "2028-03-31")


@store
def test_another_persons_certificate_is_an_unknown_one() -> None:
    issued = Holder().enters(TODAY)
    Holder("person-2").enters(TODAY)
    attempt = lambda: leave(issued, LEAP_DAY, on=LEAP_DAY, person="person-2")  # noqa: E731
    assert code_of(attempt) == "coverage.unknown_certificate"


@store
def test_only_certificates_stand_in_the_index_by_policy() -> None:
    issued = Holder().enters(TODAY)
    Holder("person-2").waits(1, TODAY)
    rows = boto3.client("dynamodb").query(
        TableName="huzhu-test-coverages",
        IndexName="by_policy",
        KeyConditionExpression="policy_id = :p",
        ExpressionAttributeValues={":p": {"S": "policy-1"}},
    )["Items"]
    assert [row["certificate_number"]["S"] for row in rows] == [issued.number]


EVERY_KIND: list[Endorsement] = [
    add("A", days("2028-01-01", "2028-12-31")),
    remove("A", "2028-03-31", on="2028-03-01"),
    substitute("A", "2028-01-10", grant("B", days("2028-01-11", "2028-12-31"), "wang"), on="2028-01-05"),
    correct("A", days("2028-01-01", "2028-02-29"), on="2028-01-05"),
    correct("A", None, on="2028-01-05", fields=("name", "mobile")),
    renew("A", grant("C", days("2029-01-01", "2029-12-31")), on="2028-06-01"),
]


def test_every_kind_of_endorsement_is_stored_and_read_back_equal() -> None:
    assert records.unpack(records.pack(EVERY_KIND)) == EVERY_KIND


@given(
    digits=st.text("0123456789", min_size=11, max_size=11), place=st.integers(0, 10), wrong=st.integers(1, 9)
)
def test_one_wrong_digit_in_a_number_never_passes_its_check_digit(
    digits: str, place: int, wrong: int
) -> None:
    changed = str((int(digits[place]) + wrong) % 10)
    assert check_digit(digits) != check_digit(digits[:place] + changed + digits[place + 1 :])
