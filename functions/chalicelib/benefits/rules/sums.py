"""What each kind of benefit comes to for the facts, before refusals and limits, with the sum shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.benefits.model import EarlierPayment, Facts, LeftOut, rounded, yuan
from chalicelib.benefits.rules.checks import condition_of, trigger_of
from chalicelib.benefits.rules.counting import hospital_days, is_second_grade, left_out, whole_stays
from chalicelib.catalog.terms import (
    AnyBenefit,
    Band,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    Need,
    Product,
    ReimbursedCost,
    Reimbursement,
)

_COST_NAMES = {
    ReimbursedCost.IN_CATALOGUE_SELF_PAID: "医保目录内自己付的费用",
    ReimbursedCost.REASONABLE_MEDICAL: "别处没有报销的费用",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What a benefit comes to before refusals and limits, and how that was counted.

    `unmet` (clause, fen, text) is the part of it for which a condition does not hold; `days` are without it.
    """

    fen: int
    text: str
    days: int = 0
    cost_fen: int = 0
    left_out: tuple[LeftOut, ...] = ()
    unmet: tuple[str, int, str] | None = None


def earlier_of(facts: Facts, benefit: str) -> list[EarlierPayment]:
    """What this benefit was paid before, in the same period of cover."""
    return [each for each in facts.earlier if each.benefit == benefit]


def due_of(terms: Product, benefit: AnyBenefit, facts: Facts) -> Due | None:
    """None where the facts give no reason for this benefit."""
    held = f"（{facts.units}份）" if facts.units > 1 else ""
    if isinstance(benefit, LumpSum):
        due = facts.death if trigger_of(terms, benefit) == "death" else facts.diagnosis == benefit.id
        fen = benefit.amount_fen * facts.units
        return Due(fen, f"一次给付{yuan(fen)}{held}。") if due else None
    if isinstance(benefit, GradedDisability):
        if facts.disability_grade is None:
            return None
        whole = benefit.sum_fen * facts.units
        percent = benefit.percent_by_grade[facts.disability_grade - 1]
        fen = rounded([(whole, percent)])
        return Due(fen, f"伤残第{facts.disability_grade}级：{yuan(whole)}{held}×{percent}%＝{yuan(fen)}。")
    if isinstance(benefit, DailyAllowance):
        return _allowance(benefit, facts, held) if facts.stays else None
    return None if facts.costs is None else _reimbursement(terms, benefit, facts)


def _allowance(benefit: DailyAllowance, facts: Facts, held: str) -> Due:
    """Day `from_day` is counted anew for each stay; a transfer on the day of discharge is the same stay."""
    stays = [hospital_days(each) for each in whole_stays(facts)]
    late = [day for each in stays for day in each[benefit.from_day - 1 :]]
    paid, together = len(late), sum(map(len, stays))
    daily = benefit.daily_fen * facts.units
    stayed = f"住院{together}天" if len(stays) == 1 else f"住院{len(stays)}次共{together}天，每次"
    if not paid:
        return Due(0, f"{stayed}从第{benefit.from_day}天起才有津贴。")
    comma = "，" if len(stays) == 1 else ""
    text = (
        f"{stayed}{comma}从第{benefit.from_day}天起算，{paid}天×{yuan(daily)}{held}＝{yuan(daily * paid)}。"
    )
    graded = condition_of(benefit, Need.SECOND_GRADE_HOSPITAL)
    lower = [each for each in late if not is_second_grade(each)] if graded else []
    if not graded or not lower:
        return Due(daily * paid, text, days=paid)
    unmet = (graded.clause, daily * len(lower), f"{len(lower)}天住的不是二级及以上医院，不给付。")
    return Due(daily * paid, text, days=paid - len(lower), unmet=unmet)


def _reimbursement(terms: Product, benefit: Reimbursement, facts: Facts) -> Due:
    """The bands' percent of the cost that comes on top of what was counted before (deductible taken once).

    The whole is rounded and what was due before is subtracted, so bills handed in one by one never add up to
    more than together.
    """
    assert facts.costs is not None
    out = left_out(terms, benefit, facts.costs)
    cost = max(0, facts.costs.total_fen - sum(each.amount_fen for each in out))
    together = benefit.deductible_per == "period"
    before = sum(
        each.counted_cost_fen for each in earlier_of(facts, benefit.id) if together or each.same_event
    )
    due = rounded(_bands(benefit.bands, 0, before + cost))
    fen = due - rounded(_bands(benefit.bands, 0, before))
    parts = [(part, percent) for part, percent in _bands(benefit.bands, before, before + cost) if part]
    text = f"{_COST_NAMES[benefit.cost]}{yuan(cost)}"
    if before:
        text += f"，之前已计入{yuan(before)}"
    if benefit.deductible_fen:
        text += f"，起付线{yuan(benefit.deductible_fen)}"
    if not parts:
        text = f"{text}，没有超出，不给付。" if benefit.deductible_fen else f"{text}。"
        return Due(0, text, cost_fen=cost, left_out=out)
    sums = "＋".join(f"{yuan(part)}×{percent}%" for part, percent in parts)
    return Due(fen, f"{text}：{sums}＝{yuan(fen)}。", cost_fen=cost, left_out=out)


def _bands(bands: Sequence[Band], low: int, high: int) -> Iterator[tuple[int, int]]:
    """(fen, percent) of the part of low..high in each band. The first band begins at the deductible."""
    ends = [*(band.above_fen for band in bands[1:]), max(high, bands[-1].above_fen)]
    for band, end in zip(bands, ends, strict=True):
        yield max(0, min(high, end) - max(low, band.above_fen)), band.percent
