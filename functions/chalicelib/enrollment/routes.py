"""Joining, and who am I.

Here and in every other `routes.py`, what only answering needs is imported when first called: all functions
import all routes, and few of them answer any.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.access.guards import member
from chalicelib.access.model import Member
from chalicelib.enrollment.answers import JoinAnswer, PersonAnswer
from chalicelib.enrollment.model import Application
from chalicelib.kernel import shanghai_day
from chalicelib.platform.http import Answer, Request, Routes
from chalicelib.platform.idempotency import Attempt

routes = Routes(__name__)


class MeAnswer(msgspec.Struct, frozen=True):
    """`person` is null until this mobile's first join."""

    mobile_masked: str
    person: PersonAnswer | None


@routes.post("/enrollments", guard=member, body=Application, answers={200: JoinAnswer, 201: JoinAnswer})
def enroll(request: Request[Application]) -> Answer:
    """Join a prepaid campaign: a certificate from tomorrow 00:00, or a waiting number."""
    from chalicelib.enrollment import service

    return service.join(_member(request), request.body, Attempt(request), shanghai_day(request.now))


@routes.get("/me", guard=member, answers={200: MeAnswer})
def me(request: Request[None]) -> Answer:
    """Whose session this is: the mobile, and the person bound to it."""
    from chalicelib.people import service as people

    caller = _member(request)
    person_id = people.person_of(caller.mobile_indexes)
    person = PersonAnswer(people.read(person_id).name_masked) if person_id else None
    return Answer(200, MeAnswer(caller.mobile_masked, person))


def own_inbox(request: Request[Any]) -> list[str]:
    """Whose messages a member may read: those of the person their mobile is bound to."""
    from chalicelib.people import service as people

    person_id = people.person_of(_member(request).mobile_indexes)
    return [person_id] if person_id else []


def _member(request: Request[Any]) -> Member:
    assert isinstance(request.actor, Member)  # the guard admits nobody else
    return request.actor
