"""Signing in: a puzzle, a code, a session.

GET challenge ─► POST codes ─► SMS ─► POST sessions ─► cookie ─► DELETE sessions
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.access import keys, records
from chalicelib.access.answers import SessionOpened
from chalicelib.access.mobiles import read_mobile
from chalicelib.access.records import ChallengeRow, SessionRow
from chalicelib.access.service import codes, sessions
from chalicelib.kernel import DomainError, InvalidRequestError, Masked, NotSignedInError
from chalicelib.platform import cipher, clock, ids, log
from chalicelib.platform.http import Answer
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import WriteRefused, commit, update

send_code = codes.send_code


def open_session(
    challenge_id: str,
    code: str,
    idempotency_key: str,
    cookies: Mapping[str, str],
    attempt: Attempt,
    now: datetime,
) -> Answer:
    """Trade the right code for a session, once. A session this browser held before ends.

    The token is derived, not stored: on a network that lost the reply, the same Idempotency-Key and code get
    the very same session again, while the table knows only the token's hash.

    Raises InvalidRequestError (`sign_in.wrong_code`, `code_dead`, `code_used`, `code_expired`),
    UnavailableError; a failure may have cost a try.
    """
    seconds = int(now.timestamp())
    challenge = records.count_try(challenge_id, seconds)
    if challenge is None:
        return _earlier(challenge_id, idempotency_key, attempt, seconds)
    if not codes.is_right(challenge_id, challenge, code):
        raise _wrong(LIMITS.code_tries - int(challenge.tries))
    token = cipher.keyed_hash(*_derivation(challenge_id, idempotency_key))
    before = sessions.token_in(cookies)
    answer = SessionOpened(challenge.mobile_masked)
    mobile = sessions.open_mobile(challenge.key, challenge.mobile_sealed)
    writes = [
        update(
            ChallengeRow(challenge.key),
            [ChallengeRow.used.set(keys.session(token))],
            ChallengeRow.key.exists() & ChallengeRow.used.does_not_exist(),
        ),
        sessions.open_write(token, mobile, list(challenge.mobile_indexes), challenge.mobile_masked, seconds),
        *([sessions.end_write(before)] if before else []),
        attempt.record(201, answer),
    ]
    try:
        commit(writes, ids.new_id())
    except WriteRefused:
        return _earlier(challenge_id, idempotency_key, attempt, seconds)
    log.info("code_verified")
    return Answer(201, answer, cookies=(sessions.cookie(token),))


def end_session(cookies: Mapping[str, str]) -> Answer:
    """Sign out. 204, also when there was no session; the cookie goes."""
    token = sessions.token_in(cookies)
    if token is not None:
        # No condition: the key is this token's hash, and signing out twice, or late, is signing out.
        SessionRow(keys.session(token)).delete()
    return Answer(204, cookies=(sessions.no_cookie(),))


def open_session_for(mobile: Masked) -> str:
    """A session's token without a code: for the local stack's demo and for tests. No route reaches it, and it
    loosens no limit. Raises InvalidRequestError for anything but a mainland mobile."""
    owner = read_mobile(mobile.reveal())
    token, now = ids.new_token(), int(clock.now().timestamp())
    indexes = cipher.blind_indexes("mobile", owner.number)
    commit([sessions.open_write(token, owner.number, indexes, owner.masked, now)], ids.new_id())
    return token


def _derivation(challenge_id: str, idempotency_key: str) -> tuple[str, str]:
    return "session", f"{challenge_id}\x1f{idempotency_key}"


def _earlier(challenge_id: str, idempotency_key: str, attempt: Attempt, now: int) -> Answer:
    """The answer this very request got before, cookie included; else why there is nothing to guess.

    Only while the code lives: a request that leaked is worth nothing afterwards.
    """
    # In this order: a challenge seen as used was stored together with the record that is read next.
    challenge = records.live(ChallengeRow, keys.challenge(challenge_id), now)
    again = attempt.earlier(SessionOpened)
    if challenge is None or again is None:
        raise _refusal(challenge)
    for token in reversed(cipher.keyed_hashes(*_derivation(challenge_id, idempotency_key))):
        if sessions.is_live(token, now):
            return Answer(again.status, again.body, cookies=(sessions.cookie(token),))
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
