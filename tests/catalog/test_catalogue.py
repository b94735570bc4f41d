"""The published catalogue itself and its lookups."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from chalicelib.catalog import service
from chalicelib.catalog.insured import OCCUPATION_NAMES, OccupationGroup
from chalicelib.catalog.terms import Reimbursement, SourceKind
from chalicelib.kernel import InvalidRequestError
from publishing import compiler

CATALOGUE = service.catalogue()
TODAY = date(2026, 11, 22)


def test_the_accident_terms_say_what_the_field_says() -> None:
    product = CATALOGUE.product("nef-accident", TODAY)
    assert product.fee_fen == 2500
    assert product.source_of("fee_fen").kind is SourceKind.PUBLISHED
    assert "西安" in product.source_of("fee_fen").where
    assert (product.ages.first, product.ages.last) == (16, 60)
    benefits = {each.id: each for each in product.benefits}
    assert benefits["death"].amount_fen == 5_000_000
    assert benefits["disability"].percent_by_grade == (100, 90, 80, 70, 60, 50, 40, 30, 20, 10)
    assert (benefits["hospital_allowance"].from_day, benefits["hospital_allowance"].max_days) == (4, 90)
    medical = benefits["medical"]
    assert isinstance(medical, Reimbursement)
    assert (medical.deductible_fen, medical.bands[0].percent, medical.annual_limit_fen) == (
        10_000,
        80,
        500_000,
    )
    assert product.source_of("benefits.medical.annual_limit_fen").kind is SourceKind.SAMPLE
    assert product.is_sample


def test_there_are_nine_named_groups_and_other_and_each_has_a_name() -> None:
    assert len(OccupationGroup) >= 10
    assert OCCUPATION_NAMES.keys() == set(OccupationGroup)
    eight_groups = {"truck_driver", "courier", "food_delivery_worker", "nursing_aide", "domestic_worker"}
    eight_groups |= {"mall_information_officer", "estate_agent", "security_guard"}
    assert eight_groups <= set(OccupationGroup)


def test_exclusions_are_plain_and_have_an_example() -> None:
    product = CATALOGUE.product("nef-accident", TODAY)
    words = "".join(each.title + each.plain + each.example for each in product.exclusions)
    for word in ("猝死", "酒", "超标电动车", "驾驶证", "犯罪", "战争", "地震"):
        assert word in words


def test_every_paper_says_why_and_what_to_do_without_it() -> None:
    product = CATALOGUE.product("nef-accident", TODAY)
    for claim_type in product.claim_types:
        for paper in claim_type.documents:
            assert paper.why.endswith("。"), paper.id
            assert paper.if_you_cannot_get_it.endswith("。"), paper.id
            assert paper.photo_hints, paper.id


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 23), date(2027, 11, 22)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_cover_lasts_a_year_and_the_last_day_counts(first: date, last: date) -> None:
    cover = CATALOGUE.product("nef-accident", TODAY).cover_from(first)
    assert (cover.first, cover.last) == (first, last)


def test_what_is_unknown_is_refused_with_its_field() -> None:
    for ask, field in (
        (lambda: CATALOGUE.product("x", TODAY), "products"),
        (lambda: CATALOGUE.product("nef-accident", date(2025, 12, 31)), "products"),
        (lambda: CATALOGUE.product_version("nef-accident", "1999-1"), "products"),
        (lambda: CATALOGUE.campaign("x"), "campaign"),
        (lambda: CATALOGUE.region("x"), "region"),
        (lambda: CATALOGUE.age_band("x"), "age_band"),
        (lambda: CATALOGUE.consent_text("x", TODAY), "consents"),
    ):
        with pytest.raises(InvalidRequestError) as refused:
            ask()
        assert list(refused.value.fields) == [field]
        assert refused.value.detail.endswith("。")


def test_a_consent_text_is_known_by_the_hash_of_the_published_bytes() -> None:
    for scope in ("personal_information", "id_number"):
        text = CATALOGUE.consent_text(scope, TODAY)
        assert hashlib.sha256((compiler.CONTENT / text.path).read_bytes()).hexdigest() == text.sha256
    product = CATALOGUE.product("nef-accident", TODAY)
    raw = (compiler.CONTENT / product.terms_path).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == product.terms_sha256


def test_the_hash_of_the_catalogue_is_of_the_file_lambda_reads() -> None:
    assert service.sha256() == hashlib.sha256(compiler.DATA.read_bytes()).hexdigest()
