"""What the types cannot say: rules between fields and between files. Each raises ContentError on its line.

A product's own are in `products`, a campaign's in `campaigns`, a case's in `cases`.
"""

from __future__ import annotations

from pathlib import Path

from chalicelib.catalog.terms import SourceKind
from publishing import figures
from publishing.boards import Board
from publishing.catalogue import PublishedCatalogue
from publishing.checks.campaigns import check_campaign
from publishing.checks.cases import check_case
from publishing.checks.pages import known_region, page_at, unique
from publishing.checks.products import check_product, check_versions
from publishing.checks.wording import check_words
from publishing.readings import is_superseded
from publishing.source import ContentError, Page


def check_everything(root: Path, catalogue: PublishedCatalogue, pages: dict[str, Page]) -> None:
    for product in reversed(catalogue.products):  # what is read for earlier versions is mended in the newest
        page = pages[product.terms_path]
        check_product(root, product, page, newest=not is_superseded(page, pages.values()))
    check_versions(catalogue.products, pages)
    for code in {product.code for product in catalogue.products}:
        if f"products/{code}/index.md" not in pages:
            raise ContentError(f"products/{code}/index.md", 1, "", "a product needs its plain-language card")
    for campaign in catalogue.campaigns:
        check_campaign(campaign, catalogue, page_at(pages, f"campaigns/{campaign.code}.md", "campaign"))
    _check_bundles(catalogue, pages)
    for outlet in catalogue.outlets:
        page = page_at(pages, f"outlets/{outlet.code}.md", "outlet")
        known_region(catalogue, outlet.region, page, ".region")
    for case in catalogue.cases:
        check_case(case, catalogue, page_at(pages, f"cases/{case.code}.md", "case"))
    for board in catalogue.boards:
        _check_board(board, page_at(pages, f"boards/{board.code}.md", "board"))
    _check_standard(catalogue, next(page for page in pages.values() if page.type == "service_standard"))
    for text in catalogue.privacy:
        page_at(pages, f"privacy/{text.code}-{text.version}.md", "privacy")
    codes = {product.code for product in catalogue.products}
    campaigns = {campaign.code for campaign in catalogue.campaigns}
    for page in pages.values():
        if not (page.type == "terms" and is_superseded(page, pages.values())):
            check_words(page)
        if page.type == "news" and page.meta.get("campaign", None) not in {None, *campaigns}:
            raise page.error(".campaign", f"there is no campaign `{page.meta['campaign']}`")
        if page.type == "product" and page.meta["product"] not in codes:
            raise page.error(".product", f"there is no product `{page.meta['product']}`")
        if page.type == "product":
            _check_clauses(page, catalogue, pages)
        if page.type == "situations":
            _check_situations(page, catalogue)


def _check_situations(page: Page, catalogue: PublishedCatalogue) -> None:
    known = {
        f"{product.code}.{claim.code}" for product in catalogue.products for claim in product.claim_types
    }
    situations = page.meta["situations"]
    unique(page, ".situations", [each["id"] for each in situations])
    for n, situation in enumerate(situations):
        unique(page, f".situations[{n}].claims", situation["claims"])
        for m, name in enumerate(situation["claims"]):
            if name not in known:
                raise page.error(f".situations[{n}].claims[{m}]", f"no terms have a claim type `{name}`")


def _check_clauses(page: Page, catalogue: PublishedCatalogue, pages: dict[str, Page]) -> None:
    """A card's plain words stand beside a clause of the newest terms."""
    newest = [each for each in catalogue.products if each.code == page.meta["product"]][-1]
    terms = pages[newest.terms_path]
    for anchor, words in page.meta.get("clauses", {}).items():
        if f"{{#{anchor}}}" not in terms.body:
            raise page.error(f".clauses.{anchor}", f"{terms.path} has no clause with this anchor")
        figures.render_words(words, terms, catalogue, newest.valid_from)


def _check_bundles(catalogue: PublishedCatalogue, pages: dict[str, Page]) -> None:
    codes = {product.code for product in catalogue.products}
    for bundle in catalogue.bundles:
        page = page_at(pages, f"bundles/{bundle.code}.md", "bundle")
        unique(page, ".products", bundle.products)
        for unknown in set(bundle.products) - codes:
            raise page.error(".products", f"there is no product `{unknown}`")


def _check_board(board: Board, page: Page) -> None:
    if board.last < board.first:
        raise page.error(".last", "dates are reversed")
    unique(page, ".standings", [each.place for each in board.standings])
    ranks = [each.rank for each in board.awards]
    if ranks != list(range(1, len(ranks) + 1)):
        raise page.error(".awards", "ranks begin at 1 and follow one another")
    if bool(board.awards) != (board.awards_source is not None):
        raise page.error(".awards_source", "awards name their source, and only awards do")
    for name, source in (("source", board.source), ("awards_source", board.awards_source)):
        if source is not None and source.kind is SourceKind.PUBLISHED and not source.where:
            raise page.error(f".{name}", "a published figure must say where")


def _check_standard(catalogue: PublishedCatalogue, page: Page) -> None:
    standard = catalogue.service_standard
    for n, place in enumerate(standard.places):
        known_region(catalogue, place.region, page, f".places[{n}].region")
        if (place.working_days is None) == (place.calendar_days is None):
            raise page.error(f".places[{n}]", "give either working_days or calendar_days")
    ends = [tier.up_to_fen for tier in standard.tiers]
    limits = [end for end in ends if end is not None]
    if ends[-1] is not None or len(limits) != len(ends) - 1 or limits != sorted(set(limits)):
        raise page.error(".tiers", "tiers rise, and only the last has no upper end")
