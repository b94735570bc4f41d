"""Facts against facts and terms: everything the engine may rely on. Each error names its field."""

from __future__ import annotations

from itertools import pairwise

from chalicelib.benefits.model import FIRST_DAY, LAST_DAY, EarlierPayment, Facts, every_day, invalid
from chalicelib.catalog.terms import (
    AnyBenefit,
    Cause,
    DailyAllowance,
    GradedDisability,
    Line,
    LumpSum,
    Product,
    ReimbursedCost,
    Reimbursement,
)
from chalicelib.kernel import DateInterval

# Lines whose name says what they are for; the others' benefits say it themselves.
IMPLIED_CAUSE: dict[Line, Cause] = {
    Line.ACCIDENT: "accident",
    Line.CHILDRENS_ACCIDENT: "accident",
    Line.CRITICAL_ILLNESS: "disease",
    Line.LIGHT_ILLNESS: "disease",
    Line.WOMENS_DISEASE: "disease",
}


def causes_of(terms: Product, benefit: AnyBenefit) -> tuple[Cause, ...]:
    """What the benefit is for: as it says itself, else as its product's line implies, else both."""
    if benefit.causes or terms.line not in IMPLIED_CAUSE:
        return benefit.causes or ("accident", "disease")
    return (IMPLIED_CAUSE[terms.line],)


def trigger_of(terms: Product, benefit: LumpSum) -> str:
    return benefit.trigger or ("diagnosis" if IMPLIED_CAUSE.get(terms.line) == "disease" else "death")


def cover_of(terms: Product, facts: Facts) -> DateInterval:
    """The whole period, or its part up to the day cover ended early."""
    whole = terms.cover_from(facts.cover_from)
    return DateInterval(whole.first, facts.cover_to or whole.last)


def check(terms: Product, facts: Facts) -> None:
    """Raises InvalidRequestError."""
    for field, on in every_day(facts):
        if not FIRST_DAY <= on <= LAST_DAY:
            raise invalid(field, "日期的年份不对，请重新填写。")
    if facts.cover_to is not None and facts.cover_to not in terms.cover_from(facts.cover_from):
        raise invalid("cover_to", "保障结束日期不在这一个保障期里，请核对。")
    if not terms.units.least <= facts.units <= terms.units.most:
        raise invalid("units", f"这项保障每人{terms.units.least}至{terms.units.most}份，请核对份数。")
    known = {each.id for each in terms.exclusions}
    if not known.issuperset(facts.exclusions):
        raise invalid("exclusions", "条款里没有这一条责任免除，请重新选择。")
    _check_diagnosis(terms, facts)
    _check_stays(facts)
    _check_costs(terms, facts)
    for each in facts.earlier:
        _check_earlier(terms, each)
    _check_something(terms, facts)


def _check_diagnosis(terms: Product, facts: Facts) -> None:
    listed = [
        each.id
        for each in terms.benefits
        if isinstance(each, LumpSum) and trigger_of(terms, each) == "diagnosis"
    ]
    if facts.diagnosis is not None and facts.diagnosis not in listed:
        raise invalid("diagnosis", "这项保障没有按这个病种给付的互助金，请重新选择。")


def _check_stays(facts: Facts) -> None:
    stays = sorted(facts.stays, key=lambda stay: (stay.admitted_on, stay.discharged_on))
    for stay in stays:
        if stay.discharged_on < stay.admitted_on:
            raise invalid("stays", "出院日期早于入院日期，请核对。")
        if facts.cause == "accident" and stay.admitted_on < facts.happened_on:
            raise invalid("stays", "入院日期早于事故日期，请核对。")
    for earlier, later in pairwise(stays):
        if later.admitted_on < earlier.discharged_on:
            raise invalid("stays", "两次住院的日期重叠，请核对。")


def _check_costs(terms: Product, facts: Facts) -> None:
    costs = facts.costs
    if costs is None:
        return
    in_catalogue = any(
        isinstance(each, Reimbursement) and each.cost is ReimbursedCost.IN_CATALOGUE_SELF_PAID
        for each in terms.benefits
    )
    if in_catalogue and costs.outside_catalogue_fen is None:
        raise invalid("costs.outside_catalogue_fen", "请填写医保目录外的费用，没有就填0。")
    paid_by_others = costs.medical_insurance_paid_fen + costs.third_party_paid_fen
    if paid_by_others > costs.total_fen:
        raise invalid("costs.total_fen", "医保和别处已付的合起来，超过了费用总额，请核对。")
    if costs.medical_insurance_paid_fen + (costs.outside_catalogue_fen or 0) > costs.total_fen:
        raise invalid("costs.outside_catalogue_fen", "医保已付和目录外费用合起来，超过了费用总额，请核对。")


def _check_earlier(terms: Product, earlier: EarlierPayment) -> None:
    benefit = next((each for each in terms.benefits if each.id == earlier.benefit), None)
    if benefit is None:
        raise invalid("earlier.benefit", "条款里没有以前领过的这一项，请重新选择。")
    if isinstance(benefit, DailyAllowance) and earlier.amount_fen and not earlier.paid_days:
        raise invalid("earlier.paid_days", "请填写以前的津贴领了多少天。")
    counts = earlier.same_event or (isinstance(benefit, Reimbursement) and benefit.deductible_per == "period")
    if isinstance(benefit, Reimbursement) and counts and earlier.amount_fen and not earlier.counted_cost_fen:
        raise invalid("earlier.counted_cost_fen", "请填写以前那一笔是按多少费用算的。")


def _check_something(terms: Product, facts: Facts) -> None:
    """At least one benefit has to have a reason; else say what the terms would need to know."""
    given = {
        "death": facts.death,
        "diagnosis": facts.diagnosis is not None,
        "disability_grade": facts.disability_grade is not None,
        "stays": bool(facts.stays),
        "costs": facts.costs is not None,
    }
    asked = list(dict.fromkeys(asks(terms, each) for each in terms.benefits))
    if not any(given[field] for field in asked):
        names = {
            "death": "是否身故",
            "diagnosis": "确诊的病种",
            "disability_grade": "伤残等级",
            "stays": "住院日期",
            "costs": "医疗费用",
        }
        wanted = "、".join(names[field] for field in asked)
        raise invalid(asked[0], f"还不能估算，请至少填写一项：{wanted}。")


def asks(terms: Product, benefit: AnyBenefit) -> str:
    """The fact a benefit is paid for."""
    if isinstance(benefit, LumpSum):
        return trigger_of(terms, benefit)
    if isinstance(benefit, GradedDisability):
        return "disability_grade"
    return "stays" if isinstance(benefit, DailyAllowance) else "costs"


# --- what the engine counts with -------------------------------------------------------------------------


def whole_stays(facts: Facts) -> list[int]:
    """Days of each stay, admission day 1, discharge day not counted again (a same-day stay is one day).

    This is how hospitals count (住院病案首页: admission and discharge together are one day). A transfer on
    the day of discharge continues the stay.
    """
    merged: list[list[int]] = []
    for stay in sorted(facts.stays, key=lambda each: (each.admitted_on, each.discharged_on)):
        first, last = stay.admitted_on.toordinal(), stay.discharged_on.toordinal()
        if merged and merged[-1][1] == first:
            merged[-1][1] = last
        else:
            merged.append([first, last])
    return [max(1, last - first) for first, last in merged]


def own_cost(benefit: Reimbursement, facts: Facts) -> int:
    """Fen of the bills that nobody else has paid and the benefit counts."""
    assert facts.costs is not None
    costs = facts.costs
    left = costs.total_fen - costs.medical_insurance_paid_fen - costs.third_party_paid_fen
    if benefit.cost is ReimbursedCost.IN_CATALOGUE_SELF_PAID:
        left -= costs.outside_catalogue_fen or 0
    return max(0, left)
