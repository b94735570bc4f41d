"""What would the terms pay: a public question that needs no name. Nothing is stored."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.benefits.model import AssessedBenefit, read, schema
from chalicelib.catalog.terms import Sha256
from chalicelib.kernel import Fen
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class EstimateBody(Body, frozen=True, kw_only=True):
    """`facts` are read by `benefits.model.read`, whose errors name the very fact."""

    product: Name
    version: Name | None = None
    facts: Annotated[dict[str, Any], Meta(extra_json_schema=schema())]


class EstimateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    product: str
    version: str
    sha256: Sha256
    total_fen: Fen
    lines: tuple[AssessedBenefit, ...]
    notice: str


@routes.post("/estimates", guard=public, body=EstimateBody, answers={200: EstimateAnswer}, write=False)
def estimates(request: Request[Any]) -> Answer:
    """What the terms would pay for the facts given, line by line; an estimate, nothing is stored"""
    from chalicelib.benefits.service import estimate

    asked: EstimateBody = request.body
    terms, assessment, notice = estimate(asked.product, asked.version, read(asked.facts))
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
