"""The interval engine at its exact boundaries. What it does in general: test_coverage_machine."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.coverage.model import State, Status
from chalicelib.coverage.rules import (
    coverage,
    effective_day,
    first_period,
    state_on,
    substitution_deadline,
)
from tests.coverage.office import (
    add,
    correct,
    cover_on,
    day,
    days,
    grant,
    refusal_of,
    remove,
    renew,
    substitute,
)

YEAR = days("2028-01-01", "2028-12-31")


@pytest.mark.parametrize(
    ("accepted", "first", "last"),
    [
        ("2026-11-22", "2026-11-23", "2027-11-22"),
        ("2027-01-31", "2027-02-01", "2028-01-31"),  # month end
        ("2027-04-30", "2027-05-01", "2028-04-30"),
        ("2026-12-31", "2027-01-01", "2027-12-31"),  # year end
        ("2028-02-27", "2028-02-28", "2029-02-27"),
        ("2028-02-28", "2028-02-29", "2029-02-28"),  # begins on 29 February
        ("2028-02-29", "2028-03-01", "2029-02-28"),
        ("2027-02-28", "2027-03-01", "2028-02-29"),  # ends on 29 February
        ("2027-02-27", "2027-02-28", "2028-02-27"),
    ],
)
def test_cover_begins_the_day_after_acceptance_and_lasts_a_year_to_the_eve(
    accepted: str, first: str, last: str
) -> None:
    assert first_period(effective_day(day(accepted))) == days(first, last)


def test_whole_years_join_without_a_hole_or_a_double_day_across_leap_years() -> None:
    start = day("2027-03-01")
    years = [first_period(start)]
    while len(years) < 9:
        years.append(first_period(years[-1].last + timedelta(days=1)))
    assert [period.first.month for period in years] == [3] * 9
    assert first_period(start, 9).last == years[-1].last


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2027-12-31", State.NOT_YET),
        ("2028-01-01", State.IN_FORCE),
        ("2028-02-29", State.IN_FORCE),
        ("2028-12-31", State.IN_FORCE),
        ("2029-01-01", State.ENDED),
    ],
)
def test_a_cover_is_in_force_from_its_first_day_to_its_last_inclusive(on: str, state: State) -> None:
    covers = coverage([add("A", YEAR)])
    assert state_on(covers[0], day(on)) is state
    assert cover_on(covers, day(on)) == (covers if state is State.IN_FORCE else ())


def test_no_cover_begins_on_the_day_it_is_accepted() -> None:
    assert refusal_of(add("A", YEAR, on="2027-12-31")) == "accepted"
    assert refusal_of(add("A", YEAR, on="2028-01-01")) == "coverage.past_is_settled"


def test_two_covers_of_one_product_may_touch_but_not_share_a_day() -> None:
    first = add("A", YEAR)
    assert refusal_of(first, add("B", days("2028-12-31", "2029-12-30"))) == "coverage.double_cover"
    assert refusal_of(first, add("B", days("2029-01-01", "2029-12-31"))) == "accepted"
    assert refusal_of(first, add("B", YEAR, product="hospital")) == "accepted"
    assert refusal_of(first, add("B", YEAR, person="wang")) == "accepted"


def test_the_leave_day_itself_is_covered_to_its_end_even_when_it_is_today() -> None:
    (cover,) = coverage([add("A", YEAR), remove("A", "2028-03-10", on="2028-03-10")])
    assert (cover.period, cover.status) == (days("2028-01-01", "2028-03-10"), Status.LEFT)
    assert state_on(cover, day("2028-03-10")) is State.IN_FORCE
    assert state_on(cover, day("2028-03-11")) is State.ENDED


def test_nobody_is_made_to_have_left_yesterday() -> None:
    late = remove("A", "2028-03-09", on="2028-03-10")
    assert refusal_of(add("A", YEAR), late) == "coverage.past_is_settled"


def test_leaving_on_the_first_day_keeps_one_day_and_leaving_on_its_eve_withdraws() -> None:
    (one_day,) = coverage([add("A", YEAR), remove("A", "2028-01-01", on="2028-01-01")])
    (none,) = coverage([add("A", YEAR), remove("A", "2027-12-31", on="2027-12-31")])
    assert one_day.period.days == 1
    assert state_on(one_day, day("2028-01-02")) is State.ENDED
    assert {state_on(none, day(on)) for on in ("2027-12-31", "2028-01-01", "2029-06-01")} == {State.WITHDRAWN}


def test_somebody_withdrawn_may_be_added_again_for_the_same_days() -> None:
    history = [add("A", YEAR), remove("A", "2027-12-31", on="2027-12-31"), add("B", YEAR)]
    assert [cover.status for cover in coverage(history)] == [Status.WITHDRAWN, Status.STANDING]


def test_nobody_leaves_after_the_last_day() -> None:
    beyond = remove("A", "2029-01-01", on="2028-06-01")
    assert refusal_of(add("A", YEAR), beyond) == "coverage.after_the_end"


@pytest.mark.parametrize(
    ("paid_from", "deadline"),
    [
        ("2028-01-01", "2028-02-01"),
        ("2028-01-29", "2028-02-29"),
        ("2028-01-31", "2028-02-29"),  # no 31 February
        ("2027-01-31", "2027-02-28"),
        ("2028-02-29", "2028-03-29"),
        ("2028-12-15", "2029-01-15"),
    ],
)
def test_a_substitution_is_possible_for_one_month(paid_from: str, deadline: str) -> None:
    assert substitution_deadline(day(paid_from)) == day(deadline)


def test_the_joiner_has_exactly_the_days_the_leaver_gives_up() -> None:
    joiner = grant("B", days("2028-02-02", "2028-12-31"), "wang")
    history = [add("A", YEAR), substitute("A", "2028-02-01", joiner, on="2028-02-01")]
    leaver, joined = coverage(history)
    assert (leaver.period, leaver.status) == (days("2028-01-01", "2028-02-01"), Status.SUBSTITUTED)
    assert (joined.period, joined.person_id, joined.continuous) == (joiner.period, "wang", False)
    assert [len(cover_on((leaver, joined), day(on))) for on in ("2028-02-01", "2028-02-02")] == [1, 1]


@pytest.mark.parametrize(
    ("leave", "first", "last", "person", "claim", "code"),
    [
        ("2028-02-02", "2028-02-03", "2028-12-31", "wang", False, "coverage.substitution_too_late"),
        ("2028-12-31", "2029-01-01", "2029-01-01", "wang", False, "coverage.substitution_too_late"),
        ("2028-02-01", "2028-02-02", "2028-12-31", "wang", True, "coverage.has_claim"),
        ("2028-02-01", "2028-02-02", "2028-12-31", "li", False, "coverage.same_person"),
        ("2028-02-01", "2028-02-03", "2028-12-31", "wang", False, "coverage.hole"),
        ("2028-02-01", "2028-02-02", "2029-01-01", "wang", False, "coverage.hole"),
        ("2028-01-30", "2028-01-31", "2028-12-31", "wang", False, "coverage.past_is_settled"),
    ],
)
def test_a_substitution_is_refused(
    leave: str, first: str, last: str, person: str, claim: bool, code: str
) -> None:
    joiner = grant("B", days(first, last), person)
    swap = substitute("A", leave, joiner, on="2028-01-31", claim=claim)
    assert refusal_of(add("A", YEAR), swap) == code


def test_the_month_of_a_substitution_is_not_renewed_by_substituting() -> None:
    first_swap = substitute(
        "A", "2028-02-01", grant("B", days("2028-02-02", "2028-12-31"), "wang"), on="2028-01-20"
    )
    second = substitute(
        "B", "2028-02-20", grant("C", days("2028-02-21", "2028-12-31"), "zhao"), on="2028-02-20"
    )
    assert refusal_of(add("A", YEAR), first_swap, second) == "coverage.substitution_too_late"


def test_nobody_takes_over_a_place_without_a_day_left() -> None:
    two_weeks = days("2028-01-01", "2028-01-14")
    swap = substitute(
        "A", "2028-01-14", grant("B", days("2028-01-15", "2028-01-15"), "wang"), on="2028-01-05"
    )
    assert refusal_of(add("A", two_weeks), swap) == "coverage.after_the_end"


def test_the_month_of_a_substitution_moves_with_a_corrected_first_day() -> None:
    cover = add("A", YEAR)
    moved = correct("A", days("2028-01-15", "2028-12-31"), on="2027-12-31")
    swap = substitute(
        "A", "2028-02-15", grant("B", days("2028-02-16", "2028-12-31"), "wang"), on="2028-02-10"
    )
    assert refusal_of(cover, moved, swap) == "accepted"
    assert refusal_of(cover, swap) == "coverage.substitution_too_late"


def test_leaving_before_the_first_day_hands_over_the_whole_period() -> None:
    cover = add("A", YEAR, on="2027-12-01")
    swap = substitute("A", "2027-12-30", grant("B", YEAR, "wang"), on="2027-12-30")
    leaver, joined = coverage([cover, swap])
    assert (leaver.status, joined.period) == (Status.WITHDRAWN, YEAR)


@pytest.mark.parametrize(
    ("paid", "first", "code"),
    [
        ("2028-11-01", "2029-01-01", "accepted"),
        ("2028-12-31", "2029-01-01", "accepted"),  # the last day: no gap
        ("2028-11-01", "2029-01-02", "coverage.hole"),
        ("2028-11-01", "2028-12-31", "coverage.hole"),
        ("2029-01-01", "2029-01-02", "accepted"),  # one day late: one day without cover
        ("2029-01-01", "2029-01-01", "coverage.hole"),
        ("2029-01-30", "2029-01-31", "accepted"),  # thirty days late: thirty days without cover
        ("2029-01-31", "2029-02-01", "coverage.renewal_too_late"),
    ],
)
def test_a_renewal_joins_the_old_cover_or_begins_the_day_after_a_late_payment(
    paid: str, first: str, code: str
) -> None:
    renewal = renew("A", grant("B", first_period(day(first))), on=paid)
    assert refusal_of(add("A", YEAR), renewal) == code


@pytest.mark.parametrize(("paid", "gap"), [("2028-12-31", 0), ("2029-01-01", 1), ("2029-01-30", 30)])
def test_a_renewal_in_time_is_continuous_and_its_gap_covers_nobody(paid: str, gap: int) -> None:
    first = day("2029-01-01") + timedelta(days=gap)
    old, new = coverage([add("A", YEAR), renew("A", grant("B", first_period(first)), on=paid)])
    assert (old.continuous, new.continuous) == (False, True)
    assert (new.period.first - old.period.last).days == gap + 1
    uncovered = [old.period.last + timedelta(days=step) for step in range(1, gap + 1)]
    assert not any(cover_on((old, new), each) for each in uncovered)


def test_leaving_ends_every_renewal_not_yet_begun() -> None:
    history = [
        add("A", YEAR),
        renew("A", grant("B", days("2029-01-01", "2029-12-31")), on="2028-05-01"),
        renew("B", grant("C", days("2030-01-01", "2030-12-31")), on="2028-05-02"),
    ]
    left = coverage([*history, remove("A", "2028-06-30", on="2028-06-01")])
    assert [cover.status for cover in left] == [Status.LEFT, Status.WITHDRAWN, Status.WITHDRAWN]
    assert refusal_of(*history, renew("A", grant("D", YEAR), on="2028-06-01")) == "coverage.renewed_already"


def test_being_substituted_ends_every_renewal_not_yet_begun() -> None:
    history = [
        add("A", YEAR),
        renew("A", grant("B", days("2029-01-01", "2029-12-31")), on="2028-01-02"),
        substitute("A", "2028-01-10", grant("C", days("2028-01-11", "2028-12-31"), "wang"), on="2028-01-05"),
    ]
    assert {cover.certificate: cover.status for cover in coverage(history)} == {
        "A": Status.SUBSTITUTED,
        "B": Status.WITHDRAWN,
        "C": Status.STANDING,
    }


def test_a_renewal_is_for_the_same_person_and_product() -> None:
    cover, next_year = add("A", YEAR), days("2029-01-01", "2029-12-31")
    stranger = renew("A", grant("B", next_year, "wang"), on="2028-06-01")
    other = renew("A", grant("B", next_year, product="hospital"), on="2028-06-01")
    assert refusal_of(cover, stranger) == "coverage.other_person"
    assert refusal_of(cover, other) == "coverage.other_product"


def test_a_joiner_takes_over_the_same_product() -> None:
    rest = days("2028-01-11", "2028-12-31")
    swap = substitute("A", "2028-01-10", grant("B", rest, "wang", "hospital"), on="2028-01-05")
    assert refusal_of(add("A", YEAR), swap) == "coverage.other_product"


def test_somebody_who_left_comes_back_as_new_not_by_renewal() -> None:
    history = [add("A", YEAR), remove("A", "2028-12-15", on="2028-12-15")]
    renewal = renew("A", grant("B", days("2028-12-21", "2029-12-20")), on="2028-12-20")
    assert refusal_of(*history, renewal) == "coverage.not_standing"


def test_a_correction_moves_only_days_that_are_still_to_come() -> None:
    cover = add("A", YEAR)
    later = days("2028-01-15", "2029-01-14")
    assert coverage([cover, correct("A", later, on="2027-12-31")])[0].period == later
    assert refusal_of(cover, correct("A", later, on="2028-01-01")) == "coverage.past_is_settled"
    shorter = days("2028-01-01", "2028-06-30")
    assert refusal_of(cover, correct("A", shorter, on="2028-06-30")) == "accepted"
    assert refusal_of(cover, correct("A", shorter, on="2028-07-01")) == "coverage.past_is_settled"


def test_a_leave_recorded_by_mistake_is_undone_only_while_cover_lasts() -> None:
    history = [add("A", YEAR), remove("A", "2028-03-31", on="2028-03-01")]
    undone = coverage([*history, correct("A", YEAR, on="2028-03-31")])
    assert (undone[0].period, undone[0].status) == (YEAR, Status.STANDING)
    assert refusal_of(*history, correct("A", YEAR, on="2028-04-01")) == "coverage.past_is_settled"


def test_a_correction_never_moves_a_day_another_certificate_hangs_on() -> None:
    renewed = [add("A", YEAR), renew("A", grant("B", days("2029-01-01", "2029-12-31")), on="2028-05-01")]
    sooner = correct("A", days("2028-01-01", "2028-12-30"), on="2028-06-01")
    assert refusal_of(*renewed, sooner) == "coverage.renewed_already"
    begins_later = correct("B", days("2029-01-02", "2029-12-31"), on="2028-06-01")
    assert refusal_of(*renewed, begins_later) == "coverage.hole"
    swap = substitute(
        "A", "2028-01-10", grant("B", days("2028-01-11", "2028-12-31"), "wang"), on="2028-01-05"
    )
    longer = correct("A", YEAR, on="2028-01-06")
    assert refusal_of(add("A", YEAR), swap, longer) == "coverage.not_standing"


def test_correcting_facts_about_the_person_leaves_every_day_alone() -> None:
    cover = add("A", YEAR)
    assert coverage([cover, correct("A", None, on="2028-06-01", fields=("name",))]) == coverage([cover])
    assert refusal_of(cover, correct("A", None, on="2028-06-01")) == "coverage.nothing_to_correct"
    assert refusal_of(cover, correct("A", YEAR, on="2028-06-01")) == "coverage.nothing_to_correct"


def test_the_order_of_telling_and_telling_twice_change_nothing() -> None:
    history = [
        add("A", YEAR),
        add("X", YEAR, person="wang"),
        remove("A", "2028-03-31", on="2028-03-01"),
        correct("A", days("2028-01-01", "2028-04-30"), on="2028-03-01"),
        renew("A", grant("B", days("2028-05-01", "2029-04-30")), on="2028-03-01"),
    ]
    expected = coverage(history)
    for seed in range(20):
        told = [*history, history[0], history[3]]
        random.Random(seed).shuffle(told)
        assert coverage(told) == expected


def test_one_certificate_cannot_have_two_endorsements_of_one_sequence() -> None:
    cover = add("A", YEAR)
    clash = replace(remove("A", "2028-03-31", on="2028-03-01"), sequence=cover.sequence)
    assert refusal_of(cover, clash) == "coverage.sequence_taken"


def test_certificates_are_never_reused_and_never_made_up() -> None:
    assert refusal_of(add("A", YEAR), add("A", YEAR, person="wang")) == "coverage.certificate_taken"
    later = renew("A", grant("A", days("2029-01-01", "2029-12-31")), on="2028-05-01")
    assert refusal_of(add("A", YEAR), later) == "coverage.certificate_taken"
    assert refusal_of(remove("A", "2028-03-31", on="2028-03-01")) == "coverage.unknown_certificate"


def test_a_roster_of_five_thousand_is_worked_out_in_a_moment() -> None:
    roster = [add(f"C{n}", YEAR, person=f"person-{n}") for n in range(5_000)]
    assert len(coverage(roster)) == 5_000
