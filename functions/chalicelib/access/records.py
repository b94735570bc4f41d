"""Rows of the table of codes that access owns: challenges, sessions, sends, proofs. All expire.

challenge#<id>            a code that was sent
session#<token's hash>    a session; the token has 256 bits, so a plain hash of it cannot be searched
sends#<mobile's index>    when codes were sent to one mobile
altcha#<challenge>        a proof of work that has been used

No key holds anything readable, so a row is of no use as a cookie, a code or a phone book.
"""

from __future__ import annotations

import hashlib
from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.platform.rows import CodesRow
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import condition_failed


def challenge_key(challenge_id: str) -> str:
    return f"challenge#{challenge_id}"


def session_key(token: str) -> str:
    return f"session#{hashlib.sha256(token.encode()).hexdigest()}"


def sends_key(mobile_index: str) -> str:
    return f"sends#{mobile_index}"


def proof_key(challenge: str) -> str:
    return f"altcha#{challenge}"


class ChallengeRow(CodesRow):
    """A code that was sent. Only its hash is kept."""

    code_hash = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_indexes = ListAttribute[Any](of=UnicodeAttribute)
    mobile_masked = UnicodeAttribute()
    used = UnicodeAttribute(null=True)  # key of the session it opened


class SessionRow(CodesRow):
    started_at = NumberAttribute()
    seen_at = NumberAttribute()
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_indexes = ListAttribute[Any](of=UnicodeAttribute)
    mobile_masked = UnicodeAttribute()


class SendsRow(CodesRow):
    """When codes were sent to one mobile; `last` is the newest challenge and guards against two at once."""

    sent_at = ListAttribute[Any](of=NumberAttribute)
    last = UnicodeAttribute()


class ProofRow(CodesRow):
    """A used proof of work."""


def count_try(challenge_id: str, now: int) -> ChallengeRow | None:
    """Pay for one guess, then see what to compare it with. None: no guess is left, or nothing to guess.

    One conditional write, so a hundred guesses at once are still five (P01). When its reply is lost
    the SDK sends it again and a second try is paid: a retry may cost a try, never give one.

        tries < 5    alive    unused     guess
        no           any      any        refused
        any          no       any        refused (also when the row is gone: no attribute, no comparison)
        any          any      no         refused
    """
    row = ChallengeRow(challenge_key(challenge_id))
    guessable = (
        (ChallengeRow.tries < LIMITS.code_tries)
        & (ChallengeRow.expires_at > now)
        & ChallengeRow.used.does_not_exist()
    )
    try:
        row.update(actions=[ChallengeRow.tries.add(1)], condition=guessable)
    except UpdateError as error:
        if condition_failed(error):
            return None
        raise
    return row
