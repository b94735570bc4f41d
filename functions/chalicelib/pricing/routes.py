"""Public questions that need no name: what does it cost and who pays; may I join. Nothing is stored."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.catalog.insured import MedicalInsurance, OccupationGroup
from chalicelib.catalog.terms import Sha256
from chalicelib.kernel import Fen, ShanghaiDate, shanghai_day
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body
from chalicelib.pricing.model import Offer, Share

routes = Routes(__name__)

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class QuoteBody(Body, frozen=True, kw_only=True):
    products: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=20)]
    region: Name
    people: Annotated[int, Meta(ge=1, le=1_000_000)]
    on: ShanghaiDate
    campaign: Name | None = None


class TermsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    product: str
    version: str
    sha256: Sha256


class QuoteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    fee_fen: Fen
    people: int
    shares: tuple[Share, ...]
    terms: tuple[TermsAnswer, ...]


class EligibilityBody(Body, frozen=True, kw_only=True):
    occupation_group: OccupationGroup
    age_band: Name
    region: Name
    medical_insurance: MedicalInsurance
    campaign: Name | None = None


class EligibilityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Offer, ...]
    next: str | None = None


@routes.post("/quotes", guard=public, body=QuoteBody, answers={200: QuoteAnswer}, write=False)
def quotes(request: Request[Any]) -> Answer:
    """What a campaign's products cost for a number of people on a day, and who pays which part"""
    from chalicelib.catalog.service import catalogue
    from chalicelib.pricing import rules

    asked: QuoteBody = request.body
    known = catalogue()
    products = [known.product(code, asked.on) for code in asked.products]
    campaign = known.campaign(asked.campaign) if asked.campaign else None
    quote = rules.quote(products, campaign, asked.people, known.region(asked.region), asked.on)
    terms = tuple(
        TermsAnswer(product=each.code, version=each.version, sha256=each.terms_sha256) for each in products
    )
    return Answer(
        200, QuoteAnswer(fee_fen=quote.fee_fen, people=quote.people, shares=quote.shares, terms=terms)
    )


@routes.post(
    "/eligibility-checks",
    guard=public,
    body=EligibilityBody,
    answers={200: EligibilityAnswer},
    write=False,
)
def eligibility_checks(request: Request[Any]) -> Answer:
    """Which products somebody may join today, through which campaign, and who pays; without a name"""
    from chalicelib.catalog.service import catalogue
    from chalicelib.pricing import service
    from chalicelib.pricing.model import Answers

    asked: EligibilityBody = request.body
    known = catalogue()
    answers = Answers(
        occupation_group=asked.occupation_group,
        born=known.age_band(asked.age_band),
        region=known.region(asked.region),
        medical_insurance=asked.medical_insurance,
    )
    items = service.offers(known, answers, shanghai_day(request.now), asked.campaign)
    return Answer(200, EligibilityAnswer(items=items))
