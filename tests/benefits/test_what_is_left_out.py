"""Exclusions of a part of the cost, and conditions: what they take off, what they leave, by which clause."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.benefits.model import Facts, Stay, Why
from chalicelib.benefits.rules import assess
from chalicelib.catalog import service
from chalicelib.catalog.terms import Excludes, Product
from chalicelib.kernel import InvalidRequestError
from tests.benefits.plans import adds_up, bill, costs, deductions, facts, ill, stay, total

NEWEST = service.catalogue().products_on(date(2026, 11, 27))
EVERY_VERSION = service.catalogue().products


def terms(code: str) -> Product:
    (found,) = (each for each in NEWEST if each.code == code)
    return found


def diagnosed(benefit: str, on: date = date(2026, 6, 1), grade: int = 3) -> Facts:
    return ill(diagnosis=benefit, diagnosis_hospital_grade=grade, happened_on=on)


# --- nine estimates, one a kind, worked on paper ---------------------------------------------------------
# (product, facts, the sum on paper in yuan, one of the engine's lines)

NINE: dict[str, tuple[str, Facts, str, str]] = {
    # 30,000 - 12,000 insured - 4,000 outside = 14,000; 5,000 x 40 % = 2,000; 9,000 x 50 % = 4,500
    "a bill with a part outside the catalogue": (
        "hospital-medical",
        ill(costs=bill(3_000_000, 1_200_000, outside_fen=400_000)),
        "6500.00",
        "医保目录内自己付的费用14,000元：5,000元×40%＋9,000元×50%＝6,500元。",
    ),
    # 20,000 - 6,000 insured - 3,000 the driver paid - 1,000 work injury owes - 0 outside = 10,000:
    # 2,000 + 2,500; grade 9 of 30,000 is 20 %: 6,000; 15 days, 12 x 50 = 600
    "an injury for which others pay a part": (
        "hospital-accident",
        facts(
            costs=costs(
                total_fen=2_000_000,
                medical_insurance_paid_fen=600_000,
                third_party_paid_fen=300_000,
                work_injury_fen=100_000,
                outside_catalogue_fen=0,
            ),
            disability_grade=9,
            stays=(stay(15),),
        ),
        "11100.00",
        "医保目录内自己付的费用10,000元：5,000元×40%＋5,000元×50%＝4,500元。",
    ),
    # 9,000 - 5,000 insured - 700 outside = 3,300; less 300: 3,000 x 50 %
    "a bill less its deductible": (
        "comprehensive",
        ill(costs=bill(900_000, 500_000, outside_fen=70_000)),
        "1500.00",
        "医保目录内自己付的费用3,300元，起付线300元：3,000元×50%＝1,500元。",
    ),
    # 2,600 - 500 the platform paid = 2,100; less 100: 2,000 x 80 %; 10 days, second grade: 7 x 50
    "an accident, its bill and its days": (
        "nef-accident",
        facts(costs=bill(260_000, others_fen=50_000), stays=(stay(10, grade=2),)),
        "1950.00",
        "住院10天，从第4天起算，7天×50元＝350元。",
    ),
    # grade 3 is 80 % of 60,000
    "a disability by its grade": (
        "employee-accident",
        facts(disability_grade=3),
        "48000.00",
        "伤残第3级：60,000元×80%＝48,000元。",
    ),
    # 1,500 of which 600 straightens teeth: 900 x 80 %
    "a child's bill with a part that is no treatment": (
        "childrens-accident",
        facts(costs=costs(total_fen=150_000, not_treatment_fen=60_000)),
        "720.00",
        "别处没有报销的费用900元：900元×80%＝720元。",
    ),
    # two shares of 10,000
    "a critical illness, two shares": (
        "critical-illness",
        ill(
            diagnosis="critical_illness",
            diagnosis_hospital_grade=2,
            happened_on=date(2026, 6, 1),
            units=2,
        ),
        "20000.00",
        "一次给付20,000元（2份）。",
    ),
    # day 60 of the first cover: half of 3,000
    "a light illness in the reduced period": (
        "light-illness",
        diagnosed("light_illness", date(2026, 3, 1)),
        "1500.00",
        "一次给付3,000元。",
    ),
    # 8 days: 5 x 40, from a third-grade hospital after day 90
    "days in hospital for an illness": (
        "allowance-illness",
        ill(stays=(stay(8, date(2026, 6, 1)),), happened_on=date(2026, 6, 1)),
        "200.00",
        "住院8天，从第4天起算，5天×40元＝200元。",
    ),
}


@pytest.mark.parametrize("kind", NINE)
def test_what_was_worked_on_paper_is_what_the_engine_says(kind: str) -> None:
    code, told, yuan, text = NINE[kind]
    answer = assess(terms(code), told)
    adds_up(answer)
    assert f"{answer.total_fen / 100:.2f}" == yuan
    assert text in [line.text for line in answer.lines]


def test_a_certificate_of_before_is_paid_by_the_same_words() -> None:
    """The old files do not say what kind an exclusion is; the same words in the new ones do."""
    old = service.catalogue().product_version("hospital-medical", "2025-1")
    assert total(old, NINE["a bill with a part outside the catalogue"][1]) == 650_000
    for each in EVERY_VERSION:
        newer = terms(each.code)
        same = {other.id: other for other in newer.exclusions}
        assert all(one == same[one.id] for one in each.exclusions)
        assert [one.conditions for one in each.benefits] == [one.conditions for one in newer.benefits]


# --- the part of a bill that does not count --------------------------------------------------------------


def test_each_part_left_out_is_told_with_its_sum_and_its_clause() -> None:
    told = costs(
        total_fen=3_000_000,
        medical_insurance_paid_fen=1_000_000,
        outside_catalogue_fen=400_000,
        third_party_paid_fen=300_000,
        work_injury_fen=200_000,
        unsettled_fen=100_000,
    )
    (line,) = assess(terms("hospital-medical"), ill(costs=told)).lines
    assert [(each.clause, each.amount_fen, each.text) for each in line.left_out] == [
        ("article-7", 1_000_000, "医保已付10,000元，不计入。"),
        ("article-10", 400_000, "医保目录外4,000元，不计入。"),
        ("article-11", 300_000, "别处已付3,000元，不计入。"),
        ("article-11", 200_000, "工伤保险、职业伤害保障该付2,000元，不计入。"),
        ("article-15", 100_000, "医保该付、还没报1,000元，不计入。"),
    ]
    assert line.counted_cost_fen == 1_000_000
    assert line.amount_fen == 450_000  # 5,000 x 40 % + 5,000 x 50 %
    assert not line.deductions


def test_a_part_the_terms_do_not_exclude_changes_nothing() -> None:
    whole = costs(total_fen=210_000)
    also = costs(total_fen=210_000, outside_catalogue_fen=50_000, unsettled_fen=1_000, work_injury_fen=1_000)
    assert total(terms("nef-accident"), facts(costs=whole)) == 160_000
    assert total(terms("nef-accident"), facts(costs=also)) == 160_000


@pytest.mark.parametrize(
    ("code", "version", "exclusion", "sums"),
    [
        (each.code, each.version, one.id, one.sums)
        for each in EVERY_VERSION
        for one in each.exclusions
        if one.excludes is Excludes.COST
    ],
)
def test_a_part_of_the_cost_is_never_a_tick(
    code: str, version: str, exclusion: str, sums: tuple[str, ...]
) -> None:
    product = service.catalogue().product_version(code, version)
    told = facts(costs=bill(700_000), exclusions=(exclusion,))
    with pytest.raises(InvalidRequestError) as refused:
        assess(product, told)
    ((field, sentence),) = refused.value.fields.items()
    assert field == "facts.exclusions"
    names = {
        "outside_catalogue_fen": "「医保目录外费用」",
        "third_party_paid_fen": "「别处已付金额」",
        "work_injury_fen": "「工伤保险、职业伤害保障该付的费用」",
        "unsettled_fen": "「医保该付、还没报的费用」",
        "not_treatment_fen": "「整形、矫正、体检等不是治伤的费用」",
    }
    assert all(names[each] in sentence for each in sums)


# Every exclusion of all ten products, by the words of its article: what it takes away.
COST = {
    "hm_outside_catalogue": {"outside_catalogue_fen"},
    "hm_others_pay": {"third_party_paid_fen", "work_injury_fen"},
    "hm_unsettled": {"unsettled_fen"},
    "ha_outside_catalogue": {"outside_catalogue_fen"},
    "ha_others_pay": {"third_party_paid_fen", "work_injury_fen"},
    "co_outside_catalogue": {"outside_catalogue_fen"},
    "co_others_pay": {"third_party_paid_fen", "work_injury_fen"},
    "child_cosmetic": {"not_treatment_fen"},
}
ONE_BENEFIT = {
    "ha_sudden_death": {"accident_death"},
    "co_sudden_death": {"accident_death"},
    "co_diagnosed_before": {"critical_illness"},
}


@pytest.mark.parametrize("product", NEWEST, ids=lambda each: each.code)
def test_every_exclusion_is_of_the_kind_its_article_says(product: Product) -> None:
    for each in product.exclusions:
        if each.id in COST:
            assert (each.excludes, set(each.sums)) == (Excludes.COST, COST[each.id])
        elif each.id in ONE_BENEFIT:
            assert (each.excludes, set(each.benefits)) == (Excludes.BENEFITS, ONE_BENEFIT[each.id])
        else:
            assert (each.excludes, each.benefits, each.sums) == (Excludes.EVENT, (), ())


def test_what_was_diagnosed_before_takes_the_lump_sum_and_leaves_the_stay() -> None:
    told = ill(
        costs=bill(330_000),
        diagnosis="critical_illness",
        diagnosis_hospital_grade=3,
        exclusions=("co_diagnosed_before",),
    )
    paid = {line.benefit: line.amount_fen for line in assess(terms("comprehensive"), told).lines}
    assert paid == {"medical": 150_000, "critical_illness": 0}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"work_injury_fen": 700_001}, "facts.costs.total_fen"),
        ({"unsettled_fen": 700_001}, "facts.costs.total_fen"),
        ({"unsettled_fen": 400_000, "outside_catalogue_fen": 300_001}, "facts.costs.outside_catalogue_fen"),
        ({"not_treatment_fen": 700_001}, "facts.costs.not_treatment_fen"),
    ],
)
def test_parts_greater_than_the_bill_are_refused_by_name(told: dict[str, int], field: str) -> None:
    made = costs(**{"total_fen": 700_000, "outside_catalogue_fen": 0, **told})
    with pytest.raises(InvalidRequestError) as refused:
        assess(terms("hospital-medical"), ill(costs=made))
    assert list(refused.value.fields) == [field]


# --- conditions that decide the sum ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "clause", "daily"),
    [("nef-accident", "article-8", 5_000), ("allowance-illness", "article-8", 4_000)],
)
@pytest.mark.parametrize(("grade", "days"), [(1, 0), (2, 12), (3, 12)])
def test_days_in_a_hospital_below_second_grade_are_not_paid(
    code: str, clause: str, daily: int, grade: int, days: int
) -> None:
    (line,) = assess(terms(code), facts(stays=(stay(15, grade=grade),))).lines
    assert (line.amount_fen, line.paid_days, line.before_fen) == (days * daily, days, 12 * daily)
    if not days:
        ((why, at, text),) = ((each.why, each.clause, each.text) for each in line.deductions)
        assert (why, at, text) == (Why.CONDITION, clause, "12天住的不是二级及以上医院，不给付。")


def test_a_transfer_to_a_better_hospital_goes_on_counting_and_is_paid_from_there() -> None:
    """Five days below second grade, ten above: day 4 and 5 are not paid, days 6 to 15 are."""
    first = Stay(admitted_on=date(2026, 3, 1), discharged_on=date(2026, 3, 6), hospital_grade=1)
    then = Stay(admitted_on=date(2026, 3, 6), discharged_on=date(2026, 3, 16), hospital_grade=3)
    (line,) = assess(terms("nef-accident"), facts(stays=(then, first))).lines
    assert (line.amount_fen, line.paid_days, line.deductions[0].amount_fen) == (50_000, 10, 10_000)


def test_unpaid_days_do_not_use_up_the_most_that_are_paid() -> None:
    lower, better = stay(53, grade=1), stay(103, date(2026, 6, 1))  # 50 unpaid, 100 of which 90 are paid
    (line,) = assess(terms("nef-accident"), facts(stays=(lower, better))).lines
    assert (line.amount_fen, line.paid_days) == (450_000, 90)
    assert [(each.why, each.amount_fen) for each in line.deductions] == [
        (Why.CONDITION, 250_000),
        (Why.MAX_DAYS, 50_000),
    ]


@pytest.mark.parametrize(
    ("code", "told", "field"),
    [
        ("nef-accident", {"stays": (stay(5, grade=None),)}, "facts.stays.hospital_grade"),
        ("allowance-illness", {"stays": (stay(5, grade=None),)}, "facts.stays.hospital_grade"),
        ("critical-illness", {"diagnosis": "critical_illness"}, "facts.diagnosis_hospital_grade"),
    ],
)
def test_nothing_is_estimated_before_the_hospitals_grade_is_told(
    code: str, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        assess(terms(code), facts(**told))
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("code", ["employee-accident", "hospital-accident"])
def test_where_any_hospital_will_do_nobody_is_asked_for_its_grade(code: str) -> None:
    assert total(terms(code), facts(stays=(stay(15, grade=None),))) == 60_000


@pytest.mark.parametrize(
    ("code", "benefit"),
    [
        ("critical-illness", "critical_illness"),
        ("light-illness", "light_illness"),
        ("womens-disease", "disease"),
        ("allowance-illness", "critical_illness"),
        ("comprehensive", "critical_illness"),
    ],
)
def test_a_diagnosis_below_second_grade_is_none_by_the_terms(code: str, benefit: str) -> None:
    (taken,) = deductions(terms(code), diagnosed(benefit, grade=1), benefit)
    assert (taken.why, taken.clause) == (Why.CONDITION, "article-2")
    assert (
        total(terms(code), diagnosed(benefit, grade=2)) > 0 == total(terms(code), diagnosed(benefit, grade=1))
    )


def test_only_hospitals_of_medical_insurance_count_where_the_terms_say_so() -> None:
    told = facts(costs=bill(700_000), stays=(stay(15),), disability_grade=10, designated_hospital=False)
    paid = {line.benefit: line.amount_fen for line in assess(terms("hospital-accident"), told).lines}
    assert paid == {"medical": 0, "accident_disability": 300_000, "accident_allowance": 0}
    (taken,) = deductions(terms("hospital-accident"), told, "medical")
    assert (taken.why, taken.clause) == (Why.CONDITION, "article-2")
    assert total(terms("employee-accident"), facts(stays=(stay(15),), designated_hospital=False)) == 60_000
