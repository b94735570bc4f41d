"""Signing in: a puzzle, a code, a session.

GET challenge ─► POST codes ─► SMS ─► POST sessions ─► cookie ─► DELETE sessions
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from chalicelib.access import records
from chalicelib.access.mobiles import read_mobile
from chalicelib.access.records import ChallengeRow, SessionRow, challenge_key, session_key
from chalicelib.access.service import codes, sessions
from chalicelib.kernel import DomainError, InvalidRequestError, Masked, NotSignedInError, System
from chalicelib.platform import cipher, ids, log
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import WriteRefused, update
from chalicelib.platform.work import Work
from chalicelib.typed import read_number

_CODE = re.compile("[0-9]{6}")


class SessionOpened(msgspec.Struct, frozen=True):
    """What a repeat of the request is answered with; the token is derived anew."""

    mobile_masked: str


@dataclass(frozen=True, slots=True)
class Session:
    token: str
    mobile_masked: str


def open_session(work: Work, challenge_id: str, code: str, before: str | None) -> Session:
    """Trade the right code for a session, once. `before` is the token of a session this browser held, which
    ends.

    The token is derived, not stored: on a network that lost the reply, the same Idempotency-Key and code get
    the very same session again, while the table knows only the token's hash.

    Raises InvalidRequestError (`sign_in.no_code`, `wrong_code`, `code_dead`, `code_used`, `code_expired`),
    UnavailableError; a failure may have cost a try.
    """
    assert work.attempt is not None  # the route demands a key
    code = read_number(code)
    if not _CODE.fullmatch(code):  # no code of ours: it costs no try
        raise _code_error("sign_in.no_code", "验证码是短信里的6位数字，请核对后重填。")
    challenge = records.count_try(challenge_id, work.seconds)
    if challenge is None:
        return _earlier(work, challenge_id)
    if not codes.is_right(challenge_id, challenge, code):
        raise _wrong(LIMITS.code_tries - int(challenge.tries))
    token = cipher.keyed_hash(*_derivation(challenge_id, work.attempt.request_key))
    masked = challenge.mobile_masked
    work.add(
        update(
            ChallengeRow(challenge.key),
            [ChallengeRow.used.set(session_key(token))],
            ChallengeRow.key.exists() & ChallengeRow.used.does_not_exist(),
        ),
        sessions.open_write(
            token, challenge.open("mobile"), list(challenge.mobile_indexes), masked, work.seconds
        ),
        [sessions.end_write(before)] if before else [],
        work.attempt.record(SessionOpened(masked)),
    )
    try:
        work.commit()
    except WriteRefused:
        return _earlier(work, challenge_id)
    log.info("code_verified")
    return Session(token, masked)


def end_session(token: str | None) -> None:
    """Sign out. No condition: the key is this token's hash; signing out twice, or late, is signing out."""
    if token is not None:
        SessionRow(session_key(token)).delete()


def open_session_for(mobile: Masked) -> str:
    """A session's token without a code: for the local stack's demo and for tests. No route reaches it, and it
    loosens no limit. Raises InvalidRequestError for anything but a mainland mobile."""
    owner, work = read_mobile(mobile.reveal()), Work(System())
    token = ids.new_token()
    indexes = cipher.blind_indexes("mobile", owner.number)
    work.add(sessions.open_write(token, owner.number, indexes, owner.masked, work.seconds))
    work.commit()
    return token


def _derivation(challenge_id: str, idempotency_key: str) -> tuple[str, str]:
    return "session", f"{challenge_id}\x1f{idempotency_key}"


def _earlier(work: Work, challenge_id: str) -> Session:
    """The session this very request opened before; else why there is nothing to guess.

    Only while the code lives: a request that leaked is worth nothing afterwards.
    """
    assert work.attempt is not None
    # In this order: a challenge seen as used was stored together with the record that is read next.
    challenge = ChallengeRow.live(challenge_key(challenge_id), work.seconds)
    again = work.attempt.earlier(SessionOpened)
    if challenge is None or again is None:
        raise _refusal(challenge)
    for token in reversed(cipher.keyed_hashes(*_derivation(challenge_id, work.attempt.request_key))):
        if sessions.is_live(token, work.seconds):
            return Session(token, again.mobile_masked)
    raise NotSignedInError("sign_in.required", "这次登录已经结束，请重新获取验证码。")


def _refusal(challenge: ChallengeRow | None) -> DomainError:
    if challenge is None:
        return _code_error("sign_in.code_expired", "验证码已过期，请重新获取。")
    if challenge.used:
        return _code_error("sign_in.code_used", "这个验证码已经用过，请重新获取。")
    return _code_error("sign_in.code_dead", "验证码输错次数太多，已经作废，请重新获取。")


def _wrong(left: int) -> DomainError:
    if left <= 0:
        return _code_error("sign_in.wrong_code", "验证码不对，而且次数已用完，请重新获取。")
    return _code_error("sign_in.wrong_code", f"验证码不对，请核对短信后重填，还可以试{left}次。")


def _code_error(code: str, sentence: str) -> InvalidRequestError:
    return InvalidRequestError(code, "没有登录成功。", {"code": sentence})
