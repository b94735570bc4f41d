"""Why less is paid: each refusal and limit with clause and sentence; and facts nobody can compute with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.benefits import model as fact
from chalicelib.benefits.model import Facts, Stay, Why
from chalicelib.benefits.rules import assess
from chalicelib.catalog.terms import DailyAllowance, GradedDisability, Line, LumpSum, Product, Units
from chalicelib.kernel import Fen, InvalidRequestError
from tests.benefits.plans import (
    START,
    adds_up,
    bill,
    deductions,
    facts,
    hospital,
    ill,
    named,
    nef,
    paid,
    stay,
    total,
    variant,
    womens,
)

# --- refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exclusion", [each.id for each in nef().exclusions])
def test_an_excluded_cause_is_paid_nothing_and_told_the_exclusions_clause(exclusion: str) -> None:
    told = facts(death=True, stays=(stay(15),), costs=bill(30_000), exclusions=(exclusion,))
    answer = assess(nef(), told)
    adds_up(answer)
    assert answer.total_fen == 0
    (expected,) = (each for each in nef().exclusions if each.id == exclusion)
    for line in answer.lines:
        (taken,) = line.deductions
        assert (taken.why, taken.clause) == (Why.EXCLUSION, expected.clause)
        assert expected.title in taken.text
        assert taken.amount_fen == line.before_fen > 0
        assert (line.paid_days, line.counted_cost_fen) == (0, 0)


def test_a_disease_is_not_an_accident_and_the_exclusion_of_diseases_says_so() -> None:
    (taken,) = deductions(nef(), ill(death=True), "death")
    assert (taken.why, taken.clause) == (Why.CAUSE, "article-11")
    assert taken.text == "这一项只管意外伤害，疾病不给付。"
    both = deductions(nef(), ill(death=True, exclusions=("disease",)), "death")
    assert [each.why for each in both] == [Why.EXCLUSION]


def test_an_accident_is_not_the_diagnosis_of_a_listed_disease() -> None:
    (taken,) = deductions(womens(), facts(diagnosis="diagnosis"), "diagnosis")
    assert (taken.why, taken.clause) == (Why.CAUSE, "article-6")


def test_a_benefit_may_say_itself_what_it_is_for() -> None:
    benefit = LumpSum(
        **named("death", "article-6"), amount_fen=Fen(100), trigger="death", causes=("disease",)
    )
    terms = variant(Line.COMPREHENSIVE, benefit)
    assert total(terms, ill(death=True)) == 100
    assert total(terms, facts(death=True)) == 0


def test_every_reason_is_told_and_the_first_takes_it_all() -> None:
    told = facts(happened_on=date(2025, 6, 1), death=True, exclusions=("retired", "drunk_driving"))
    taken = deductions(nef(), told, "death")
    assert [(each.why, each.clause, each.amount_fen) for each in taken] == [
        (Why.OUTSIDE_COVER, "article-6", 5_000_000),
        (Why.EXCLUSION, "article-12", 0),
        (Why.EXCLUSION, "article-16", 0),
    ]
    assert taken[0].text == "2025年6月1日不在保障期（2026年1月1日至2026年12月31日）内，不给付。"


def test_waiting_and_reduced_periods_name_the_day_and_their_clause() -> None:
    on = START + timedelta(days=29)
    (waits,) = deductions(womens(), ill(diagnosis="diagnosis", happened_on=on), "diagnosis")
    assert (waits.why, waits.clause, waits.amount_fen) == (Why.WAITING_PERIOD, "article-5", 1_500_000)
    assert waits.text == "保障第30天，还在30天等待期内，不给付。"
    on += timedelta(days=1)
    (half,) = deductions(womens(), ill(diagnosis="diagnosis", happened_on=on), "diagnosis")
    assert (half.why, half.clause, half.amount_fen) == (Why.REDUCED_BENEFIT_PERIOD, "article-5", 750_000)
    assert half.text == "保障第31天，到第90天为减责期，按50%给付。"


# --- once, not both, at most ----------------------------------------------------------------------------


def test_a_lump_sum_is_paid_once_a_period() -> None:
    later = {"happened_on": date(2026, 9, 1), "diagnosis": "diagnosis"}
    assert total(womens(), ill(**later, earlier=(paid("diagnosis", 750_000),))) == 0
    # The same diagnosis, first paid too little: the difference.
    assert total(womens(), ill(**later, earlier=(paid("diagnosis", 750_000, same=True),))) == 750_000


@pytest.mark.parametrize("order", [("death", "disability"), ("disability", "death")])
@pytest.mark.parametrize("grade", [1, 4, 10])
def test_death_and_disability_are_not_both_paid_in_whatever_order(order: tuple[str, str], grade: int) -> None:
    """Together, in one claim, in two, either first, either listed first: the larger of the two, once."""
    benefits = tuple(next(each for each in nef().benefits if each.id == name) for name in order)
    terms = variant(Line.ACCIDENT, *benefits)
    assert total(terms, facts(death=True, disability_grade=grade)) == 5_000_000
    each = {"death": {"death": True}, "disability": {"disability_grade": grade}}
    first = total(terms, facts(**each[order[0]]))
    second = total(terms, facts(**each[order[1]], earlier=(paid(order[0], first, same=True),)))
    assert first + second == 5_000_000


def test_what_disability_gives_up_for_death_names_the_clause_that_says_so() -> None:
    told = facts(death=True, earlier=(paid("disability", 3_500_000, same=True),))
    (taken,) = deductions(nef(), told, "death")
    assert (taken.why, taken.clause, taken.amount_fen) == (Why.NOT_WITH, "article-7", 3_500_000)
    assert taken.text == "同一次的意外伤残互助金已给付35,000元，要扣除。"


def test_disability_by_another_accident_is_not_deducted() -> None:
    assert deductions(nef(), facts(death=True, earlier=(paid("disability", 500_000),)), "death") == ()


def test_all_benefits_of_a_period_share_the_limit_over_everything() -> None:
    told = facts(death=True, costs=bill(30_000), earlier=(paid("disability", 4_000_000),))
    answer = assess(nef(), told)
    adds_up(answer)
    assert [line.amount_fen for line in answer.lines] == [1_950_000, 0]
    assert [[each.why for each in line.deductions] for line in answer.lines] == [[Why.PERIOD_LIMIT]] * 2
    assert answer.lines[0].deductions[0].text == (
        "各项合计每个保障期最多59,500元，前面已给付40,000元，超出部分不给付。"
    )
    told = msgspec.structs.replace(told, earlier=(paid("disability", 5_950_000),))
    assert total(nef(), told) == 0


def test_shares_multiply_sums_days_money_and_limits_but_no_rate() -> None:
    daily = DailyAllowance(**named("stay", "article-8"), daily_fen=Fen(100), from_day=1, max_days=5)
    grades = (100, 90, 80, 70, 60, 50, 40, 30, 20, 10)
    disability = GradedDisability(**named("grade", "article-7"), sum_fen=Fen(1_000), percent_by_grade=grades)
    limits = {"units": Units(least=1, most=3), "period_limit_fen": Fen(2_000)}
    terms = variant(Line.ACCIDENT, daily, disability, **limits)
    one, three = facts(stays=(stay(5),)), facts(stays=(stay(9),), units=3)
    assert (total(terms, one), total(terms, three)) == (500, 1_500)
    worse = msgspec.structs.replace(three, disability_grade=1)
    assert [line.amount_fen for line in assess(terms, worse).lines] == [1_500, 3_000]
    medical = msgspec.structs.replace(hospital(), units=Units(least=1, most=2))
    assert total(medical, ill(costs=bill(700_000), units=2)) == 300_000
    assert total(medical, ill(costs=bill(20_000_000), units=2)) == 11_750_000


# --- stays -----------------------------------------------------------------------------------------------


def test_a_transfer_on_the_day_of_discharge_is_one_stay() -> None:
    whole = stay(15)
    middle = date(2026, 3, 6)
    halves = (
        Stay(admitted_on=middle, discharged_on=whole.discharged_on, hospital_grade=3),
        Stay(admitted_on=whole.admitted_on, discharged_on=middle, hospital_grade=3),
    )
    assert total(nef(), facts(stays=halves)) == total(nef(), facts(stays=(whole,))) == 60_000
    later = (stay(5), stay(9, date(2026, 3, 7)))  # home for a night: day 4 is counted anew
    assert total(nef(), facts(stays=later)) == 10_000 + 30_000


# --- facts that cannot be computed with -------------------------------------------------------------------

UNUSABLE: dict[str, tuple[Product, dict[str, Any], str]] = {
    "nothing to pay for": (nef(), {}, "death"),
    "a grade where the terms know none": (hospital(), {"disability_grade": 1}, "costs"),
    "a year before any cover": (nef(), {"death": True, "cover_from": date(1999, 12, 31)}, "cover_from"),
    "a year nobody can mean": (nef(), {"death": True, "happened_on": date(2101, 1, 1)}, "happened_on"),
    "cover that ended before it began": (nef(), {"death": True, "cover_to": date(2025, 12, 31)}, "cover_to"),
    "cover longer than the terms": (nef(), {"death": True, "cover_to": date(2027, 1, 1)}, "cover_to"),
    "more shares than the terms allow": (nef(), {"death": True, "units": 2}, "units"),
    "an unknown exclusion": (nef(), {"death": True, "exclusions": ("rain",)}, "exclusions"),
    "a diagnosis the terms do not pay for": (nef(), {"diagnosis": "death"}, "diagnosis"),
    "discharged before admitted": (nef(), {"stays": (stay(-1),)}, "stays"),
    "in hospital before the accident": (nef(), {"stays": (stay(9, date(2026, 2, 28)),)}, "stays"),
    "two stays at once": (nef(), {"stays": (stay(9), stay(9, date(2026, 3, 9)))}, "stays"),
    "others paid more than the bill": (nef(), {"costs": bill(100, 60, 41)}, "costs.total_fen"),
    "outside cost above the bill": (
        hospital(),
        {"costs": bill(100, 60, outside_fen=41)},
        "costs.outside_catalogue_fen",
    ),
    "outside cost not told": (
        hospital(),
        {"costs": msgspec.structs.replace(bill(100), outside_catalogue_fen=None)},
        "costs.outside_catalogue_fen",
    ),
    "paid before for an unknown benefit": (
        nef(),
        {"death": True, "earlier": (paid("luck", 1),)},
        "earlier.benefit",
    ),
    "allowance without its days": (
        nef(),
        {"death": True, "earlier": (paid("hospital_allowance", 1),)},
        "earlier.paid_days",
    ),
    "a bill paid before without its cost": (
        nef(),
        {"costs": bill(100), "earlier": (paid("medical", 1, same=True),)},
        "earlier.counted_cost_fen",
    ),
}


@pytest.mark.parametrize("mistake", UNUSABLE)
def test_facts_that_cannot_be_computed_with_are_refused_by_name(mistake: str) -> None:
    terms, told, field = UNUSABLE[mistake]
    with pytest.raises(InvalidRequestError) as refused:
        assess(terms, facts(**told))
    assert refused.value.code == "benefits.invalid_fact"
    assert refused.value.fields == {f"facts.{field}": refused.value.detail}


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"cause": None}, "facts.cause", "「意外还是疾病」没有填对"),
        ({"cause": "luck"}, "facts.cause", "「意外还是疾病」没有填对"),
        ({"happened_on": "2026-02-29"}, "facts.happened_on", "「发生日期」没有填对"),
        ({"disability_grade": 0}, "facts.disability_grade", "「伤残等级」没有填对"),
        ({"disability_grade": 11}, "facts.disability_grade", "「伤残等级」没有填对"),
        ({"disability_grade": "3"}, "facts.disability_grade", "「伤残等级」没有填对"),
        ({"costs": {"total_fen": -1}}, "facts.costs.total_fen", "「费用总额」没有填对"),
        ({"costs": {}}, "facts.costs.total_fen", "「费用总额」没有填，请补上"),
        ({"stays": [{"admitted_on": "2026-03-01"}]}, "facts.stays.discharged_on", "「出院日期」没有填"),
        ({"stays": {}}, "facts.stays", "「住院记录」没有填对"),
        ({"weather": "rain"}, "facts", "不认识"),
        ({"costs": {"total_fen": 1, "weather": 1}}, "facts.costs", "不认识"),
    ],
)
def test_a_fact_missing_unknown_or_wrong_is_named_in_chinese(
    change: dict[str, Any], field: str, word: str
) -> None:
    told = {"cover_from": "2026-01-01", "cause": "accident", "happened_on": "2026-03-01", "death": True}
    assert isinstance(fact.read(told), Facts)
    with pytest.raises(InvalidRequestError) as refused:
        fact.read({**told, **change})
    assert list(refused.value.fields) == [field]
    assert word in refused.value.detail
    assert "weather" not in refused.value.detail


def test_every_fact_has_a_chinese_name() -> None:
    structs = (Facts, fact.Stay, fact.Costs, fact.EarlierPayment)
    assert set(fact.NAMES) == {name for struct in structs for name in struct.__struct_fields__}


def test_facts_that_are_no_object_are_refused() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        fact.read([])
    assert list(refused.value.fields) == ["facts"]
