"""What the types cannot say: rules between fields and between files. Each raises ContentError on its line.

Build time only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from chalicelib.catalog import figures, rules
from chalicelib.catalog.boards import Board
from chalicelib.catalog.campaigns import Campaign, CampaignKind, FundingLine, Payer
from chalicelib.catalog.fact_checks import IMPLIED_CAUSE
from chalicelib.catalog.insured import Insured
from chalicelib.catalog.model import CaseStudy, Catalogue
from chalicelib.catalog.source import ContentError, Page
from chalicelib.catalog.terms import (
    AnyBenefit,
    GradedDisability,
    LumpSum,
    PlanKind,
    Product,
    Reimbursement,
    Source,
    SourceKind,
)
from chalicelib.kernel import Fen

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
CAMPAIGN_FIGURES = ("window", "funding", "seats", "target")


def check_everything(root: Path, catalogue: Catalogue, pages: dict[str, Page]) -> None:
    for product in catalogue.products:
        check_product(root, product, pages[product.terms_path])
    _check_versions(catalogue.products, pages)
    for code in {product.code for product in catalogue.products}:
        if f"products/{code}/index.md" not in pages:
            raise ContentError(f"products/{code}/index.md", 1, "", "a product needs its plain-language card")
    for campaign in catalogue.campaigns:
        check_campaign(campaign, catalogue, _at(pages, f"campaigns/{campaign.code}.md", "campaign"))
    _check_bundles(catalogue, pages)
    for outlet in catalogue.outlets:
        page = _at(pages, f"outlets/{outlet.code}.md", "outlet")
        _known_region(catalogue, outlet.region, page, ".region")
    for case in catalogue.cases:
        page = _at(pages, f"cases/{case.code}.md", "case")
        _known_region(catalogue, case.region, page, ".region")
        _unique(page, ".figures", [each.id for each in case.figures])
        _check_charts(case, page)
    for board in catalogue.boards:
        _check_board(board, _at(pages, f"boards/{board.code}.md", "board"))
    _check_standard(catalogue, next(page for page in pages.values() if page.type == "service_standard"))
    for text in catalogue.privacy:
        _at(pages, f"privacy/{text.code}-{text.version}.md", "privacy")
    codes = {product.code for product in catalogue.products}
    campaigns = {campaign.code for campaign in catalogue.campaigns}
    for page in pages.values():
        if page.type == "news" and page.meta.get("campaign", None) not in {None, *campaigns}:
            raise page.error(".campaign", f"there is no campaign `{page.meta['campaign']}`")
        if page.type == "product" and page.meta["product"] not in codes:
            raise page.error(".product", f"there is no product `{page.meta['product']}`")
        if page.type == "product":
            _check_clauses(page, catalogue, pages)


def _check_clauses(page: Page, catalogue: Catalogue, pages: dict[str, Page]) -> None:
    """A card's plain words stand beside a clause of the newest terms."""
    newest = [each for each in catalogue.products if each.code == page.meta["product"]][-1]
    terms = pages[newest.terms_path]
    for anchor, words in page.meta.get("clauses", {}).items():
        if f"{{#{anchor}}}" not in terms.body:
            raise page.error(f".clauses.{anchor}", f"{terms.path} has no clause with this anchor")
        figures.render_words(words, terms, catalogue, newest.valid_from)


def _at(pages: dict[str, Page], path: str, kind: str) -> Page:
    """The page a code must live at, so that addresses and codes agree."""
    if path not in pages or pages[path].type != kind:
        raise ContentError(path, 1, "code", f"a page of type {kind} with this code must be this file")
    return pages[path]


def _known_region(catalogue: Catalogue, code: str, page: Page, field: str) -> None:
    if code not in {region.code for region in catalogue.regions}:
        raise page.error(field, f"there is no region `{code}`")


def _unique(page: Page, field: str, codes: Sequence[str]) -> None:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            raise page.error(f"{field}[{n}]", f"`{code}` given twice")


def _check_sources(page: Page, sources: dict[str, Source], needed: Iterable[str]) -> None:
    wanted = list(needed)
    for figure in wanted:
        if figure not in sources:
            raise page.error(".sources", f"no source for `{figure}`: published with where, or sample")
    for figure, source in sources.items():
        if figure not in wanted:
            raise page.error(f".sources.{figure}", "there is no such figure")
        if source.kind is SourceKind.PUBLISHED and not source.where:
            raise page.error(f".sources.{figure}", "a published figure must say where")


# --- product ---------------------------------------------------------------------------------------------


def check_product(root: Path, product: Product, page: Page) -> None:
    if page.path != f"products/{product.code}/terms-{product.version}.md":
        raise page.error(".version", f"this file must be products/{product.code}/terms-{product.version}.md")
    benefits = [each.id for each in product.benefits]
    _check_sources(page, product.sources, [*PRODUCT_FIGURES, *(f"benefits.{each}" for each in benefits)])
    if product.ages.first > product.ages.last:
        raise page.error(".ages", "first is above last")
    if product.units.least > product.units.most:
        raise page.error(".units", "least is above most")
    if product.reduced_benefit_period.first_until_day < product.waiting_period.first_days and (
        product.reduced_benefit_period.percent < 100
    ):
        raise page.error(".reduced_benefit_period", "ends before the waiting period does")
    _unique(page, ".benefits", benefits)
    _unique(page, ".exclusions", [each.id for each in product.exclusions])
    _unique(page, ".claim_types", [each.code for each in product.claim_types])
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
            _anchored(page, at, clause)
    for n, exclusion in enumerate(product.exclusions):
        _anchored(page, f".exclusions[{n}].clause", exclusion.clause)
        for unknown in set(exclusion.benefits) - set(benefits):
            raise page.error(f".exclusions[{n}].benefits", f"there is no benefit `{unknown}`")
    claimed: set[str] = set()
    for n, claim_type in enumerate(product.claim_types):
        at = f".claim_types[{n}]"
        claimed |= set(claim_type.benefits)
        for unknown in set(claim_type.benefits) - set(benefits):
            raise page.error(f"{at}.benefits", f"there is no benefit `{unknown}`")
        _unique(page, f"{at}.documents", [each.id for each in claim_type.documents])
        for m, document in enumerate(claim_type.documents):
            if document.sample_picture and not (root / document.sample_picture).is_file():
                raise page.error(f"{at}.documents[{m}].sample_picture", "there is no such file")
    for unclaimable in set(benefits) - claimed:
        raise page.error(".claim_types", f"nobody could claim `{unclaimable}`")


def _check_benefit(page: Page, at: str, benefit: AnyBenefit, known: Sequence[str]) -> None:
    _anchored(page, f"{at}.clause", benefit.clause)
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


def _anchored(page: Page, field: str, clause: str) -> None:
    if f"{{#{clause}}}" not in page.body:
        raise page.error(field, f"the text has no clause with the anchor {{#{clause}}}")


def _check_versions(products: Sequence[Product], pages: dict[str, Page]) -> None:
    """Of one product, a later version is valid from a later day."""
    for earlier, later in pairwise(products):
        number = [tuple(map(int, each.version.split("-"))) for each in (earlier, later)]
        same_product = earlier.code == later.code
        if same_product and (earlier.valid_from == later.valid_from or number[0] >= number[1]):
            message = f"version {later.version} must be valid from a later day than {earlier.version}"
            raise pages[later.terms_path].error(".valid_from", message)


# --- campaign --------------------------------------------------------------------------------------------


def check_campaign(campaign: Campaign, catalogue: Catalogue, page: Page) -> None:
    window = campaign.window
    if window.last < window.first:
        raise page.error(".window", "dates are reversed")
    _check_sources(page, campaign.sources, CAMPAIGN_FIGURES)
    _unique(page, ".products", campaign.products)
    _unique(page, ".channels", [each.code for each in campaign.channels])
    for code in campaign.regions:
        _known_region(catalogue, code, page, ".regions")
    if campaign.seats and campaign.sponsor_policy is None:
        raise page.error(".seats", "seats are seats of a sponsor policy; name it in sponsor_policy")
    _check_join(campaign, catalogue, page)
    _check_bundle_of(campaign, catalogue, page)
    for n, line in enumerate(campaign.funding):
        _check_line(campaign, line, page, f".funding[{n}]")
    payers = {line.payer for line in campaign.funding}
    if campaign.rounding_payer not in payers:
        raise page.error(".rounding_payer", "not a payer of this campaign")
    if campaign.advance_payer is not None and campaign.advance_payer not in payers:
        raise page.error(".advance_payer", "not a payer of this campaign")
    scopes = [code for scope in rules.funding_scopes(campaign) for code in scope]
    if sorted(scopes) != sorted(campaign.products):
        raise page.error(".funding", "the lines together must pay for every product once")
    for day in _turning_days(campaign, catalogue):
        _check_split(campaign, catalogue, page, day)


def _check_join(campaign: Campaign, catalogue: Catalogue, page: Page) -> None:
    """Whoever may join alone acknowledges each exclusion by its id, and answers for nobody else."""
    if campaign.sponsor_policy is None:
        return
    seen: dict[str, str] = {}
    for product in catalogue.products:
        if product.code not in campaign.products:
            continue
        if product.insured is Insured.CHILD:
            raise page.error(
                ".products", f"`{product.code}` covers a child: a unit enrols, the guardian consents"
            )
        for exclusion in product.exclusions:
            owner = seen.setdefault(exclusion.id, product.code)
            if owner != product.code:
                message = f"`{owner}` and `{product.code}` share the exclusion `{exclusion.id}`: rename one"
                raise page.error(".products", message)


def _check_bundle_of(campaign: Campaign, catalogue: Catalogue, page: Page) -> None:
    known = {each.code: each for each in catalogue.bundles}
    if campaign.bundle is None:
        if campaign.kind is CampaignKind.BUNDLE_SHARED and len(campaign.products) > 1:
            raise page.error(".bundle", "name the package these products are")
    elif campaign.bundle not in known:
        raise page.error(".bundle", f"there is no bundle `{campaign.bundle}`")
    elif set(known[campaign.bundle].products) != set(campaign.products):
        raise page.error(".products", f"not the products of the bundle `{campaign.bundle}`")


def _check_bundles(catalogue: Catalogue, pages: dict[str, Page]) -> None:
    codes = {product.code for product in catalogue.products}
    for bundle in catalogue.bundles:
        page = _at(pages, f"bundles/{bundle.code}.md", "bundle")
        _unique(page, ".products", bundle.products)
        for unknown in set(bundle.products) - codes:
            raise page.error(".products", f"there is no product `{unknown}`")


def _check_line(campaign: Campaign, line: FundingLine, page: Page, at: str) -> None:
    ways = [line.fixed_fen is not None, line.percent is not None, bool(line.by_enrolment_date), line.rest]
    if sum(ways) != 1:
        raise page.error(at, "give one of fixed_fen, percent, by_enrolment_date, rest")
    for unknown in set(line.products) - set(campaign.products):
        raise page.error(f"{at}.products", f"`{unknown}` is not in this campaign")
    expected = campaign.window.first
    for n, step in enumerate(line.by_enrolment_date):
        where = f"{at}.by_enrolment_date[{n}]"
        if step.last < step.first:
            raise page.error(where, "dates are reversed")
        if step.first != expected:
            raise page.error(where, f"must begin on {expected}: the dates follow one another over the window")
        expected = step.last + timedelta(days=1)
    if line.by_enrolment_date and expected != campaign.window.last + timedelta(days=1):
        raise page.error(f"{at}.by_enrolment_date", "must reach the last day of the window")


def _turning_days(campaign: Campaign, catalogue: Catalogue) -> list[date]:
    """The days on which the split may change: window, dated amounts, new terms versions."""
    days = {campaign.window.first, campaign.window.last}
    days |= {step.first for line in campaign.funding for step in line.by_enrolment_date}
    days |= {each.valid_from for each in catalogue.products if each.code in campaign.products}
    return sorted(day for day in days if campaign.window.first <= day <= campaign.window.last)


def _check_split(campaign: Campaign, catalogue: Catalogue, page: Page, day: date) -> None:
    known = {each.code: each for each in catalogue.products_on(day)}
    for code in campaign.products:
        if code not in known:
            raise page.error(".products", f"there is no product `{code}` on {day}")
    products = [known[code] for code in campaign.products]
    plans = {each.code: each.plan for each in products}
    for scope, lines in rules.funding_scopes(campaign).items():
        fee = Fen(sum(each.fee_fen for each in products if each.code in scope))
        try:
            shares = rules.split(fee, lines, campaign.rounding_payer, day)
        except rules.FundingError as error:
            raise page.error(".funding", str(error)) from None
        by_worker = sum(share.fee_fen for share in shares if share.payer is Payer.WORKER)
        gift = campaign.kind in (CampaignKind.UNION_PAYS, CampaignKind.GIFT)
        given = campaign.kind is CampaignKind.MAIN_GIVES_SUPPLEMENT and all(
            plans[code] is PlanKind.SUPPLEMENTARY for code in scope
        )
        if by_worker and (gift or given):
            raise page.error(".funding", f"a {campaign.kind} campaign leaves the worker nothing to pay here")
    if campaign.kind is CampaignKind.MAIN_GIVES_SUPPLEMENT and set(plans.values()) != set(PlanKind):
        raise page.error(".products", "needs a base plan and a supplementary plan")


# --- cases and boards ------------------------------------------------------------------------------------


def _check_charts(case: CaseStudy, page: Page) -> None:
    """Bars of different units would say what nobody counted."""
    known = {each.id: each for each in case.figures}
    for n, chart in enumerate(page.meta.get("charts", [])):
        for unknown in set(chart["figures"]) - set(known):
            raise page.error(f".charts[{n}].figures", f"there is no figure `{unknown}`")
        units = {known[each].unit for each in chart["figures"]}
        if len(units) > 1:
            raise page.error(f".charts[{n}].figures", f"of different units: {', '.join(sorted(units))}")


def _check_board(board: Board, page: Page) -> None:
    if board.last < board.first:
        raise page.error(".last", "dates are reversed")
    _unique(page, ".standings", [each.place for each in board.standings])
    ranks = [each.rank for each in board.awards]
    if ranks != list(range(1, len(ranks) + 1)):
        raise page.error(".awards", "ranks begin at 1 and follow one another")
    if bool(board.awards) != (board.awards_source is not None):
        raise page.error(".awards_source", "awards name their source, and only awards do")
    for name, source in (("source", board.source), ("awards_source", board.awards_source)):
        if source is not None and source.kind is SourceKind.PUBLISHED and not source.where:
            raise page.error(f".{name}", "a published figure must say where")


# --- service standard ------------------------------------------------------------------------------------


def _check_standard(catalogue: Catalogue, page: Page) -> None:
    standard = catalogue.service_standard
    for n, place in enumerate(standard.places):
        _known_region(catalogue, place.region, page, f".places[{n}].region")
        if (place.working_days is None) == (place.calendar_days is None):
            raise page.error(f".places[{n}]", "give either working_days or calendar_days")
    ends = [tier.up_to_fen for tier in standard.tiers]
    limits = [end for end in ends if end is not None]
    if ends[-1] is not None or len(limits) != len(ends) - 1 or limits != sorted(set(limits)):
        raise page.error(".tiers", "tiers rise, and only the last has no upper end")
