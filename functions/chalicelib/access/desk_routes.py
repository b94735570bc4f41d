"""/desk/sessions and /desk/me: who works at the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.access.guards import proved_mobile, staff
from chalicelib.access.model import Member, Staff
from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import clock
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)


class DeskSessionBody(Body, frozen=True):
    """One of the two: the app's six digits, or a recovery code."""

    code: Annotated[str, Meta(pattern="^([0-9]{6})?$", max_length=6)] = ""
    recovery_code: Annotated[str, Meta(max_length=40)] = ""


class StaffAnswer(msgspec.Struct, frozen=True):
    """`region` empty: the whole office. `signed_in_until` moves on with every use."""

    staff_id: str
    roles: tuple[str, ...]
    region: str
    signed_in_until: str


@routes.post("/desk/sessions", guard=proved_mobile, body=DeskSessionBody, answers={201: StaffAnswer})
def open_desk_session(request: Request[DeskSessionBody]) -> Answer:
    """Sign in at the desk: a second factor on top of a proved mobile."""
    from chalicelib.access.service import desk_sessions

    assert isinstance(request.actor, Member)  # the guard admits nobody else
    code, recovery = request.body.code, request.body.recovery_code
    if bool(code) == bool(recovery):
        sentence = "请填手机上的6位动态码；手机不在身边，填一个恢复码。"
        raise InvalidRequestError("desk.wrong_code", "没有登录成功。", {"code": sentence})
    session = desk_sessions.open_session(request.work, request.actor, code, recovery)
    return Answer(201, _shown(session.staff), cookies=(desk_sessions.cookie(session.token),))


@routes.delete("/desk/sessions", guard=public, answers={204: None})
def end_desk_session(request: Request[None]) -> Answer:
    """Sign out of the desk; 204 also when nobody was signed in."""
    from chalicelib.access.service import desk_sessions

    desk_sessions.end_session(desk_sessions.token_in(request.cookies))
    return Answer(204, cookies=(desk_sessions.no_cookie(),))


@routes.get("/desk/me", guard=staff, answers={200: StaffAnswer})
def desk_me(request: Request[Any]) -> Answer:
    """Who I am at the desk: my roles and my region."""
    assert isinstance(request.actor, Staff)
    return Answer(200, _shown(request.actor))


def _shown(actor: Staff) -> StaffAnswer:
    until = clock.stamp(datetime.fromtimestamp(actor.ends_at, UTC))
    return StaffAnswer(actor.staff_id, tuple(sorted(actor.roles)), actor.region, until)
