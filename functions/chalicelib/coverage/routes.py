"""Am I covered today, and is this certificate true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.access.guards import member
from chalicelib.access.model import Member
from chalicelib.kernel import shanghai_day
from chalicelib.platform.http import Answer, Request, Routes, public

if TYPE_CHECKING:
    from chalicelib.coverage.service import Held

routes = Routes(__name__)


class QrPath(msgspec.Struct, frozen=True):
    """A QR code as one SVG path `d` on a square of `size` modules, quiet zone included."""

    size: int
    d: str


class CoverageItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`state`: waiting, not_yet, in_force, ended, withdrawn. Waiting has no days and no certificate."""

    product: str
    product_name: str
    state: str
    campaign: str
    sponsor: str = ""
    from_: str = msgspec.field(name="from", default="")
    to: str = ""
    certificate_number: str = ""
    check: str = ""
    name_masked: str = ""
    terms_version: str = ""
    terms_sha256: str = ""
    waiting_number: int = 0
    qr_path: QrPath | None = None


class CoveragesAnswer(msgspec.Struct, frozen=True):
    """`today` is the server's Shanghai day; no other clock decides."""

    today: str
    covered_today: bool
    items: list[CoverageItem]
    next: str | None = None


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


@routes.get("/me/coverages", guard=member, answers={200: CoveragesAnswer})
def my_coverages(request: Request[Any]) -> Answer:
    """Every cover of mine, and whether I am covered today."""
    from chalicelib.coverage import service
    from chalicelib.coverage.model import State
    from chalicelib.people import service as people

    assert isinstance(request.actor, Member)  # the guard admits nobody else
    today = shanghai_day(request.now)
    person_id = people.person_of(request.actor.mobile_indexes)
    held = service.held_of(person_id, today) if person_id else []
    covered = any(each.state is State.IN_FORCE for each in held)
    return Answer(200, CoveragesAnswer(today.isoformat(), covered, [_item(each) for each in held]))


@routes.get("/certificates/{number}", guard=public, query=("check",), answers={200: CheckedCertificate})
def check_certificate(request: Request[Any]) -> Answer:
    """Anyone may check a certificate by its number and the code printed beside it."""
    from chalicelib.coverage import service
    from chalicelib.coverage.certificates import normalised
    from chalicelib.platform import limits

    number, check = normalised(request.path["number"]), request.query.get("check", "")  # one key, one limit
    limits.spend("certificate_checks_network_minute", limits.network_key(request.source_ip), request.now)
    limits.spend("certificate_checks_number_hour", limits.text_key(number), request.now)
    held = service.certificate(number, check, shanghai_day(request.now))
    assert held.period is not None  # only a waiting place has no period
    assert held.state is not None  # and no state
    return Answer(
        200,
        CheckedCertificate(
            number=held.number,
            state=held.state,
            name_masked=held.name_masked,
            product=held.product,
            product_name=held.product_name,
            from_=held.period.first.isoformat(),
            to=held.period.last.isoformat(),
            terms_version=held.terms_version,
            terms_sha256=held.terms_sha256,
            sponsor=held.sponsor,
        ),
    )


def _item(held: Held) -> CoverageItem:
    from chalicelib.coverage import qr

    if held.period is None or held.state is None:
        return CoverageItem(
            product=held.product,
            product_name=held.product_name,
            state="waiting",
            campaign=held.campaign,
            waiting_number=held.ticket or 0,
        )
    return CoverageItem(
        product=held.product,
        product_name=held.product_name,
        state=held.state,
        campaign=held.campaign,
        sponsor=held.sponsor,
        from_=held.period.first.isoformat(),
        to=held.period.last.isoformat(),
        certificate_number=held.number,
        check=held.check,
        name_masked=held.name_masked,
        terms_version=held.terms_version,
        terms_sha256=held.terms_sha256,
        qr_path=QrPath(*qr.path(held.number, held.check)),
    )
