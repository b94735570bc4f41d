"""Rules of a campaign: its days, its payers, who may join alone, and a split that is exact on every day it
changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import zip_longest

from chalicelib.catalog.campaigns import Campaign, CampaignKind, FundingLine, Payer
from chalicelib.catalog.insured import Insured
from chalicelib.catalog.terms import JoiningWay, PlanKind, Product
from chalicelib.kernel import Fen
from chalicelib.pricing import rules
from publishing.catalogue import PublishedCatalogue
from publishing.checks.pages import known_region, sourced, unique
from publishing.source import Page

CAMPAIGN_FIGURES = ("window", "funding", "seats", "target")


def check_campaign(campaign: Campaign, catalogue: PublishedCatalogue, page: Page) -> None:
    window = campaign.window
    if window.last < window.first:
        raise page.error(".window", "dates are reversed")
    sourced(page, campaign.sources, CAMPAIGN_FIGURES)
    unique(page, ".products", campaign.products)
    unique(page, ".channels", [each.code for each in campaign.channels])
    for code in campaign.regions:
        known_region(catalogue, code, page, ".regions")
    if campaign.seats and campaign.sponsor_policy is None:
        raise page.error(".seats", "seats are seats of a sponsor policy; name it in sponsor_policy")
    if campaign.sponsor_policy is not None and not campaign.organiser:
        raise page.error(".organiser", "say who organises it: the holder of the sponsor policy")
    _check_join(campaign, catalogue, page)
    _check_start_words(campaign, catalogue, page)
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


def _check_join(campaign: Campaign, catalogue: PublishedCatalogue, page: Page) -> None:
    """The terms in force during the campaign admit people the way it does: by seat, or by their unit.
    Whoever joins by seat answers for nobody else."""
    way = JoiningWay.BY_UNIT if campaign.sponsor_policy is None else JoiningWay.BY_SEAT
    for product in _products_of(campaign, catalogue):
        if product.joining is not None and way not in product.joining.ways:
            clause = f"{product.terms_path}#{product.joining.clause}"
            raise page.error(".products", f"`{product.code}` is not joined {way}: see {clause}")
        if way is JoiningWay.BY_UNIT:
            continue
        if product.insured is Insured.CHILD:
            raise page.error(
                ".products", f"`{product.code}` covers a child: a unit enrols, the guardian consents"
            )


def _products_of(campaign: Campaign, catalogue: PublishedCatalogue) -> Iterator[Product]:
    """Every version of its products in force on some day of its window."""
    for code in campaign.products:
        versions = [each for each in catalogue.products if each.code == code]
        for each, later in zip_longest(versions, versions[1:]):
            ended = later is not None and later.valid_from <= campaign.window.first
            if each.valid_from <= campaign.window.last and not ended:
                yield each


def _check_start_words(campaign: Campaign, catalogue: PublishedCatalogue, page: Page) -> None:
    """Whoever reads that cover starts at an hour reads in the same sentence that illness has to wait."""
    waits = any(each.waiting_period.first_days for each in _products_of(campaign, catalogue))
    for n, step in enumerate(page.meta.get("steps") or ()):
        said = step.get("text", "") if isinstance(step, dict) else ""
        if waits and re.search("零点|零时|生效|当天", said) and "等待期" not in said:
            message = "cover starts, but illness waits first: say 等待期 in the same step"
            raise page.error(f".steps[{n}].text", message)


def _check_bundle_of(campaign: Campaign, catalogue: PublishedCatalogue, page: Page) -> None:
    known = {each.code: each for each in catalogue.bundles}
    if campaign.bundle is None:
        if campaign.kind is CampaignKind.BUNDLE_SHARED and len(campaign.products) > 1:
            raise page.error(".bundle", "name the package these products are")
    elif campaign.bundle not in known:
        raise page.error(".bundle", f"there is no bundle `{campaign.bundle}`")
    elif set(known[campaign.bundle].products) != set(campaign.products):
        raise page.error(".products", f"not the products of the bundle `{campaign.bundle}`")


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


def _turning_days(campaign: Campaign, catalogue: PublishedCatalogue) -> list[date]:
    """The days on which the split may change: window, dated amounts, new terms versions."""
    days = {campaign.window.first, campaign.window.last}
    days |= {step.first for line in campaign.funding for step in line.by_enrolment_date}
    days |= {each.valid_from for each in catalogue.products if each.code in campaign.products}
    return sorted(day for day in days if campaign.window.first <= day <= campaign.window.last)


def _check_split(campaign: Campaign, catalogue: PublishedCatalogue, page: Page, day: date) -> None:
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
