"""Signing in at the desk: a proved mobile, then a second factor, then a cookie of the desk's own (P04).

15 minutes idle end it, 8 hours end it in any case. Roles and region are read anew with every request, so
whoever is removed or moved is so at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.access import rules
from chalicelib.access import staff_records as records
from chalicelib.access.model import Member, Role, Staff
from chalicelib.access.service import factor
from chalicelib.access.staff_model import StaffState
from chalicelib.access.staff_records import SESSION, STAFF, DeskSessionRow, StaffRow
from chalicelib.audit import service as audit
from chalicelib.kernel import ForbiddenError, InvalidRequestError, Masked, NotSignedInError
from chalicelib.platform import cipher, limits, log
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, condition_failed, put, update
from chalicelib.platform.work import Work, retry

_NAME = "__Host-desk"
_TOKEN = re.compile(r"[a-f0-9]{64}")
_RULES = "Path=/; Secure; HttpOnly; SameSite=Strict"
_SEEN_SECONDS = 60


class DeskOpened(msgspec.Struct, frozen=True):
    """What a repeat of the request is answered with; the token is derived anew."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class DeskSession:
    token: str
    staff: Staff


def cookie(token: str) -> str:
    return f"{_NAME}={token}; {_RULES}; Max-Age={LIMITS.desk_session_seconds}"


def no_cookie() -> str:
    return f"{_NAME}=; {_RULES}; Max-Age=0"


def token_in(cookies: Mapping[str, str]) -> str | None:
    token = cookies.get(_NAME, "")
    return token if _TOKEN.fullmatch(token) else None


def open_session(work: Work, member: Member, code: str, recovery_code: str) -> DeskSession:
    """Trade a code for the desk's session, once. One of the two is given.

    Raises ForbiddenError (`desk.not_staff`), InvalidRequestError (`desk.wrong_code`), TooManyError.
    """
    assert work.attempt is not None  # the route demands a key
    staff_id = records.with_mobile(member.mobile_indexes)
    row = records.account(staff_id) if staff_id else None
    if staff_id is None or row is None or row.state != StaffState.ACTIVE:
        raise ForbiddenError("desk.not_staff", "这个手机号不是工作人员的。请找管理员，或拨打12351。")
    again = work.attempt.earlier(DeskOpened)
    if again is not None:
        return _again(work, row)
    limits.spend("desk_tries", limits.text_key(staff_id), work.now)
    token = cipher.keyed_hash("desk_session", f"{staff_id}\x1f{work.attempt.request_key}")

    def one_round() -> DeskSession:
        found = records.account(staff_id)
        if found is None or found.state != StaffState.ACTIVE:
            raise _wrong()
        used = _use(found, code, recovery_code, work.seconds)
        head = audit.read_head(audit.staff(staff_id))
        facts = {"with": "recovery_code" if recovery_code else "code"}
        session = DeskSessionRow(
            records.session_folder(token),
            SESSION,
            staff_id=staff_id,
            started_at=work.seconds,
            seen_at=work.seconds,
            expires_at=_ends(work.seconds, work.seconds),
        )
        work.add(
            used,
            put(session, DeskSessionRow.folder.does_not_exist()),
            work.attempt.record(DeskOpened(staff_id)) if work.attempt else [],
            audit.entry_writes(work, audit.staff(staff_id), "desk_signed_in", facts, head),
        )
        work.commit()
        log.info("desk_signed_in")
        return DeskSession(token, _staff(found, session))

    return retry(work, one_round)


def end_session(token: str | None) -> None:
    """Sign out. Signing out twice, or late, is signing out."""
    if token is not None:
        DeskSessionRow(records.session_folder(token), SESSION).delete()


def admit(cookies: Mapping[str, str], now: int) -> Staff:
    """The member of staff behind a cookie. Raises NotSignedInError."""
    token = token_in(cookies)
    session = None if token is None else records.live_session(token, now)
    row = None if session is None else records.account(session.staff_id)
    if session is None or row is None or row.state != StaffState.ACTIVE:
        raise _not_signed_in()
    if now - session.seen_at >= _SEEN_SECONDS:
        _mark_seen(session, now)
    return _staff(row, session)


def _use(row: StaffRow, code: str, recovery_code: str, now: int) -> Write:
    """The write that uses the code up, under the condition that nobody has. Raises InvalidRequestError."""
    key = StaffRow(STAFF, row.part)
    if recovery_code:
        known = factor.recovery_hashes(Masked(recovery_code))
        left = [each for each in row.recovery if each not in known]
        if len(left) == len(row.recovery):
            raise _wrong()
        return update(key, [StaffRow.recovery.set(left)], StaffRow.recovery == row.recovery)
    step = factor.step_of(row.open("secret"), code, now, int(row.last_step))
    if step is None:
        raise _wrong()
    fresh = (StaffRow.last_step < step) & (StaffRow.state == StaffState.ACTIVE)
    return update(key, [StaffRow.last_step.set(step)], fresh)


def _again(work: Work, row: StaffRow) -> DeskSession:
    """The session this very request opened before."""
    assert work.attempt is not None
    for token in reversed(cipher.keyed_hashes("desk_session", f"{row.part}\x1f{work.attempt.request_key}")):
        session = records.live_session(token, work.seconds)
        if session is not None:
            return DeskSession(token, _staff(row, session))
    raise _not_signed_in()


def _staff(row: StaffRow, session: DeskSessionRow) -> Staff:
    name = audit.staff(row.part)
    roles = frozenset(Role(each) for each in row.roles)
    return Staff(name, name, roles, row.region, row.part, int(session.expires_at))


def _mark_seen(session: DeskSessionRow, now: int) -> None:
    """At most once a minute; the condition keeps a session ended meanwhile from coming back."""
    ends = _ends(int(session.started_at), now)
    actions: list[Action] = [DeskSessionRow.seen_at.set(now), DeskSessionRow.expires_at.set(ends)]
    try:
        DeskSessionRow(session.folder, SESSION).update(
            actions=actions,
            condition=DeskSessionRow.folder.exists(),
        )
    except UpdateError as error:
        if not condition_failed(error):
            raise
        raise _not_signed_in() from None


def _ends(started: int, seen: int) -> int:
    return rules.session_ends(started, seen, LIMITS.desk_idle_seconds, LIMITS.desk_session_seconds)


def _wrong() -> InvalidRequestError:
    sentence = "动态码不对，或者已经用过。请等手机上换了新码再填。"
    return InvalidRequestError("desk.wrong_code", "没有登录成功。", {"code": sentence})


def _not_signed_in() -> NotSignedInError:
    return NotSignedInError("desk.sign_in_required", "还没有登录办公台，或者太久没有操作。请重新登录。")
