"""The three products that pay for a stay in hospital: sums by hand, and text that says what the data say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from chalicelib.benefits.model import Costs, Facts, Why
from chalicelib.catalog import service
from chalicelib.catalog.insured import MedicalInsurance, OccupationGroup
from chalicelib.catalog.terms import Excludes, LumpSum, Product
from chalicelib.kernel import Fen, InvalidRequestError
from chalicelib.pricing import rules
from chalicelib.pricing.model import Answers
from publishing import compiler, figures
from publishing.compiler import Compiled
from tests.benefits.plans import START, bill, deductions, facts, ill, paid, stay, total

CODES = ["hospital-medical", "hospital-accident", "comprehensive"]
TODAY = date(2026, 6, 18)
EIGHT = {
    OccupationGroup.FOOD_DELIVERY_WORKER,
    OccupationGroup.COURIER,
    OccupationGroup.TRUCK_DRIVER,
    OccupationGroup.DOMESTIC_WORKER,
    OccupationGroup.NURSING_AIDE,
    OccupationGroup.MALL_INFORMATION_OFFICER,
    OccupationGroup.ESTATE_AGENT,
    OccupationGroup.SECURITY_GUARD,
}


def terms(code: str) -> Product:
    return service.catalogue().product_version(code, "2026-1")


@cache
def with_cases() -> Compiled:
    """All of content/; the functions' own data have no case studies."""
    return compiler.compile_content(compiler.CONTENT)


def prose(code: str, page: str) -> str:
    compiled = with_cases()
    return figures.render_body(compiled.pages[f"products/{code}/{page}.md"], compiled.catalogue, TODAY)


# --- worked by hand: (product, facts, fen); the sum beside each is in yuan -------------------------------

HOSPITAL = "hospital-medical"
BOTH = "hospital-accident"
ALL = "comprehensive"
BY_HAND: dict[str, tuple[str, Facts, int]] = {
    "7,000: 5,000 x 40 % + 2,000 x 50 %": (HOSPITAL, ill(costs=bill(700_000)), 300_000),
    "bill 20,000, insurance 12,000, outside 1,000: the same 7,000": (
        HOSPITAL,
        ill(costs=bill(2_000_000, 1_200_000, outside_fen=100_000)),
        300_000,
    ),
    "who caused it paid 2,000 of the 7,000: 5,000 x 40 %": (
        HOSPITAL,
        facts(costs=bill(700_000, others_fen=200_000)),
        200_000,
    ),
    "all of it outside the catalogue": (HOSPITAL, ill(costs=bill(700_000, outside_fen=700_000)), 0),
    "the card's own: 5,000 x 40 % + 15,000 x 50 %": (HOSPITAL, ill(costs=bill(2_000_000)), 950_000),
    "a second stay begins at the first band again: 5,000 x 40 %": (
        HOSPITAL,
        ill(costs=bill(500_000), earlier=(paid("medical", 950_000, cost=2_000_000),)),
        200_000,
    ),
    "a second bill of the same stay goes on in its band: 2,000 x 50 %": (
        HOSPITAL,
        ill(costs=bill(200_000), earlier=(paid("medical", 200_000, same=True, cost=500_000),)),
        100_000,
    ),
    "99,000 paid before in the period: 1,000 are left": (
        HOSPITAL,
        ill(costs=bill(2_000_000), earlier=(paid("medical", 9_900_000, cost=16_000_000),)),
        100_000,
    ),
    "the card's own: grade 4 is 30,000 x 70 %": (BOTH, facts(disability_grade=4), 2_100_000),
    "grade 4, 15 days (12 x 50) and 7,000 self-paid: 21,000 + 600 + 3,000": (
        BOTH,
        facts(disability_grade=4, stays=(stay(15),), costs=bill(700_000)),
        2_460_000,
    ),
    "ill for 15 days: the 3,000, no allowance": (BOTH, ill(stays=(stay(15),), costs=bill(700_000)), 300_000),
    "accident death": (BOTH, facts(death=True), 3_000_000),
    "sudden death after a stay of 7,000: only the 3,000": (
        BOTH,
        ill(death=True, costs=bill(700_000), exclusions=("ha_sudden_death",)),
        300_000,
    ),
    "others paid the bill, and that is all they take away: 30,000 x 10 %": (
        BOTH,
        facts(disability_grade=10, costs=bill(700_000, others_fen=700_000)),
        300_000,
    ),
    "grade 8 paid before by the same accident, then death: 30,000 - 9,000": (
        BOTH,
        facts(death=True, earlier=(paid("accident_disability", 900_000, same=True),)),
        2_100_000,
    ),
    "death, 103 days of hospital and a great bill: 30,000 + 90 x 50 + 60,000": (
        BOTH,
        facts(death=True, stays=(stay(103),), costs=bill(20_000_000)),
        9_450_000,
    ),
    "7,000 less 300, x 50 %": (ALL, ill(costs=bill(700_000)), 335_000),
    "20,000 less 300 x 50 %, 10,000 x 60 %": (ALL, ill(costs=bill(3_000_000)), 1_585_000),
    "a listed disease": (ALL, ill(diagnosis="critical_illness", diagnosis_hospital_grade=2), 2_000_000),
    "the card's own: the disease and a stay of 20,300: 20,000 + 19,700 x 50 % + 300 x 60 %": (
        ALL,
        ill(diagnosis="critical_illness", diagnosis_hospital_grade=2, costs=bill(2_030_000)),
        3_003_000,
    ),
    "a second listed disease in the same period": (
        ALL,
        ill(
            diagnosis="critical_illness",
            diagnosis_hospital_grade=2,
            earlier=(paid("critical_illness", 2_000_000),),
        ),
        0,
    ),
    "accident death, the greater sum": (ALL, facts(death=True), 5_000_000),
    "grade 1 and a great bill: 50,000 + 50,000": (
        ALL,
        facts(disability_grade=1, costs=bill(20_000_000)),
        10_000_000,
    ),
    "95,000 for other things before: 120,000 - 95,000": (
        ALL,
        facts(
            death=True,
            earlier=(
                paid("medical", 5_000_000, cost=9_000_000),
                paid("critical_illness", 2_000_000),
                paid("accident_disability", 2_500_000),
            ),
        ),
        2_500_000,
    ),
}


@pytest.mark.parametrize("example", BY_HAND)
def test_an_example_computed_by_hand_comes_out_to_the_fen(example: str) -> None:
    code, told, fen = BY_HAND[example]
    assert total(terms(code), told) == fen


# --- boundaries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cost", "fen"),
    [
        (HOSPITAL, 0, 0),
        (HOSPITAL, 1, 0),  # 0.4 fen
        (HOSPITAL, 2, 1),  # 0.8 fen
        (HOSPITAL, 500_000, 200_000),
        (HOSPITAL, 500_001, 200_001),  # half a fen more, rounded up
        (HOSPITAL, 2_000_000, 950_000),
        (HOSPITAL, 2_000_001, 950_001),
        (HOSPITAL, 17_083_332, 9_999_999),  # 9,500 + 150,833.32 x 60 % = 99,999.992
        (HOSPITAL, 17_083_333, 10_000_000),
        (HOSPITAL, 17_083_334, 10_000_000),
        (BOTH, 500_000, 200_000),
        (BOTH, 500_001, 200_001),
        (BOTH, 10_416_666, 6_000_000),  # 9,500 + 84,166.66 x 60 % = 59,999.996, rounded
        (BOTH, 10_416_700, 6_000_000),
        (ALL, 30_000, 0),
        (ALL, 30_001, 1),
        (ALL, 2_000_000, 985_000),
        (ALL, 2_000_001, 985_001),
        (ALL, 8_691_666, 5_000_000),  # 9,850 + 66,916.66 x 60 % = 49,999.996, rounded
        (ALL, 8_691_700, 5_000_000),
    ],
)
def test_bands_and_limits_hold_to_the_fen(code: str, cost: int, fen: int) -> None:
    assert total(terms(code), ill(costs=bill(cost))) == fen


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("told", "day_of_cover", "renewed", "pays"),
    [
        (ill, 1, False, False),
        (ill, 30, False, False),
        (ill, 31, False, True),
        (ill, 1, True, True),
        (facts, 1, False, True),
        (facts, 1, True, True),
    ],
)
def test_a_disease_waits_thirty_days_an_accident_and_a_renewal_none(
    code: str, told: Callable[..., Facts], day_of_cover: int, renewed: bool, pays: bool
) -> None:
    on = START + timedelta(days=day_of_cover - 1)
    case = told(costs=bill(700_000), happened_on=on, renewed=renewed)
    assert (total(terms(code), case) > 0) is pays
    if not pays:
        (refused,) = deductions(terms(code), case, "medical")
        assert (refused.why, refused.clause) == (Why.WAITING_PERIOD, "article-6")


@pytest.mark.parametrize(("day_of_cover", "fen"), [(30, 0), (31, 2_000_000)])
def test_a_listed_disease_is_paid_in_full_from_the_day_after_the_waiting_period(
    day_of_cover: int, fen: int
) -> None:
    on = START + timedelta(days=day_of_cover - 1)
    assert (
        total(terms(ALL), ill(diagnosis="critical_illness", diagnosis_hospital_grade=2, happened_on=on))
        == fen
    )


@pytest.mark.parametrize(("days", "fen"), [(3, 0), (4, 5_000), (93, 450_000), (94, 450_000)])
def test_the_accident_allowance_begins_on_day_four_and_ends_after_ninety_days(days: int, fen: int) -> None:
    assert total(terms(BOTH), facts(stays=(stay(days),))) == fen


@pytest.mark.parametrize("grade", range(1, 11))
def test_each_grade_is_ten_points_less_than_the_one_before(grade: int) -> None:
    assert total(terms(BOTH), facts(disability_grade=grade)) == 3_000_000 * (11 - grade) // 10
    assert total(terms(ALL), facts(disability_grade=grade)) == 5_000_000 * (11 - grade) // 10


def test_the_last_day_of_cover_is_covered_and_the_next_is_not() -> None:
    for happened_on, fen in ((date(2026, 12, 31), 300_000), (date(2027, 1, 1), 0)):
        assert total(terms(HOSPITAL), ill(costs=bill(700_000), happened_on=happened_on)) == fen


@pytest.mark.parametrize("code", CODES)
def test_a_bill_without_its_part_outside_the_catalogue_is_asked_for_it(code: str) -> None:
    unsaid = Costs(total_fen=Fen(700_000))
    with pytest.raises(InvalidRequestError) as asked:
        total(terms(code), ill(costs=unsaid))
    assert list(asked.value.fields) == ["facts.costs.outside_catalogue_fen"]


# --- exclusions ------------------------------------------------------------------------------------------

EVERYTHING: dict[str, dict[str, Any]] = {
    HOSPITAL: {"costs": bill(700_000)},
    BOTH: {"costs": bill(700_000), "death": True, "disability_grade": 4, "stays": (stay(15),)},
    ALL: {"costs": bill(700_000), "death": True, "disability_grade": 4},
}


@pytest.mark.parametrize(
    ("code", "exclusion"),
    [
        (code, each.id)
        for code in CODES
        for each in terms(code).exclusions
        if each.excludes is not Excludes.COST
    ],
)
def test_an_exclusion_takes_what_it_names_and_nothing_else(code: str, exclusion: str) -> None:
    (rule,) = (each for each in terms(code).exclusions if each.id == exclusion)
    told = facts(**EVERYTHING[code], exclusions=(exclusion,))
    for benefit in terms(code).benefits:
        if isinstance(benefit, LumpSum) and benefit.trigger == "diagnosis":
            continue  # not for an accident
        whys = [(each.why, each.clause) for each in deductions(terms(code), told, benefit.id)]
        takes = not rule.benefits or benefit.id in rule.benefits
        assert ((Why.EXCLUSION, rule.clause) in whys) is takes
    assert (total(terms(code), told) == 0) is (not rule.benefits)


def test_no_two_of_these_products_share_an_exclusion_id() -> None:
    newest = service.catalogue().products_on(date(2026, 11, 27))
    ids = [each.id for product in newest for each in product.exclusions]
    ours = [each.id for code in CODES for each in terms(code).exclusions]
    assert len(ours) >= 3 * 5
    assert all(ids.count(each) == 1 for each in ours)


# --- who may join ----------------------------------------------------------------------------------------


def reasons(code: str, group: OccupationGroup, medical: MedicalInsurance) -> list[str]:
    answers = Answers(
        occupation_group=group,
        born=date(1990, 1, 1),
        region=service.catalogue().region("henan"),
        medical_insurance=medical,
    )
    return [each.code for each in rules.eligibility(terms(code), None, answers, TODAY).reasons]


@pytest.mark.parametrize("code", CODES)
def test_an_employee_needs_the_employees_medical_insurance(code: str) -> None:
    assert reasons(code, OccupationGroup.EMPLOYEE, MedicalInsurance.EMPLOYEE) == []
    assert reasons(code, OccupationGroup.EMPLOYEE, MedicalInsurance.RESIDENT) == ["medical_insurance"]


@pytest.mark.parametrize("group", sorted(EIGHT))
def test_the_eight_groups_need_none(group: OccupationGroup) -> None:
    for code in (HOSPITAL, BOTH):
        assert reasons(code, group, MedicalInsurance.RESIDENT) == []
        assert reasons(code, group, MedicalInsurance.NONE) == []


def test_a_ride_hailing_driver_is_not_one_of_the_eight() -> None:
    driver = OccupationGroup.RIDE_HAILING_DRIVER
    assert set(terms(HOSPITAL).medical_insurance.waived_for) == EIGHT
    assert reasons(HOSPITAL, driver, MedicalInsurance.RESIDENT) == ["medical_insurance"]
    assert reasons(HOSPITAL, driver, MedicalInsurance.EMPLOYEE) == []


# --- the text says what the data say ---------------------------------------------------------------------


def clause(code: str, anchor: str) -> str:
    """The text of one article, as read."""
    found = re.search(
        rf"^### [^\n]*{{#{anchor}}}\n(.*?)(?=^###? |\Z)",
        prose(code, "terms-2026-1"),
        re.MULTILINE | re.DOTALL,
    )
    assert found, (code, anchor)
    return found.group(1).replace("※", "")


@pytest.mark.parametrize("code", CODES)
def test_the_articles_named_in_the_data_state_its_figures(code: str) -> None:
    product = terms(code)
    waiting = product.waiting_period
    assert f"等待期为{waiting.first_days}天" in clause(code, str(waiting.clause))
    assert "没有减责期" in clause(code, str(product.reduced_benefit_period.clause))
    assert f"不超过{product.period_limit_fen // 100:,}元" in clause(code, str(product.period_limit_clause))
    for benefit in product.benefits:
        text = clause(code, benefit.clause)
        for fen in (
            getattr(benefit, name, None)
            for name in ("amount_fen", "sum_fen", "daily_fen", "annual_limit_fen")
        ):
            assert fen is None or f"{fen // 100:,}元" in text, benefit.id
        for band in getattr(benefit, "bands", ()):
            assert f"{band.percent}%" in text
            assert f"{band.above_fen // 100:,}元" in text
        for disease in getattr(benefit, "diseases", ()):
            assert f"| {disease} |" in text


def test_the_fee_is_the_one_of_qingfeng_and_of_shilin() -> None:
    cases = {each.code: each for each in with_cases().catalogue.cases}
    fee = terms(HOSPITAL).fee_fen // 100
    parts = ("city_subsidy", "county_subsidy", "grassroots")
    assert sum(cases["qingfeng"].figure(each).value for each in parts) == fee
    assert cases["shilin"].figure("members").value * fee == cases["shilin"].figure("fees").value
    assert terms(HOSPITAL).source_of("fee_fen").kind == "published"


@pytest.mark.parametrize("code", CODES)
def test_the_card_says_who_what_it_costs_when_how_much_and_how(code: str) -> None:
    card = prose(code, "index")
    for anchor in ("who", "cost", "when", "sum", "claim", "mistaken", "terms"):
        assert f"{{#{anchor}}}" in card
    assert "举个例子" in card
    assert f"每人每年{terms(code).fee_fen // 100}元" in card


@pytest.mark.parametrize("code", CODES)
def test_each_claim_asks_for_identity_and_an_account_of_ones_own(code: str) -> None:
    for claim in terms(code).claim_types:
        papers = {each.id for each in claim.documents}
        assert papers & {"id_card", "beneficiary_id"}
        assert papers & {"bank_card", "beneficiary_bank_card"}
        if "medical" in claim.benefits:
            assert {"settlement", "hospital_invoice", "discharge_record", "fee_list"} <= papers
