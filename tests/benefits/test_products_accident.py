"""The employees' and the children's accident terms: sums worked out on paper, and whose age counts."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from chalicelib.benefits.model import EarlierPayment, Facts, Why
from chalicelib.catalog import service
from chalicelib.catalog.insured import Gender, Insured, MedicalInsurance, OccupationGroup
from chalicelib.catalog.model import AgeBand, Catalogue
from chalicelib.catalog.terms import Excludes, GradedDisability, PlanKind, Product, SourceKind
from chalicelib.pricing import rules
from chalicelib.pricing.model import Answers
from publishing.compiler import age_bands
from tests.benefits.plans import bill, deductions, facts, ill, paid, stay, total

ON = date(2026, 6, 30)


def employee() -> Product:
    """100 yuan a year: death 60,000, disability by grade of 60,000, 50 a day from day 4, 180 days."""
    return service.catalogue().product_version("employee-accident", "2026-1")


def child() -> Product:
    """30 yuan a year: death 20,000, disability by grade of 20,000, 80 % of bills up to 3,000."""
    return service.catalogue().product_version("childrens-accident", "2026-1")


def before(benefit: str, yuan: int, *, same: bool = False, days: int = 0, cost: int = 0) -> EarlierPayment:
    return paid(benefit, yuan * 100, same=same, days=days, cost=cost * 100)


# --- worked by hand, in yuan -----------------------------------------------------------------------------

BY_HAND_EMPLOYEE: dict[str, tuple[Facts, str]] = {
    "death, funeral included": (facts(death=True), "60000.00"),
    "grade 1: 60,000 x 100 %": (facts(disability_grade=1), "60000.00"),
    "grade 2: 60,000 x 90 %": (facts(disability_grade=2), "54000.00"),
    "grade 10: 60,000 x 10 %": (facts(disability_grade=10), "6000.00"),
    "death after 6,000 for grade 10: the rest": (
        facts(death=True, earlier=(before("disability", 6_000, same=True),)),
        "54000.00",
    ),
    "death after 60,000 for grade 1: nothing is left": (
        facts(death=True, earlier=(before("disability", 60_000, same=True),)),
        "0.00",
    ),
    "death after 6,000 for another accident: 60,000 in full": (
        facts(death=True, earlier=(before("disability", 6_000),)),
        "60000.00",
    ),
    "grade 10 that became grade 7 by the same accident: 24,000 - 6,000": (
        facts(disability_grade=7, earlier=(before("disability", 6_000, same=True),)),
        "18000.00",
    ),
    "death and grade 3 at once: 60,000, not 108,000": (
        facts(death=True, disability_grade=3),
        "60000.00",
    ),
    "3 days in hospital: none": (facts(stays=(stay(3),)), "0.00"),
    "4 days: day 4 only, x 50": (facts(stays=(stay(4),)), "50.00"),
    "5 days: days 4 and 5": (facts(stays=(stay(5),)), "100.00"),
    "two stays of 4 days: each begins anew, 1 + 1 days": (
        facts(stays=(stay(4), stay(4, date(2026, 4, 1)))),
        "100.00",
    ),
    "4 days, moved on the day to another hospital for 3: days 4 to 7": (
        facts(stays=(stay(4), stay(3, date(2026, 3, 5)))),
        "200.00",
    ),
    "183 days: days 4 to 183 are 180": (facts(stays=(stay(183),)), "9000.00"),
    "184 days: 181, of which 180 are paid": (facts(stays=(stay(184),)), "9000.00"),
    "170 days were paid before, 20 days now: 10 of 17": (
        facts(stays=(stay(20),), earlier=(before("hospital_allowance", 8_500, days=170),)),
        "500.00",
    ),
    "grade 1 and 183 days: 60,000 + 9,000, which is the limit": (
        facts(disability_grade=1, stays=(stay(183),)),
        "69000.00",
    ),
    "the first day of cover: no waiting": (
        facts(happened_on=date(2026, 1, 1), death=True),
        "60000.00",
    ),
}

BY_HAND_CHILD: dict[str, tuple[Facts, str]] = {
    "death, funeral included": (facts(death=True), "20000.00"),
    "grade 1: 20,000 x 100 %": (facts(disability_grade=1), "20000.00"),
    "grade 10: 20,000 x 10 %": (facts(disability_grade=10), "2000.00"),
    "death after 14,000 for grade 4: the rest": (
        facts(death=True, earlier=(before("disability", 14_000, same=True),)),
        "6000.00",
    ),
    "a bill of 300, nothing deducted first: 80 %": (facts(costs=bill(30_000)), "240.00"),
    "0.01 x 80 % = 0.008, rounded to a fen": (facts(costs=bill(1)), "0.01"),
    "333.33 x 80 % = 266.664": (facts(costs=bill(33_333)), "266.66"),
    "1,234.56, insurance 800, school cover 100: 334.56 x 80 % = 267.648": (
        facts(costs=bill(123_456, 80_000, 10_000)),
        "267.65",
    ),
    "3,749.99 x 80 % = 2,999.992: just below the limit": (facts(costs=bill(374_999)), "2999.99"),
    "3,750.00 x 80 % = 3,000": (facts(costs=bill(375_000)), "3000.00"),
    "3,750.01 x 80 % = 3,000.008: at the limit": (facts(costs=bill(375_001)), "3000.00"),
    "3,762.50 x 80 % = 3,010: 10 above the limit": (facts(costs=bill(376_250)), "3000.00"),
    "2,999 paid for another fall, 100 now: 1 is left of 80": (
        facts(costs=bill(10_000), earlier=(before("medical", 2_999, cost=3_749),)),
        "1.00",
    ),
    "grade 1 and a bill of 5,000: 20,000 + 3,000, which is the limit": (
        facts(disability_grade=1, costs=bill(500_000)),
        "23000.00",
    ),
}


@pytest.mark.parametrize("case", BY_HAND_EMPLOYEE)
def test_an_employee_is_paid_what_paper_says(case: str) -> None:
    told, yuan = BY_HAND_EMPLOYEE[case]
    assert f"{total(employee(), told) / 100:.2f}" == yuan


@pytest.mark.parametrize("case", BY_HAND_CHILD)
def test_a_child_is_paid_what_paper_says(case: str) -> None:
    told, yuan = BY_HAND_CHILD[case]
    assert f"{total(child(), told) / 100:.2f}" == yuan


def test_each_cut_names_its_clause_and_its_sum() -> None:
    (days,) = deductions(employee(), facts(stays=(stay(184),)), "hospital_allowance")
    assert (days.why, days.clause, days.amount_fen) == (Why.MAX_DAYS, "article-9", 50_00)
    (limit,) = deductions(child(), facts(costs=bill(376_250)), "medical")
    assert (limit.why, limit.clause, limit.amount_fen) == (Why.ANNUAL_LIMIT, "article-9", 10_00)
    told = facts(death=True, earlier=(before("disability", 6_000, same=True),))
    (rival,) = deductions(employee(), told, "death")
    assert (rival.why, rival.clause, rival.amount_fen) == (Why.NOT_WITH, "article-8", 6_000_00)


@pytest.mark.parametrize("code", ["employee", "child"])
def test_an_illness_is_not_an_accident(code: str) -> None:
    product = employee() if code == "employee" else child()
    assert total(product, ill(death=True)) == 0
    told = ill(death=True, exclusions=(f"{code}_illness",))
    assert [(each.why, each.clause) for each in deductions(product, told, "death")] == [
        (Why.CAUSE, "article-7"),
        (Why.EXCLUSION, "article-11"),
    ]


def test_every_excluded_event_takes_everything() -> None:
    for product in (employee(), child()):
        for exclusion in product.exclusions:
            if exclusion.excludes is Excludes.COST:
                continue  # a part of the bill, not the event: tests/benefits/test_cost_exclusions.py
            told = facts(death=True, disability_grade=1, exclusions=(exclusion.id,))
            assert total(product, told) == 0
            assert exclusion.clause in {each.clause for each in deductions(product, told, "death")}


# --- what the terms say ----------------------------------------------------------------------------------


def test_published_figures_are_marked_published_and_the_others_samples() -> None:
    published = {name for name, each in employee().sources.items() if each.kind is SourceKind.PUBLISHED}
    assert published == {"fee_fen", "period_years", "group_rules", "benefits.death"}
    assert all(each.kind is SourceKind.SAMPLE for each in child().sources.values())


def test_a_grade_pays_ten_points_less_than_the_one_before() -> None:
    for product in (employee(), child()):
        (graded,) = [each for each in product.benefits if isinstance(each, GradedDisability)]
        assert graded.percent_by_grade == tuple(range(100, 0, -10))
        assert graded.not_with == ("death",)


def test_exclusions_are_this_products_alone() -> None:
    """A package puts several products' exclusions on one screen; each is agreed to by its id."""
    seen: dict[str, str] = {}
    for product in service.catalogue().products_on(ON):
        for exclusion in product.exclusions:
            assert seen.setdefault(exclusion.id, product.code) == product.code


def test_a_child_is_claimed_for_by_the_guardian_with_proof_and_the_guardians_card() -> None:
    for claim_type in child().claim_types:
        papers = {each.id for each in claim_type.documents}
        assert papers >= {"guardian_claim_form", "guardian_id", "relation_proof", "guardian_bank_card"}
        assert "bank_card" not in papers


# --- whose age -------------------------------------------------------------------------------------------


def verdict(catalogue: Catalogue, code: str, **told: object) -> list[str]:
    known = {
        "occupation_group": OccupationGroup.COURIER,
        "born": date(1990, 5, 5),
        "region": catalogue.region("qingfeng"),
        "medical_insurance": MedicalInsurance.NONE,
    }
    answers = Answers(**{**known, **told})
    return [each.code for each in rules.eligibility(catalogue.product(code, ON), None, answers, ON).reasons]


def test_a_childs_ages_make_no_band_of_the_members(catalogue: Catalogue) -> None:
    assert child().insured is Insured.CHILD
    members = [each for each in catalogue.products if each.insured is Insured.MEMBER]
    assert age_bands([*members, child()]) == age_bands(members) == catalogue.age_bands
    as_member = msgspec.structs.replace(child(), insured=Insured.MEMBER)
    assert age_bands([*members, as_member]) != catalogue.age_bands  # 17 and 18 would be told apart


@pytest.mark.parametrize("born", [date(1940, 1, 1), date(1965, 7, 1), date(1990, 5, 5), date(2012, 1, 1)])
def test_no_member_is_too_old_or_too_young_for_a_childs_product(catalogue: Catalogue, born: date) -> None:
    assert verdict(catalogue, "childrens-accident", born=born) == []


def test_nobody_is_refused_a_childs_product_for_sex_age_band_or_occupation(catalogue: Catalogue) -> None:
    told: list[dict[str, Gender | AgeBand | OccupationGroup]] = [
        *({"gender": each} for each in Gender),
        *({"born": each} for each in catalogue.age_bands),
        *({"occupation_group": each} for each in OccupationGroup),
    ]
    for each in told:
        assert verdict(catalogue, "childrens-accident", **each) == []


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (date(2010, 7, 2), ["age_too_low"]),  # 16 the day after cover begins
        (date(2010, 7, 1), []),
        (date(1965, 7, 2), []),  # still 60
        (date(1965, 7, 1), ["age_too_high"]),
    ],
)
def test_an_employees_own_age_counts(catalogue: Catalogue, born: date, refused: list[str]) -> None:
    told = {"born": born, "occupation_group": OccupationGroup.EMPLOYEE}
    assert verdict(catalogue, "employee-accident", **told) == refused


def test_a_courier_is_sent_to_the_product_for_couriers(catalogue: Catalogue) -> None:
    assert verdict(catalogue, "employee-accident") == ["occupation"]
    assert verdict(catalogue, "nef-accident") == []


def test_plans_and_periods() -> None:
    assert (employee().plan, child().plan) == (PlanKind.BASE, PlanKind.SUPPLEMENTARY)
    for product in (employee(), child()):
        cover = product.cover_from(date(2026, 3, 1))
        assert (cover.first, cover.last) == (date(2026, 3, 1), date(2027, 2, 28))
