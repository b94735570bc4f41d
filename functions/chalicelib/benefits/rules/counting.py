"""What the engine counts with: hospital days and the part of a bill that a benefit is for."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.benefits.model import Costs, Facts, LeftOut, Stay, yuan
from chalicelib.catalog.terms import CostSum, Excludes, Product, ReimbursedCost, Reimbursement
from chalicelib.kernel import Fen

SECOND_GRADE = 2


def whole_stays(facts: Facts) -> list[list[Stay]]:
    """The stays in order, those that a transfer on the day of discharge makes one stay together."""
    merged: list[list[Stay]] = []
    for stay in sorted(facts.stays, key=lambda each: (each.admitted_on, each.discharged_on)):
        if merged and merged[-1][-1].discharged_on == stay.admitted_on:
            merged[-1].append(stay)
        else:
            merged.append([stay])
    return merged


def hospital_days(stay: list[Stay]) -> list[Stay]:
    """For each day of a whole stay the hospital it was spent in; admission day first.

    The discharge day is not counted again, a same-day stay is one day: this is how hospitals count
    (住院病案首页: admission and discharge together are one day).
    """
    days = [part for part in stay for _ in range((part.discharged_on - part.admitted_on).days)]
    return days or [stay[-1]]


def is_second_grade(stay: Stay) -> bool:
    return stay.hospital_grade is not None and stay.hospital_grade >= SECOND_GRADE


def left_out(terms: Product, benefit: Reimbursement, costs: Costs) -> tuple[LeftOut, ...]:
    """The parts of the bill that this benefit does not count, each with the clause that says so."""
    return tuple(
        LeftOut(clause=clause, amount_fen=Fen(fen), text=f"{words}{yuan(fen)}，不计入。")
        for clause, fen, words in _parts(terms, benefit, costs)
        if fen
    )


_WORDS = {
    CostSum.OUTSIDE_CATALOGUE: "医保目录外",
    CostSum.THIRD_PARTY_PAID: "别处已付",
    CostSum.WORK_INJURY: "工伤保险、职业伤害保障该付",
    CostSum.UNSETTLED: "医保该付、还没报",
    CostSum.NOT_TREATMENT: "不是治伤",
}


def _parts(terms: Product, benefit: Reimbursement, costs: Costs) -> Iterator[tuple[str, int, str]]:
    """What its own clause takes off (whoever paid already, the catalogue), and what exclusions of cost do."""
    yield benefit.clause, costs.medical_insurance_paid_fen, "医保已付"
    clauses = {
        each: exclusion.clause
        for exclusion in terms.exclusions
        if exclusion.excludes is Excludes.COST and exclusion.is_about(benefit.id)
        for each in exclusion.sums
    }
    clauses.setdefault(CostSum.THIRD_PARTY_PAID, benefit.clause)
    if benefit.cost is ReimbursedCost.IN_CATALOGUE_SELF_PAID:
        clauses.setdefault(CostSum.OUTSIDE_CATALOGUE, benefit.clause)
    for each in CostSum:
        if each in clauses:
            yield clauses[each], getattr(costs, each) or 0, _WORDS[each]
