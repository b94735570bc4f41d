"""The published terms for diseases: what they pay, computed by hand, and what their texts list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.benefits.model import Facts, Why
from chalicelib.benefits.rules import assess
from chalicelib.catalog import service
from chalicelib.catalog.insured import Gender
from chalicelib.catalog.terms import DailyAllowance, LumpSum, PlanKind, Product, SourceKind
from chalicelib.kernel import InvalidRequestError
from tests.benefits.plans import paid, stay, total

CATALOGUE = service.catalogue()
CONTENT = Path("content")
START = date(2026, 1, 1)
PUBLISHED_COUNTS = {
    ("womens-disease", "2016-1"): 6,
    ("womens-disease", "2021-1"): 12,
    ("womens-disease", "2026-1"): 12,
    ("critical-illness", "2026-1"): 25,
    ("light-illness", "2026-1"): 20,
}
ALLOWANCE = ("allowance-illness", "2026-1")
ALL = [*PUBLISHED_COUNTS, ALLOWANCE]


def terms(code: str, version: str) -> Product:
    return CATALOGUE.product_version(code, version)


def text_of(product: Product) -> str:
    return (CONTENT / product.terms_path).read_text("utf-8").split("\n---\n", 1)[1]


def lump_sum(product: Product) -> LumpSum:
    (benefit,) = (each for each in product.benefits if isinstance(each, LumpSum))
    return benefit


def diagnosed(product: Product, on_day: int, **told: Any) -> Facts:
    """A listed disease first diagnosed on this day of cover; the first day of cover is day 1."""
    happened_on = START + timedelta(days=on_day - 1)
    made = {"cover_from": START, "cause": "disease", "happened_on": happened_on}
    return Facts(**{**made, "diagnosis": lump_sum(product).id, "diagnosis_hospital_grade": 3, **told})


def in_hospital(days: int, on_day: int = 100, **told: Any) -> Facts:
    admitted = START + timedelta(days=on_day - 1)
    made = {"cover_from": START, "cause": "disease", "happened_on": admitted}
    return Facts(**{**made, "stays": (stay(days, admitted),), **told})


# --- what the texts list ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "count"), PUBLISHED_COUNTS.items())
def test_as_many_diseases_are_listed_as_were_published(which: tuple[str, str], count: int) -> None:
    names = lump_sum(terms(*which)).diseases
    assert len(names) == len(set(names)) == count


@pytest.mark.parametrize("which", ALL)
def test_text_and_data_list_the_same_diseases_and_call_the_names_a_sample(which: tuple[str, str]) -> None:
    product = terms(*which)
    clause = re.search(r"### 第\w+条　病种 \{#.*?(?=\n###? )", text_of(product), re.DOTALL)
    assert clause is not None
    listed = re.findall(r"^\d+\. (.+)$", clause.group(), re.MULTILINE)
    assert tuple(listed) == lump_sum(product).diseases
    assert "示范" in clause.group()


@pytest.mark.parametrize("which", ALL)
def test_every_exclusion_of_the_data_is_the_article_of_that_name(which: tuple[str, str]) -> None:
    product = terms(*which)
    headings = re.findall(r"^### 第\w+条　(.+) \{#(.+)\}$", text_of(product), re.MULTILINE)
    chapter = text_of(product).split("　责任免除\n", 1)[1].split("\n## ", 1)[0]
    excluded = re.findall(r"^### 第\w+条　(.+) \{#(.+)\}$", chapter, re.MULTILINE)
    assert [(each.title, each.clause) for each in product.exclusions] == excluded
    assert len({anchor for _, anchor in headings}) == len(headings)
    assert 5 <= len(excluded) <= 7


@pytest.mark.parametrize("which", ALL)
def test_the_clauses_named_by_the_data_are_about_that(which: tuple[str, str]) -> None:
    product = terms(*which)
    titles = {
        anchor: title
        for title, anchor in re.findall(r"^### 第\w+条　(.+) \{#(.+)\}$", text_of(product), re.MULTILINE)
    }
    assert titles[product.waiting_period.clause or ""] == "等待期"
    assert titles[product.reduced_benefit_period.clause or ""] == "减责期"
    assert titles[product.period_limit_clause or ""] == "给付限额"
    for benefit in product.benefits:
        assert titles[benefit.clause] in benefit.name


def test_exclusions_are_told_apart_when_products_are_joined_together() -> None:
    seen: dict[str, str] = {}
    for code, version in ALL:
        for exclusion in terms(code, version).exclusions:
            assert seen.setdefault(exclusion.id, code) == code


# Articles of the women's terms, where the two editions may differ: the sum's clause takes it from the data.
def test_the_two_editions_for_women_differ_in_nothing_but_diseases_and_sum() -> None:
    older, newer = (
        text_of(terms("womens-disease", version)).splitlines() for version in ("2016-1", "2021-1")
    )
    added = [line for line in newer if line not in older]
    assert [line for line in older if line not in newer] == []
    assert (
        added
        == [f"{n}. {name}" for n, name in enumerate(lump_sum(terms("womens-disease", "2021-1")).diseases, 1)][
            6:
        ]
    )


@pytest.mark.parametrize("which", ALL)
def test_nobody_has_to_show_bills_for_a_sum_that_does_not_depend_on_them(which: tuple[str, str]) -> None:
    for claim in terms(*which).claim_types:
        assert "invoices" not in {paper.id for paper in claim.documents}
        assert {"id_card", "bank_card"} <= {paper.id for paper in claim.documents}


# --- editions and periods --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "version", "fen", "kinds"),
    [
        (date(2016, 1, 1), "2016-1", 1_000_000, 6),
        (date(2020, 12, 31), "2016-1", 1_000_000, 6),
        (date(2021, 1, 1), "2021-1", 1_500_000, 12),
        (date(2026, 11, 26), "2021-1", 1_500_000, 12),
        (date(2026, 11, 27), "2026-1", 1_500_000, 12),
    ],
)
def test_the_day_of_joining_decides_the_edition_for_women(
    on: date, version: str, fen: int, kinds: int
) -> None:
    product = CATALOGUE.product("womens-disease", on)
    assert (product.version, lump_sum(product).disease_count) == (version, kinds)
    told = diagnosed(product, 201, cover_from=on, happened_on=on + timedelta(days=200))
    assert total(product, told) == fen


def test_before_its_first_edition_there_is_no_product_for_women() -> None:
    with pytest.raises(InvalidRequestError):
        CATALOGUE.product("womens-disease", date(2015, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2027, 12, 31)),
        (date(2023, 3, 1), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 6, 18), date(2024, 6, 17)),
    ],
)
def test_cover_for_women_lasts_two_years_to_the_day(first: date, last: date) -> None:
    product = terms("womens-disease", "2021-1")
    cover = product.cover_from(first)
    assert (cover.first, cover.last) == (first, last)

    def on(day: date) -> int:
        return total(product, diagnosed(product, 1, cover_from=first, happened_on=day))

    assert (on(last), on(last + timedelta(days=1))) == (1_500_000, 0)


def test_women_join_for_women_s_diseases() -> None:
    assert terms("womens-disease", "2021-1").genders == (Gender.FEMALE,)
    assert all(set(terms(*which).genders) == set(Gender) for which in ALL if which[0] != "womens-disease")
    assert {terms(*which).plan for which in ALL} == {PlanKind.SUPPLEMENTARY}


# --- the lump sums, in yuan by hand ----------------------------------------------------------------------

FULL = {  # fen of one share
    ("womens-disease", "2016-1"): 1_000_000,
    ("womens-disease", "2021-1"): 1_500_000,
    ("womens-disease", "2026-1"): 1_500_000,
    ("critical-illness", "2026-1"): 1_000_000,
    ("light-illness", "2026-1"): 300_000,
    ALLOWANCE: 1_000_000,
}
HALF = {  # 50 %: 10,000 -> 5,000; 15,000 -> 7,500; 3,000 -> 1,500
    ("womens-disease", "2016-1"): 500_000,
    ("womens-disease", "2021-1"): 750_000,
    ("womens-disease", "2026-1"): 750_000,
    ("critical-illness", "2026-1"): 500_000,
    ("light-illness", "2026-1"): 150_000,
    ALLOWANCE: 500_000,
}


@pytest.mark.parametrize("which", ALL)
def test_nothing_to_day_30_half_to_day_90_and_then_all(which: tuple[str, str]) -> None:
    product = terms(*which)
    paid_on = {day: total(product, diagnosed(product, day)) for day in (1, 30, 31, 90, 91, 365)}
    full, half = FULL[which], HALF[which]
    assert paid_on == {1: 0, 30: 0, 31: half, 90: half, 91: full, 365: full}


@pytest.mark.parametrize("which", ALL)
def test_who_renews_without_a_gap_has_everything_from_the_first_day(which: tuple[str, str]) -> None:
    product = terms(*which)
    assert [total(product, diagnosed(product, day, renewed=True)) for day in (1, 30, 31, 90)] == [
        FULL[which]
    ] * 4


@pytest.mark.parametrize("which", ALL)
def test_the_deduction_of_early_days_names_its_clause(which: tuple[str, str]) -> None:
    product = terms(*which)
    for day, why, clause in (
        (30, Why.WAITING_PERIOD, product.waiting_period.clause),
        (90, Why.REDUCED_BENEFIT_PERIOD, product.reduced_benefit_period.clause),
    ):
        (line,) = assess(product, diagnosed(product, day)).lines
        assert [(each.why, each.clause) for each in line.deductions] == [(why, clause)]


@pytest.mark.parametrize("which", ALL)
def test_a_sum_is_paid_once_a_period_and_never_for_an_accident(which: tuple[str, str]) -> None:
    product = terms(*which)
    again = diagnosed(product, 300, earlier=(paid(lump_sum(product).id, FULL[which]),))
    assert total(product, again) == 0
    assert total(product, diagnosed(product, 300, cause="accident")) == 0


@pytest.mark.parametrize("which", ALL)
def test_each_exclusion_takes_everything_and_names_its_clause(which: tuple[str, str]) -> None:
    product = terms(*which)
    for exclusion in product.exclusions:
        (line,) = assess(product, diagnosed(product, 300, exclusions=(exclusion.id,))).lines
        assert (line.amount_fen, line.deductions[0].clause) == (0, exclusion.clause)


@pytest.mark.parametrize(
    ("units", "full", "half"), [(1, 10_000, 5_000), (2, 20_000, 10_000), (3, 30_000, 15_000)]
)
def test_critical_illness_pays_as_many_times_as_shares_are_held(units: int, full: int, half: int) -> None:
    product = terms("critical-illness", "2026-1")
    assert total(product, diagnosed(product, 91, units=units)) == full * 100
    assert total(product, diagnosed(product, 90, units=units)) == half * 100


@pytest.mark.parametrize(
    ("code", "units"), [("critical-illness", 4), ("light-illness", 2), ("womens-disease", 2)]
)
def test_more_shares_than_the_terms_allow_are_refused(code: str, units: int) -> None:
    product = CATALOGUE.product(code, START)
    with pytest.raises(InvalidRequestError) as refused:
        assess(product, diagnosed(product, 91, units=units))
    assert list(refused.value.fields) == ["facts.units"]


# --- the allowance ---------------------------------------------------------------------------------------

# (days in hospital, yuan): (days - 3) x 40, at most 180 days = 7,200
STAYS = [(2, 0), (3, 0), (4, 40), (10, 280), (182, 7_160), (183, 7_200), (184, 7_200), (260, 7_200)]


@pytest.mark.parametrize(("days", "yuan"), STAYS)
def test_the_allowance_begins_on_day_4_and_ends_after_180_paid_days(days: int, yuan: int) -> None:
    assert total(terms(*ALLOWANCE), in_hospital(days)) == yuan * 100


@pytest.mark.parametrize(("on_day", "yuan"), [(30, 0), (31, 140), (90, 140), (91, 280)])
def test_a_stay_for_a_disease_counts_by_the_day_of_admission(on_day: int, yuan: int) -> None:
    """Ten days: (10 - 3) x 40 = 280; half is 140."""
    assert total(terms(*ALLOWANCE), in_hospital(10, on_day)) == yuan * 100


@pytest.mark.parametrize("told", [{"cause": "accident"}, {"renewed": True}])
def test_an_accident_and_a_renewal_wait_for_nothing(told: dict[str, Any]) -> None:
    assert total(terms(*ALLOWANCE), in_hospital(10, 1, **told)) == 28_000


def test_each_stay_counts_from_its_own_day_4_and_all_share_180_days() -> None:
    product = terms(*ALLOWANCE)
    two = (stay(10, date(2026, 5, 1)), stay(5, date(2026, 6, 1)))  # 7 + 2 days x 40
    assert total(product, in_hospital(10, stays=two)) == 36_000
    before = paid("hospital_allowance", 700_000, days=175)  # 5 of the 7 days are left
    assert total(product, in_hospital(10, earlier=(before,))) == 20_000


def test_hospital_and_diagnosis_are_paid_side_by_side_up_to_17_200() -> None:
    product = terms(*ALLOWANCE)
    both = in_hospital(183, diagnosis="critical_illness", diagnosis_hospital_grade=3)
    assert total(product, both) == 1_720_000 == product.period_limit_fen
    only_hospital = assess(product, in_hospital(10)).lines
    assert [line.benefit for line in only_hospital] == ["hospital_allowance"]


# --- what is published and what is a sample --------------------------------------------------------------


def test_published_figures_say_where_and_the_rest_is_a_sample() -> None:
    women = terms("womens-disease", "2021-1").source_of("benefits.disease.amount_fen")
    assert women.kind is SourceKind.PUBLISHED
    assert "由原来的6种增至12种，互助金金额由10000元增至15000元" in women.where
    critical = terms("critical-illness", "2026-1")
    assert (critical.fee_fen, critical.units.most, critical.period_years) == (3_000, 3, 1)
    rules = critical.group_rules
    assert (rules.participation_percent, rules.everybody_below_people) == (80, 100)
    published = {name for name, source in critical.sources.items() if source.kind is SourceKind.PUBLISHED}
    assert published == {"fee_fen", "period_years", "ages", "group_rules"}
    allowance = terms(*ALLOWANCE)
    (daily,) = (each for each in allowance.benefits if isinstance(each, DailyAllowance))
    assert (daily.daily_fen, daily.from_day, daily.max_days) == (4_000, 4, 180)
    assert allowance.source_of("benefits.hospital_allowance").kind is SourceKind.PUBLISHED
    assert {
        allowance.source_of("fee_fen").kind,
        terms("light-illness", "2026-1").source_of("fee_fen").kind,
    } == {SourceKind.SAMPLE}
