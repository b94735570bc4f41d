"""Facts against facts and terms: everything the engine may rely on. Each error names its field."""

from __future__ import annotations

from itertools import pairwise

from chalicelib.benefits.model import (
    FIRST_DAY,
    LAST_DAY,
    NAMES,
    EarlierPayment,
    Facts,
    every_day,
    invalid,
)
from chalicelib.catalog.terms import (
    AnyBenefit,
    Cause,
    Condition,
    DailyAllowance,
    Excludes,
    GradedDisability,
    Line,
    LumpSum,
    Need,
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


_GRADE_DECIDES = "给不给要看医院的等级。"


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
    _check_exclusions(terms, facts)
    _check_diagnosis(terms, facts)
    _check_stays(terms, facts)
    _check_costs(terms, facts)
    for each in facts.earlier:
        _check_earlier(terms, each)
    _check_something(terms, facts)


def _check_exclusions(terms: Product, facts: Facts) -> None:
    """A part of the cost is not the event: whoever ticks it is told which sum to give."""
    known = {each.id: each for each in terms.exclusions}
    for name in facts.exclusions:
        if name not in known:
            raise invalid("exclusions", "条款里没有这一条责任免除，请重新选择。")
        if known[name].excludes is Excludes.COST:
            sums = "、".join(f"「{NAMES[each]}」" for each in known[name].sums)
            raise invalid(
                "exclusions",
                f"「{known[name].title}」只是这部分钱不算，其余照样给付。请不要勾选，改填{sums}的金额。",
            )


def _check_diagnosis(terms: Product, facts: Facts) -> None:
    listed = [
        each.id
        for each in terms.benefits
        if isinstance(each, LumpSum) and trigger_of(terms, each) == "diagnosis"
    ]
    if facts.diagnosis is not None and facts.diagnosis not in listed:
        raise invalid("diagnosis", "这项保障没有按这个病种给付的互助金，请重新选择。")
    graded = any(
        each.id == facts.diagnosis and condition_of(each, Need.SECOND_GRADE_HOSPITAL)
        for each in terms.benefits
    )
    if graded and facts.diagnosis_hospital_grade is None:
        raise invalid("diagnosis_hospital_grade", f"{_GRADE_DECIDES}请选择确诊的那家医院是几级。")


def _check_stays(terms: Product, facts: Facts) -> None:
    graded = any(
        isinstance(each, DailyAllowance) and condition_of(each, Need.SECOND_GRADE_HOSPITAL)
        for each in terms.benefits
    )
    if graded and any(each.hospital_grade is None for each in facts.stays):
        raise invalid("stays.hospital_grade", f"{_GRADE_DECIDES}请选择住院的那家医院是几级。")
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
    insured = costs.medical_insurance_paid_fen + costs.unsettled_fen
    if insured + costs.third_party_paid_fen + costs.work_injury_fen > costs.total_fen:
        raise invalid("costs.total_fen", "医保和别处付的、该付的合起来，超过了费用总额，请核对。")
    if insured + (costs.outside_catalogue_fen or 0) > costs.total_fen:
        raise invalid("costs.outside_catalogue_fen", "医保已付和目录外费用合起来，超过了费用总额，请核对。")
    if costs.not_treatment_fen > costs.total_fen:
        raise invalid("costs.not_treatment_fen", "不是治伤的费用超过了费用总额，请核对。")


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


def condition_of(benefit: AnyBenefit, need: Need) -> Condition | None:
    """The benefit's condition that asks for this, if it has one."""
    return next((each for each in benefit.conditions if each.needs is need), None)
