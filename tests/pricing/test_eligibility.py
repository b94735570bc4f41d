"""May this person join: exact ages on the first day of cover (P13), and every other bound with its reason."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.insured import Gender, MedicalInsurance, OccupationGroup
from chalicelib.catalog.model import AgeBand, Catalogue
from chalicelib.kernel import completed_years, years_later
from chalicelib.pricing import rules
from chalicelib.pricing.model import Answers
from chalicelib.pricing.service import offers

TODAY = date(2026, 6, 30)  # cover begins on 1 July
COURIER = OccupationGroup.COURIER


def reasons(
    catalogue: Catalogue,
    *,
    product: str = "nef-accident",
    campaign: str | None = "union-pays-nef",
    on: date = TODAY,
    effective: date | None = None,
    region: str = "qingfeng",
    born: date | AgeBand = date(1990, 5, 5),
    occupation_group: OccupationGroup = COURIER,
    medical_insurance: MedicalInsurance = MedicalInsurance.NONE,
    gender: Gender | None = None,
) -> list[str]:
    answers = Answers(
        occupation_group=occupation_group,
        born=born,
        region=catalogue.region(region),
        medical_insurance=medical_insurance,
        gender=gender,
    )
    chosen = catalogue.campaign(campaign) if campaign else None
    verdict = rules.eligibility(catalogue.product(product, on), chosen, answers, on, effective)
    assert verdict.eligible == (not verdict.reasons)
    return [reason.code for reason in verdict.reasons]


def test_a_courier_in_henan_may_join(catalogue: Catalogue) -> None:
    assert reasons(catalogue) == []


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (date(2010, 7, 2), ["age_too_low"]),  # 16 the day after cover begins
        (date(2010, 7, 1), []),  # 16 on the day
        (date(2010, 6, 30), []),
        (date(1965, 7, 2), []),  # still 60
        (date(1965, 7, 1), ["age_too_high"]),  # 61 on the day
        (date(1965, 6, 30), ["age_too_high"]),
    ],
)
def test_both_age_bounds_are_inclusive_on_the_first_day_of_cover(
    catalogue: Catalogue, born: date, refused: list[str]
) -> None:
    assert reasons(catalogue, born=born) == refused


@pytest.mark.parametrize(
    ("effective", "refused"), [(date(2026, 2, 28), ["age_too_low"]), (date(2026, 3, 1), [])]
)
def test_who_was_born_on_a_leap_day_turns_sixteen_on_the_first_of_march(
    catalogue: Catalogue, effective: date, refused: list[str]
) -> None:
    found = reasons(catalogue, born=date(2010, 3, 1), effective=effective)
    assert found == refused
    leap_born = date(2008, 2, 29)
    assert completed_years(leap_born, date(2024, 2, 29)) == 16
    on_common_year = reasons(catalogue, born=date(1964, 2, 29), effective=date(2025, 2, 28), on=TODAY)
    assert on_common_year == []  # 61 only on 1 March 2025
    assert reasons(catalogue, born=date(1964, 2, 29), effective=date(2025, 3, 1)) == ["age_too_high"]


@given(st.dates(date(1940, 1, 1), date(2020, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 30)))
def test_age_agrees_with_the_birthday_in_every_year(catalogue: Catalogue, born: date, on: date) -> None:
    ages = catalogue.product("nef-accident", on).ages
    first_day = on + timedelta(days=1)
    expected = []
    if first_day < years_later(born, ages.first):
        expected = ["age_too_low"]
    elif first_day >= years_later(born, ages.last + 1):
        expected = ["age_too_high"]
    assert reasons(catalogue, born=born, on=on) == expected


@given(born=st.dates(date(1940, 1, 1), date(2020, 12, 31)))
def test_an_age_band_decides_as_the_birthday_would(catalogue: Catalogue, born: date) -> None:
    age = completed_years(born, TODAY + timedelta(days=1))
    (band,) = [each for each in catalogue.age_bands if each.first <= age <= each.last]
    assert reasons(catalogue, born=band) == reasons(catalogue, born=born)


def test_age_bands_leave_no_age_out_and_overlap_nowhere(catalogue: Catalogue) -> None:
    ages = [age for band in catalogue.age_bands for age in range(band.first, band.last + 1)]
    assert ages == list(range(121))


@pytest.mark.parametrize(
    ("medical", "group", "refused"),
    [
        (MedicalInsurance.EMPLOYEE, OccupationGroup.FOOD_DELIVERY_WORKER, []),
        (MedicalInsurance.RESIDENT, OccupationGroup.FOOD_DELIVERY_WORKER, ["medical_insurance"]),
        (MedicalInsurance.NONE, OccupationGroup.FOOD_DELIVERY_WORKER, ["medical_insurance"]),
        (MedicalInsurance.UNKNOWN, OccupationGroup.FOOD_DELIVERY_WORKER, ["medical_insurance_unknown"]),
        (MedicalInsurance.RESIDENT, COURIER, []),  # the waiver names couriers
        (MedicalInsurance.UNKNOWN, COURIER, []),
    ],
)
def test_medical_insurance_is_asked_for_unless_the_group_is_waived(
    catalogue: Catalogue, medical: MedicalInsurance, group: OccupationGroup, refused: list[str]
) -> None:
    found = reasons(
        catalogue, product="hospital", campaign=None, medical_insurance=medical, occupation_group=group
    )
    assert found == refused


def test_each_other_bound_has_its_own_reason(catalogue: Catalogue) -> None:
    assert reasons(catalogue, region="xian") == ["campaign_region"]
    assert reasons(catalogue, on=date(2028, 1, 1)) == ["campaign_over"]
    assert reasons(catalogue, on=date(2027, 12, 31)) == []
    assert reasons(catalogue, occupation_group=OccupationGroup.EMPLOYEE) == [
        "occupation",
        "campaign_occupation",
    ]
    assert reasons(catalogue, product="hospital", medical_insurance=MedicalInsurance.EMPLOYEE) == [
        "product_not_in_campaign"
    ]


def test_a_campaign_that_has_not_begun_says_when(catalogue: Catalogue) -> None:
    answers = Answers(occupation_group=COURIER, born=date(1990, 5, 5), region=catalogue.region("henan"))
    campaign = catalogue.campaign("union-pays-nef")
    product = catalogue.product("nef-accident", TODAY)
    (reason,) = rules.eligibility(product, campaign, answers, date(2025, 12, 31)).reasons
    assert (reason.code, "2026年1月1日" in reason.text) == ("campaign_not_open", True)


def test_a_plan_for_women_refuses_men_only_when_the_gender_is_known(catalogue: Catalogue) -> None:
    product = msgspec.structs.replace(catalogue.product("nef-accident", TODAY), genders=(Gender.FEMALE,))
    for gender, refused in ((None, []), (Gender.FEMALE, []), (Gender.MALE, ["gender"])):
        answers = Answers(
            occupation_group=COURIER,
            born=date(1990, 5, 5),
            region=catalogue.region("henan"),
            gender=gender,
        )
        found = rules.eligibility(product, None, answers, TODAY).reasons
        assert [reason.code for reason in found] == refused


@given(
    group=st.sampled_from(OccupationGroup),
    born=st.dates(date(1950, 1, 1), date(2015, 12, 31)),
    medical=st.sampled_from(MedicalInsurance),
    data=st.data(),
)
def test_an_offer_is_open_exactly_when_some_campaign_takes_the_person(
    catalogue: Catalogue,
    group: OccupationGroup,
    born: date,
    medical: MedicalInsurance,
    data: st.DataObject,
) -> None:
    region = data.draw(st.sampled_from(catalogue.regions))
    answers = Answers(occupation_group=group, born=born, region=region, medical_insurance=medical)
    for offer in offers(catalogue, answers, TODAY):
        product = catalogue.product(offer.product, TODAY)
        verdicts = [
            rules.eligibility(product, each, answers, TODAY).eligible
            for each in catalogue.campaigns
            if product.code in each.products
        ]
        assert offer.eligible == any(verdicts)
        assert bool(offer.payers) == offer.eligible
        assert all(reason.text.endswith("。") for reason in offer.reasons)
