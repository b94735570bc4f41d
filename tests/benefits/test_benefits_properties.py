"""What holds for any terms and any facts: the engine never pays below zero, above a limit, or by accident."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.benefits.model import Assessment, EarlierPayment, Facts, Stay, Why, rounded
from chalicelib.benefits.rules import assess
from chalicelib.catalog.terms import (
    DailyAllowance,
    GradedDisability,
    Line,
    LumpSum,
    Product,
    ReducedBenefitPeriod,
    Reimbursement,
    WaitingPeriod,
)
from chalicelib.kernel import Fen
from tests.benefits.any_plans import days, earlier_payments, events, money, percents, plans, reimbursements
from tests.benefits.plans import FULL, NO_WAIT, START, adds_up, bill, facts, named, paid, total, variant


def spent(told: Facts, benefit: str | None = None) -> int:
    return sum(each.amount_fen for each in told.earlier if benefit in (None, each.benefit))


def amount(answer: Assessment, benefit: str) -> int:
    return sum(line.amount_fen for line in answer.lines if line.benefit == benefit)


def plain(terms: Product, **changes: Any) -> Product:
    """Without waiting, reduction or a limit over everything."""
    free = {"waiting_period": NO_WAIT, "reduced_benefit_period": FULL, "period_limit_fen": Fen(10**12)}
    return msgspec.structs.replace(terms, **{**free, **changes})


# --- any terms, any facts --------------------------------------------------------------------------------


@given(plans(), events())
def test_the_lines_add_up_and_nothing_is_ever_below_zero(terms: Product, told: Facts) -> None:
    answer = assess(terms, told)
    adds_up(answer)
    assert answer.total_fen >= 0
    order = [each.id for each in terms.benefits]
    assert [line.benefit for line in answer.lines] == sorted(
        (x.benefit for x in answer.lines), key=order.index
    )


@given(plans(), events())
def test_no_limit_is_ever_passed(terms: Product, told: Facts) -> None:
    answer = assess(terms, told)
    assert answer.total_fen <= max(0, terms.period_limit_fen - spent(told))
    for line in answer.lines:
        benefit = next(each for each in terms.benefits if each.id == line.benefit)
        if isinstance(benefit, LumpSum):
            assert line.amount_fen <= benefit.amount_fen
        elif isinstance(benefit, GradedDisability):
            assert line.amount_fen <= benefit.sum_fen
        elif isinstance(benefit, DailyAllowance):
            before = sum(each.paid_days for each in told.earlier if each.benefit == "stay")
            assert line.paid_days <= max(0, benefit.max_days - before)
            assert line.amount_fen <= line.paid_days * benefit.daily_fen
        else:
            assert told.costs is not None
            most = max(0, benefit.annual_limit_fen - spent(told, "medical"))
            assert line.amount_fen <= min(most, told.costs.total_fen + 1)  # the fen of rounding up


@given(plans(), events())
def test_death_and_disability_together_never_pay_more_than_the_larger(terms: Product, told: Facts) -> None:
    answer = assess(plain(terms), told)
    alone = [
        assess(plain(terms), msgspec.structs.replace(told, **one))
        for one in ({"disability_grade": None}, {"death": False})
    ]
    largest = max(amount(alone[0], "death"), amount(alone[1], "grade"))
    assert amount(answer, "death") + amount(answer, "grade") <= largest


@given(plans(), events(), st.randoms(use_true_random=False))
def test_the_order_of_earlier_payments_and_stays_changes_nothing(
    terms: Product, told: Facts, dice: Any
) -> None:
    payments, in_hospital = list(told.earlier), list(told.stays)
    dice.shuffle(payments)
    dice.shuffle(in_hospital)
    shuffled = msgspec.structs.replace(told, earlier=tuple(payments), stays=tuple(in_hospital))
    assert assess(terms, shuffled) == assess(terms, told)


@given(plans(), events(), st.integers(0, 1_000_000))
def test_a_higher_bill_never_pays_less(terms: Product, told: Facts, more: int) -> None:
    assert told.costs is not None
    higher = msgspec.structs.replace(told.costs, total_fen=Fen(told.costs.total_fen + more))
    after = assess(terms, msgspec.structs.replace(told, costs=higher))
    before = assess(terms, told)
    assert after.total_fen >= before.total_fen
    assert amount(after, "medical") >= amount(before, "medical")


@given(plans(), events(), st.integers(1, 1_000_000))
def test_what_others_paid_is_never_paid_again(terms: Product, told: Facts, more: int) -> None:
    assert told.costs is not None
    left = told.costs.total_fen - told.costs.medical_insurance_paid_fen - told.costs.third_party_paid_fen
    by_others = Fen(told.costs.third_party_paid_fen + min(more, left))
    lower = msgspec.structs.replace(told.costs, third_party_paid_fen=by_others)
    assert amount(assess(terms, msgspec.structs.replace(told, costs=lower)), "medical") <= amount(
        assess(terms, told), "medical"
    )


@given(plans(), events(), earlier_payments())
def test_having_been_paid_before_never_pays_more_in_all(
    terms: Product, told: Facts, more: tuple[EarlierPayment, ...]
) -> None:
    """Of fixed sums and allowances; a bill counted before may have used up the deductible."""
    others = tuple(each for each in more if each.benefit != "medical")
    again = msgspec.structs.replace(
        told,
        costs=None,
        stays=told.stays or (Stay(admitted_on=told.happened_on, discharged_on=told.happened_on),),
    )
    known = msgspec.structs.replace(again, earlier=(*again.earlier, *others))
    assert assess(terms, known).total_fen <= assess(terms, again).total_fen


@given(plans(), events(exclusions=("war_earthquake",)))
def test_an_excluded_cause_pays_nothing_whatever_the_terms(terms: Product, told: Facts) -> None:
    answer = assess(terms, told)
    assert answer.total_fen == 0
    clauses = {each.clause for line in answer.lines for each in line.deductions if each.why is Why.EXCLUSION}
    assert clauses == {"article-15"}


# --- splitting -------------------------------------------------------------------------------------------


@given(plans(), days, days, st.integers(0, 30))
def test_splitting_a_stay_in_two_never_pays_more(terms: Product, first: int, second: int, away: int) -> None:
    """A transfer pays exactly the same; a gap counts `from_day` anew. The maximum is shared either way."""
    terms = plain(terms)
    on = date(2026, 3, 1)
    middle, end = on + timedelta(days=first), on + timedelta(days=first + second)
    whole = total(terms, facts(stays=(Stay(admitted_on=on, discharged_on=end),)))
    back = middle + timedelta(days=away)
    parts = (
        Stay(admitted_on=on, discharged_on=middle),
        Stay(admitted_on=back, discharged_on=back + timedelta(days=second)),
    )
    split = total(terms, facts(stays=parts))
    assert split == whole if away == 0 else split <= whole


@given(reimbursements(), st.lists(st.integers(0, 2_000_000), min_size=1, max_size=4))
def test_bills_of_one_event_handed_in_one_by_one_pay_what_they_pay_together(
    benefit: Reimbursement, bills: list[int]
) -> None:
    """To the fen: neither deductible, bands, limit nor rounding care how often somebody comes back."""
    terms = variant(Line.ACCIDENT, benefit)
    earlier: tuple[EarlierPayment, ...] = ()
    for fen in bills:
        (line,) = assess(terms, facts(costs=bill(fen), earlier=earlier)).lines
        earlier += (paid("medical", line.amount_fen, same=True, cost=line.counted_cost_fen),)
    together = total(terms, facts(costs=bill(sum(bills))))
    assert sum(each.amount_fen for each in earlier) == together


@given(plans(), st.lists(days, min_size=1, max_size=4))
def test_stays_claimed_one_by_one_pay_what_they_pay_together(terms: Product, lengths: list[int]) -> None:
    terms, on = plain(terms), date(2026, 3, 1)
    made: list[Stay] = []
    for length in lengths:
        made.append(Stay(admitted_on=on, discharged_on=on + timedelta(days=length)))
        on += timedelta(days=length + 1)
    earlier: tuple[EarlierPayment, ...] = ()
    for each in made:
        (line,) = assess(terms, facts(stays=(each,), earlier=earlier)).lines
        if line.paid_days:
            earlier += (paid("stay", line.amount_fen, same=True, days=line.paid_days),)
    assert sum(each.amount_fen for each in earlier) == total(terms, facts(stays=tuple(made)))


# --- waiting and reduced benefit --------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 60), percents, money, st.integers(1, 120))
def test_each_day_of_cover_pays_nothing_then_its_percent_then_all(
    waits: int, reduced: int, percent: int, sum_fen: Fen, day_of_cover: int
) -> None:
    benefit = LumpSum(**named("illness", "article-6"), amount_fen=sum_fen, trigger="diagnosis")
    terms = variant(
        Line.COMPREHENSIVE,
        benefit,
        waiting_period=WaitingPeriod(first_days=waits),
        reduced_benefit_period=ReducedBenefitPeriod(first_until_day=waits + reduced, percent=percent),
    )
    on = START + timedelta(days=day_of_cover - 1)
    told = facts(cause="disease", diagnosis="illness", happened_on=on)
    if day_of_cover <= waits:
        expected = 0
    elif day_of_cover <= waits + reduced:
        expected = (sum_fen * percent * 2 + 100) // 200  # half up, written differently
    else:
        expected = sum_fen
    assert total(terms, told) == expected
    renewed = msgspec.structs.replace(told, renewed=True)
    assert total(terms, renewed) == sum_fen


@given(st.lists(st.tuples(money, percents), max_size=5))
def test_rounding_is_never_off_by_more_than_half_a_fen(parts: list[tuple[int, int]]) -> None:
    exact_hundredths = sum(fen * percent for fen, percent in parts)
    assert -50 < rounded(parts) * 100 - exact_hundredths <= 50
