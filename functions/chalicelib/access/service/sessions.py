"""Member sessions: a random-looking token in a cookie, its hash in a row (P04).

A row ends when it was idle too long or is as old as a session may get; both are folded into `expires_at`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.access import rules
from chalicelib.access.model import Member
from chalicelib.access.records import SessionRow, session_key
from chalicelib.kernel import Masked, NotSignedInError
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, condition_failed, delete, put

_NAME = "__Host-huzhu"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,64}")
# `__Host-`: the browser takes it only over TLS, from this very host, for all of it; no subdomain can plant
# one. Strict: no other site's link or form carries it. It outlives a killed browser, not the session.
_RULES = "Path=/; Secure; HttpOnly; SameSite=Strict"


def cookie(token: str) -> str:
    return f"{_NAME}={token}; {_RULES}; Max-Age={LIMITS.member_session_seconds}"


def no_cookie() -> str:
    return f"{_NAME}=; {_RULES}; Max-Age=0"


def token_in(cookies: Mapping[str, str]) -> str | None:
    token = cookies.get(_NAME, "")
    return token if _TOKEN.fullmatch(token) else None


def open_write(token: str, mobile: Masked, mobile_indexes: list[str], mobile_masked: str, now: int) -> Write:
    row = SessionRow(
        session_key(token),
        started_at=now,
        seen_at=now,
        expires_at=_ends(now, now),
        mobile_indexes=mobile_indexes,
        mobile_masked=mobile_masked,
    ).seal(mobile=mobile)
    return put(row, SessionRow.key.does_not_exist())


def end_write(token: str) -> Write:
    return delete(SessionRow(session_key(token)), None)


def is_live(token: str, now: int) -> bool:
    return SessionRow.live(session_key(token), now) is not None


def admit(cookies: Mapping[str, str], now: int, *, mark_seen: bool = True) -> Member:
    """The member behind a cookie. Raises NotSignedInError."""
    token = token_in(cookies)
    row = None if token is None else SessionRow.live(session_key(token), now)
    if row is None:
        raise _not_signed_in()
    if mark_seen and now - row.seen_at >= LIMITS.member_seen_seconds:
        _mark_seen(row, now)
    return Member(
        key=row.mobile_indexes[0],
        session_key=row.key,
        mobile_indexes=tuple(row.mobile_indexes),
        mobile_masked=row.mobile_masked,
        open_mobile=lambda: row.open("mobile"),
    )


def _mark_seen(row: SessionRow, now: int) -> None:
    """At most once a minute, so that a page's many reads are not as many writes; the idle limit is therefore
    met up to a minute early, never late. The condition keeps a session ended meanwhile from coming back."""
    actions: list[Action] = [
        SessionRow.seen_at.set(now),
        SessionRow.expires_at.set(_ends(int(row.started_at), now)),
    ]
    try:
        SessionRow(row.key).update(actions=actions, condition=SessionRow.key.exists())
    except UpdateError as error:
        if not condition_failed(error):
            raise
        raise _not_signed_in() from None


def _ends(started: int, seen: int) -> int:
    return rules.session_ends(started, seen, LIMITS.member_idle_seconds, LIMITS.member_session_seconds)


def _not_signed_in() -> NotSignedInError:
    return NotSignedInError("sign_in.required", "还没有登录，或登录已过期。请用手机号重新登录。")
