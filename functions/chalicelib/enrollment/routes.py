"""Joining, and what its form is told first."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.access.guards import member
from chalicelib.benefits.model import Start
from chalicelib.enrollment.model import Application, Joined
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.http import Answer, Request, Routes, public

routes = Routes(__name__)

WAITING_NOTE = "尚未生效。有名额时按排队先后自动办理，并发短信告诉您。在那之前没有保障。"


class CertificateAnswer(msgspec.Struct, frozen=True):
    """`already`: it was there before this join."""

    number: str
    check: str
    product: str
    product_name: str
    effective_from: ShanghaiDate
    effective_to: ShanghaiDate
    starts: tuple[Start, ...]
    already: bool


class WaitingAnswer(msgspec.Struct, frozen=True):
    number: int
    products: tuple[str, ...]
    note: str


class JoinedPersonAnswer(msgspec.Struct, frozen=True):
    name_masked: str


class JoinAnswer(msgspec.Struct, frozen=True):
    """`state`: in_force_from (a certificate for each product), or waiting (a place on the list, and the
    certificates of what is held already)."""

    state: str
    person: JoinedPersonAnswer
    certificates: tuple[CertificateAnswer, ...]
    waiting: WaitingAnswer | None


class ExclusionAnswer(msgspec.Struct, frozen=True):
    id: str
    title: str
    plain: str


class ProductAnswer(msgspec.Struct, frozen=True):
    code: str
    name: str
    version: str
    sha256: str
    exclusions: tuple[ExclusionAnswer, ...]


class TextAnswer(msgspec.Struct, frozen=True):
    """One text to agree to. `text` is a product's code, or the privacy text's."""

    scope: str
    text: str
    version: str
    sha256: str


class CampaignAnswer(msgspec.Struct, frozen=True):
    """`today` is the server's Shanghai day. `state`: not_open, open, over. `seats_at_least`: rounded down."""

    code: str
    today: ShanghaiDate
    state: str
    seats_at_least: int
    products: tuple[ProductAnswer, ...]
    consents: tuple[TextAnswer, ...]


@routes.get("/campaigns/{code}", guard=public, answers={200: CampaignAnswer})
def campaign(request: Request[Any]) -> Answer:
    """A campaign as of today: open or not, the terms and texts in force, and whether there are seats."""
    from chalicelib.enrollment.service import offer

    work = request.work
    found, products, texts = offer.campaign_today(work, request.path["code"])
    shown = tuple(
        ProductAnswer(
            code=each.code,
            name=each.name,
            version=each.version,
            sha256=each.terms_sha256,
            exclusions=tuple(ExclusionAnswer(one.id, one.title, one.plain) for one in each.exclusions),
        )
        for each in products
    )
    agreed = tuple(
        TextAnswer(each.consent.scope, each.text, each.consent.version, each.consent.sha256) for each in texts
    )
    return Answer(
        200, CampaignAnswer(found.code, work.today, found.state, found.seats_at_least, shown, agreed)
    )


@routes.post("/enrollments", guard=member, body=Application, answers={200: JoinAnswer, 201: JoinAnswer})
def enroll(request: Request[Application]) -> Answer:
    """Join a prepaid campaign: a certificate from tomorrow 00:00, or a waiting number."""
    from chalicelib.enrollment.service.join import join

    joined = join(request.work, request.body)
    return Answer(201 if joined.first else 200, _answer(joined))


def _answer(joined: Joined) -> JoinAnswer:
    certificates = tuple(
        CertificateAnswer(
            number=each.number,
            check=each.check,
            product=each.product,
            product_name=each.product_name,
            effective_from=each.effective_from,
            effective_to=each.effective_to,
            starts=each.starts,
            already=each.already,
        )
        for each in joined.covers
    )
    waiting = None
    if joined.ticket is not None:
        waiting = WaitingAnswer(joined.ticket, joined.waiting_for, WAITING_NOTE)
    state = "in_force_from" if waiting is None else "waiting"
    return JoinAnswer(state, JoinedPersonAnswer(joined.name_masked), certificates, waiting)
