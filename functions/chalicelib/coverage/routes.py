"""Is this certificate true: a public question."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.benefits.model import Start
from chalicelib.platform.http import Answer, Request, Routes, public

routes = Routes(__name__)


class CheckedCertificate(msgspec.Struct, frozen=True):
    number: str
    state: str
    name_masked: str
    product: str
    product_name: str
    from_: str = msgspec.field(name="from")
    to: str
    terms_version: str
    terms_sha256: str
    sponsor: str
    starts: tuple[Start, ...]


@routes.get("/certificates/{number}", guard=public, query=("check",), answers={200: CheckedCertificate})
def check_certificate(request: Request[Any]) -> Answer:
    """Anyone may check a certificate by its number and the code printed beside it."""
    from chalicelib.coverage import service
    from chalicelib.coverage.refusals import refusal
    from chalicelib.coverage.rules import numbers
    from chalicelib.platform import limits

    limits.spend("certificate_checks_network_minute", limits.network_key(request.source_ip), request.now)
    number = numbers.read(request.path["number"])
    if number is None:
        raise refusal("certificates.mistyped")
    limits.spend("certificate_checks_number_hour", limits.text_key(number), request.now)
    cover = service.certificate(request.work, number, request.query.get("check", ""))
    assert cover.period is not None  # only a waiting place has no period
    assert cover.state is not None  # and no state
    return Answer(
        200,
        CheckedCertificate(
            number=cover.number,
            state=cover.state,
            name_masked=cover.name_masked,
            product=cover.product,
            product_name=cover.product_name,
            from_=cover.period.first.isoformat(),
            to=cover.period.last.isoformat(),
            terms_version=cover.terms_version,
            terms_sha256=cover.terms_sha256,
            sponsor=cover.sponsor,
            starts=cover.starts,
        ),
    )
