"""The one benefit engine: `assess(terms, facts)`, pure and exact to the fen (docs/decisions/0007).

The claimant's estimate, the adjuster's proposal and the published cases all use it. Amounts in the terms are
per unit (份): sums, daily amounts and limits are multiplied by the units held; a reimbursement's rate is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.benefits.model import AssessedBenefit, Assessment, Facts, Running, Why, day, rounded, yuan
from chalicelib.benefits.rules.checks import causes_of, check, condition_of, cover_of
from chalicelib.benefits.rules.counting import SECOND_GRADE
from chalicelib.benefits.rules.starts import reduced_until, waiting_days
from chalicelib.benefits.rules.sums import Due, due_of, earlier_of
from chalicelib.catalog.terms import (
    AnyBenefit,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    Need,
    Product,
    Reimbursement,
)
from chalicelib.kernel import Fen


def assess(terms: Product, facts: Facts) -> Assessment:
    """One line a benefit that the facts give reason for, in the order of the terms; sums to `total_fen`.

    Raises InvalidRequestError naming a fact that is missing, unknown or contradicts another.
    """
    check(terms, facts)
    lines: list[AssessedBenefit] = []
    for benefit in terms.benefits:
        due = due_of(terms, benefit, facts)
        if due is not None:
            lines.append(_line(terms, benefit, facts, due, lines))
    return Assessment(lines=tuple(lines), total_fen=Fen(sum(line.amount_fen for line in lines)))


def _line(
    terms: Product, benefit: AnyBenefit, facts: Facts, due: Due, so_far: Sequence[AssessedBenefit]
) -> AssessedBenefit:
    running = Running(due.fen)
    days, cost = due.days, due.cost_fen
    for why, clause, text in _refusals(terms, benefit, facts):
        running.refuse(why, clause, text)
        days = cost = 0
    if not running.deductions:
        if due.unmet is not None:
            running.take(Why.CONDITION, *due.unmet)
        days = _limit_days(benefit, facts, due, running)
        _reduce(terms, facts, running)
        _less_already_paid(benefit, facts, running)
        _less_rivals(terms, benefit, facts, so_far, running)
        _limit_sums(terms, benefit, facts, so_far, running)
    return AssessedBenefit(
        benefit=benefit.id,
        clause=benefit.clause,
        name=benefit.name,
        text=due.text,
        left_out=due.left_out,
        before_fen=Fen(due.fen),
        deductions=tuple(running.deductions),
        amount_fen=Fen(running.left),
        paid_days=days,
        counted_cost_fen=Fen(cost),
    )


# --- refusals --------------------------------------------------------------------------------------------


def _refusals(terms: Product, benefit: AnyBenefit, facts: Facts) -> Iterator[tuple[Why, str | None, str]]:
    """Each alone takes everything; all are told."""
    cover = cover_of(terms, facts)
    if facts.happened_on not in cover:
        period = f"{day(cover.first)}至{day(cover.last)}"
        text = f"{day(facts.happened_on)}不在保障期（{period}）内，不给付。"
        yield Why.OUTSIDE_COVER, benefit.clause, text
    excluded = [
        each for each in terms.exclusions if each.id in facts.exclusions and each.is_about(benefit.id)
    ]
    if facts.cause not in causes_of(terms, benefit) and facts.cause not in facts.exclusions:
        # Terms that exclude the cause as such do so under its name (`disease`): that clause says it best.
        named = [each.clause for each in terms.exclusions if each.id == facts.cause]
        only, other = ("疾病", "意外伤害") if facts.cause == "accident" else ("意外伤害", "疾病")
        yield Why.CAUSE, (named or [benefit.clause])[0], f"这一项只管{only}，{other}不给付。"
    for exclusion in excluded:
        yield Why.EXCLUSION, exclusion.clause, f"属于责任免除「{exclusion.title}」，不给付。"
    waiting = waiting_days(terms, facts.cause, renewed=facts.renewed)
    if facts.happened_on in cover and _day_of_cover(facts) <= waiting:
        text = f"保障第{_day_of_cover(facts)}天，还在{waiting}天等待期内，不给付。"
        yield Why.WAITING_PERIOD, terms.waiting_period.clause, text
    designated = condition_of(benefit, Need.DESIGNATED_HOSPITAL)
    if designated and not facts.designated_hospital:
        yield Why.CONDITION, designated.clause, "住的不是医保定点医院，不给付。"
    graded = condition_of(benefit, Need.SECOND_GRADE_HOSPITAL)
    grade = facts.diagnosis_hospital_grade
    if graded and isinstance(benefit, LumpSum) and grade is not None and grade < SECOND_GRADE:
        yield Why.CONDITION, graded.clause, "确诊的不是二级及以上医院，不给付。"


def _day_of_cover(facts: Facts) -> int:
    """The first day of cover is day 1."""
    return (facts.happened_on - facts.cover_from).days + 1


# --- deductions and limits -------------------------------------------------------------------------------


def _limit_days(benefit: AnyBenefit, facts: Facts, due: Due, running: Running) -> int:
    """The paid days that remain; all stays and earlier payments of the period share the maximum."""
    if not isinstance(benefit, DailyAllowance):
        return due.days
    before = sum(each.paid_days for each in earlier_of(facts, benefit.id))
    days = min(due.days, max(0, benefit.max_days - before))
    over = due.days - days
    told = _paid_before(f"{before}天") if before else ""
    text = f"每个保障期最多{benefit.max_days}天{told}，少算{over}天。"
    running.take(Why.MAX_DAYS, benefit.clause, over * benefit.daily_fen * facts.units, text)
    return days


def _reduce(terms: Product, facts: Facts, running: Running) -> None:
    period = terms.reduced_benefit_period
    until = reduced_until(terms, facts.cause, renewed=facts.renewed)
    if _day_of_cover(facts) <= until:
        text = f"保障第{_day_of_cover(facts)}天，到第{until}天为减责期，按{period.percent}%给付。"
        reduced = rounded([(running.left, period.percent)])
        running.keep(Why.REDUCED_BENEFIT_PERIOD, period.clause, reduced, text)


def _less_already_paid(benefit: AnyBenefit, facts: Facts, running: Running) -> None:
    """A lump sum is paid once a period; a disability that got worse is paid the difference."""
    if not isinstance(benefit, LumpSum | GradedDisability):
        return
    earlier = earlier_of(facts, benefit.id)
    if isinstance(benefit, LumpSum) and any(not each.same_event for each in earlier):
        text = "这一项每个保障期只给付一次，之前已经给付。"
        running.take(Why.ALREADY_PAID, benefit.clause, running.left, text)
    paid = sum(each.amount_fen for each in earlier if each.same_event)
    running.take(Why.ALREADY_PAID, benefit.clause, paid, f"同一次已经给付{yuan(paid)}，不重复给付。")


def _less_rivals(
    terms: Product, benefit: AnyBenefit, facts: Facts, so_far: Sequence[AssessedBenefit], running: Running
) -> None:
    """`not_with` works both ways: whichever is paid second gives up what the first one paid."""
    for rival in terms.benefits:
        if rival.id in benefit.not_with:
            clause = benefit.clause
        elif benefit.id in rival.not_with:
            clause = rival.clause
        else:
            continue
        before = sum(each.amount_fen for each in earlier_of(facts, rival.id) if each.same_event)
        paid = before + sum(line.amount_fen for line in so_far if line.benefit == rival.id)
        text = f"同一次的{rival.name}已给付{yuan(paid)}，要扣除。"
        running.take(Why.NOT_WITH, clause, paid, text)


def _limit_sums(
    terms: Product, benefit: AnyBenefit, facts: Facts, so_far: Sequence[AssessedBenefit], running: Running
) -> None:
    """The "annual" limit is one of a period of cover: terms of one year are the only ones that have it."""

    def keep(why: Why, clause: str | None, name: str, most: int, paid: int) -> None:
        before = _paid_before(yuan(paid)) if paid else ""
        running.keep(why, clause, most - paid, f"{name}每个保障期最多{yuan(most)}{before}，超出部分不给付。")

    if isinstance(benefit, Reimbursement):
        before = sum(each.amount_fen for each in earlier_of(facts, benefit.id))
        keep(Why.ANNUAL_LIMIT, benefit.clause, "这一项", benefit.annual_limit_fen * facts.units, before)
    paid = sum(each.amount_fen for each in facts.earlier) + sum(line.amount_fen for line in so_far)
    keep(Why.PERIOD_LIMIT, terms.period_limit_clause, "各项合计", terms.period_limit_fen * facts.units, paid)


def _paid_before(what: str) -> str:
    return f"，前面已给付{what}"
