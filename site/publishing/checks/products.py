"""Rules between the fields of one product, and between its versions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from chalicelib.benefits.rules.checks import IMPLIED_CAUSE
from chalicelib.catalog.terms import (
    AnyBenefit,
    GradedDisability,
    LumpSum,
    Product,
    Reimbursement,
)
from publishing.checks.conditions import check_conditions, check_exclusions
from publishing.checks.pages import anchored, sourced, unique
from publishing.checks.papers import check_papers
from publishing.source import Page

# Figures of a product that must each name a source; every benefit besides.
PRODUCT_FIGURES = (
    "fee_fen",
    "units",
    "period_years",
    "ages",
    "medical_insurance",
    "group_rules",
    "waiting_period",
    "reduced_benefit_period",
    "period_limit_fen",
    "notice",
    "filing",
)


def check_product(root: Path, product: Product, page: Page, newest: bool) -> None:
    """`newest`: no later version replaces these terms, so that what is wrong with them can be mended."""
    if page.path != f"products/{product.code}/terms-{product.version}.md":
        raise page.error(".version", f"this file must be products/{product.code}/terms-{product.version}.md")
    benefits = [each.id for each in product.benefits]
    sourced(page, product.sources, [*PRODUCT_FIGURES, *(f"benefits.{each}" for each in benefits)])
    if product.ages.first > product.ages.last:
        raise page.error(".ages", "first is above last")
    if product.units.least > product.units.most:
        raise page.error(".units", "least is above most")
    if product.reduced_benefit_period.first_until_day < product.waiting_period.first_days and (
        product.reduced_benefit_period.percent < 100
    ):
        raise page.error(".reduced_benefit_period", "ends before the waiting period does")
    unique(page, ".benefits", benefits)
    unique(page, ".exclusions", [each.id for each in product.exclusions])
    unique(page, ".claim_types", [each.code for each in product.claim_types])
    for n, benefit in enumerate(product.benefits):
        _check_benefit(page, f".benefits[{n}]", benefit, benefits)
        unsaid = isinstance(benefit, LumpSum) and benefit.trigger is None
        if unsaid and product.line not in IMPLIED_CAUSE:
            raise page.error(f".benefits[{n}].trigger", "say death or diagnosis: this line implies neither")
    for at, clause in (
        (".waiting_period.clause", product.waiting_period.clause),
        (".reduced_benefit_period.clause", product.reduced_benefit_period.clause),
        (".period_limit_clause", product.period_limit_clause),
    ):
        if clause is not None:
            anchored(page, at, clause)
    if product.joining is None and newest:
        raise page.error(".joining", "say who may join, and how: by_unit, by_seat")
    if product.joining is not None:
        anchored(page, ".joining.clause", product.joining.clause)
        unique(page, ".joining.ways", product.joining.ways)
    check_exclusions(product, page)
    check_conditions(product, page, newest)
    claimed: set[str] = set()
    for n, claim_type in enumerate(product.claim_types):
        at = f".claim_types[{n}]"
        claimed |= set(claim_type.benefits)
        for unknown in set(claim_type.benefits) - set(benefits):
            raise page.error(f"{at}.benefits", f"there is no benefit `{unknown}`")
        unique(page, f"{at}.documents", [each.id for each in claim_type.documents])
        for m, document in enumerate(claim_type.documents):
            if document.sample_picture and not (root / document.sample_picture).is_file():
                raise page.error(f"{at}.documents[{m}].sample_picture", "there is no such file")
    for unclaimable in set(benefits) - claimed:
        raise page.error(".claim_types", f"nobody could claim `{unclaimable}`")
    if newest:
        check_papers(product, page)


def _check_benefit(page: Page, at: str, benefit: AnyBenefit, known: Sequence[str]) -> None:
    anchored(page, f"{at}.clause", benefit.clause)
    for unknown in set(benefit.not_with) - set(known):
        raise page.error(f"{at}.not_with", f"there is no benefit `{unknown}`")
    if isinstance(benefit, GradedDisability):
        grades = list(benefit.percent_by_grade)
        if grades != sorted(grades, reverse=True):
            raise page.error(f"{at}.percent_by_grade", "a lighter grade is paid more than a heavier one")
    if isinstance(benefit, Reimbursement):
        starts = [band.above_fen for band in benefit.bands]
        if starts != sorted(set(starts)) or starts[0] != benefit.deductible_fen:
            raise page.error(f"{at}.bands", "bands begin at the deductible and rise")


def check_versions(products: Sequence[Product], pages: dict[str, Page]) -> None:
    """Of one product, a later version is valid from a later day."""
    for earlier, later in pairwise(products):
        number = [tuple(map(int, each.version.split("-"))) for each in (earlier, later)]
        same_product = earlier.code == later.code
        if same_product and (earlier.valid_from == later.valid_from or number[0] >= number[1]):
            message = f"version {later.version} must be valid from a later day than {earlier.version}"
            raise pages[later.terms_path].error(".valid_from", message)
