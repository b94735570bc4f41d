"""Every /me route. What is read belongs to the person the caller's mobile is bound to, and to nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.access.guards import member
from chalicelib.access.model import Member
from chalicelib.benefits.model import Start
from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import clock
from chalicelib.platform.http import Answer, Request, Routes

if TYPE_CHECKING:
    from chalicelib.coverage.model import PersonCover
    from chalicelib.notify import service as notify_service

routes = Routes(__name__)

# What `next` looks like: an instant with microseconds, "#", an outbox id.
_BEFORE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[\x21-\x7e]{1,128}")


class PersonAnswer(msgspec.Struct, frozen=True):
    name_masked: str


class MeAnswer(msgspec.Struct, frozen=True):
    """`person` is null until this mobile's first join."""

    mobile_masked: str
    person: PersonAnswer | None


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
    starts: tuple[Start, ...] = ()
    waiting_number: int = 0
    qr_path: QrPath | None = None


class CoveragesAnswer(msgspec.Struct, frozen=True):
    """`today` is the server's Shanghai day; no other clock decides."""

    today: str
    covered_today: bool
    items: list[CoverageItem]
    next: str | None = None


class InboxItem(msgspec.Struct, frozen=True):
    id: str
    at: str
    kind: str  # joined | waiting | promoted
    text: str
    status: str  # pending | sending | sent | failed | unknown: how the SMS of it fared


class InboxAnswer(msgspec.Struct, frozen=True):
    items: list[InboxItem]
    next: str | None


@routes.get("/me", guard=member, answers={200: MeAnswer})
def me(request: Request[None]) -> Answer:
    """Whose session this is: the mobile, and the person bound to it."""
    from chalicelib.people import service as people

    person_id = _person_id(request)
    person = PersonAnswer(people.read(person_id).name_masked) if person_id else None
    return Answer(200, MeAnswer(_member(request).mobile_masked, person))


@routes.get("/me/coverages", guard=member, answers={200: CoveragesAnswer})
def my_coverages(request: Request[Any]) -> Answer:
    """Every cover of mine, and whether I am covered today."""
    from chalicelib.coverage import service
    from chalicelib.coverage.model import State

    work, person_id = request.work, _person_id(request)
    covers = service.covers_of(work, person_id) if person_id else []
    covered = any(each.state is State.IN_FORCE for each in covers)
    return Answer(200, CoveragesAnswer(work.today.isoformat(), covered, [_item(each) for each in covers]))


@routes.get("/me/inbox", guard=member, query=("before",), answers={200: InboxAnswer})
def inbox(request: Request[Any]) -> Answer:
    """What was sent to me, newest first."""
    from chalicelib.notify import service

    before = request.query.get("before")
    if before is not None and not _BEFORE.fullmatch(before):
        raise InvalidRequestError("notify.unknown_page", "没有这一页。请回到消息首页，再往下翻。")
    person_id = _person_id(request)
    found = service.inbox_of([person_id] if person_id else [], before)
    return Answer(200, InboxAnswer([_shown(item) for item in found.items], found.next))


def _member(request: Request[Any]) -> Member:
    assert isinstance(request.actor, Member)  # the guard admits nobody else
    return request.actor


def _person_id(request: Request[Any]) -> str | None:
    from chalicelib.people import service as people

    return people.person_of(_member(request).mobile_indexes)


def _shown(item: notify_service.Item) -> InboxItem:
    return InboxItem(item.id, clock.stamp(item.at), item.kind, item.text, item.state.value)


def _item(cover: PersonCover) -> CoverageItem:
    from chalicelib.coverage import qr

    if cover.period is None or cover.state is None:
        return CoverageItem(
            product=cover.product,
            product_name=cover.product_name,
            state="waiting",
            campaign=cover.campaign,
            waiting_number=cover.ticket or 0,
        )
    return CoverageItem(
        product=cover.product,
        product_name=cover.product_name,
        state=cover.state,
        campaign=cover.campaign,
        sponsor=cover.sponsor,
        from_=cover.period.first.isoformat(),
        to=cover.period.last.isoformat(),
        certificate_number=cover.number,
        check=cover.check,
        name_masked=cover.name_masked,
        terms_version=cover.terms_version,
        terms_sha256=cover.terms_sha256,
        starts=cover.starts,
        qr_path=QrPath(*qr.path(cover.number, cover.check)),
    )
