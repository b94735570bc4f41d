"""Public questions that need no name: what does it cost and who pays; may I join; what would be paid.

Nothing is stored.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.catalog import facts, rules, service
from chalicelib.catalog.assessment import AssessedBenefit
from chalicelib.catalog.insured import MedicalInsurance, OccupationGroup
from chalicelib.catalog.terms import Sha256
from chalicelib.kernel import Fen, ShanghaiDate, shanghai_day
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

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
    shares: tuple[rules.Share, ...]
    terms: tuple[TermsAnswer, ...]


class EstimateBody(Body, frozen=True, kw_only=True):
    """`facts` are read by `facts.read`, whose errors name the very fact."""

    product: Name
    version: Name | None = None
    facts: Annotated[dict[str, Any], Meta(extra_json_schema=facts.schema())]


class EstimateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    product: str
    version: str
    sha256: Sha256
    total_fen: Fen
    lines: tuple[AssessedBenefit, ...]
    notice: str


class EligibilityBody(Body, frozen=True, kw_only=True):
    occupation_group: OccupationGroup
    age_band: Name
    region: Name
    medical_insurance: MedicalInsurance
    campaign: Name | None = None


class EligibilityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[service.Offer, ...]
    next: str | None = None


@routes.post("/quotes", guard=public, body=QuoteBody, answers={200: QuoteAnswer}, write=False)
def quotes(request: Request[Any]) -> Answer:
    """What a campaign's products cost for a number of people on a day, and who pays which part"""
    asked: QuoteBody = request.body
    catalogue = service.catalogue()
    products = [catalogue.product(code, asked.on) for code in asked.products]
    campaign = catalogue.campaign(asked.campaign) if asked.campaign else None
    quote = rules.quote(products, campaign, asked.people, catalogue.region(asked.region), asked.on)
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
    asked: EligibilityBody = request.body
    catalogue = service.catalogue()
    answers = rules.Answers(
        occupation_group=asked.occupation_group,
        born=catalogue.age_band(asked.age_band),
        region=catalogue.region(asked.region),
        medical_insurance=asked.medical_insurance,
    )
    items = service.offers(catalogue, answers, shanghai_day(request.now), asked.campaign)
    return Answer(200, EligibilityAnswer(items=items))


@routes.post("/estimates", guard=public, body=EstimateBody, answers={200: EstimateAnswer}, write=False)
def estimates(request: Request[Any]) -> Answer:
    """What the terms would pay for the facts given, line by line; an estimate, nothing is stored"""
    from chalicelib.catalog.estimates import estimate

    asked: EstimateBody = request.body
    terms, assessment, notice = estimate(asked.product, asked.version, facts.read(asked.facts))
    return Answer(
        200,
        EstimateAnswer(
            product=terms.code,
            version=terms.version,
            sha256=terms.terms_sha256,
            total_fen=assessment.total_fen,
            lines=assessment.lines,
            notice=notice,
        ),
    )
