"""Rows of the `codes` table that identity owns. All carry `expires_at` (epoch seconds).

The store removes expired rows when it gets round to it, often days later, so every read asks `is_live`
and every condition that means "absent" also takes "expired" (P23).
"""

from __future__ import annotations

from typing import Any, TypeVar

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from chalicelib.access import keys
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import condition_failed

R = TypeVar("R", bound="_CodesRow")


class _CodesRow(Table):
    class Meta:
        name = "codes"

    key = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()

    def is_live(self, now: int) -> bool:
        return now < self.expires_at


class ChallengeRow(_CodesRow):
    """A code that was sent. Only its hash is kept."""

    code_hash = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_indexes = ListAttribute[Any](of=UnicodeAttribute)
    mobile_masked = UnicodeAttribute()
    used = UnicodeAttribute(null=True)  # key of the session it opened


class SessionRow(_CodesRow):
    started_at = NumberAttribute()
    seen_at = NumberAttribute()
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_indexes = ListAttribute[Any](of=UnicodeAttribute)
    mobile_masked = UnicodeAttribute()


class SendsRow(_CodesRow):
    """When codes were sent to one mobile; `last` is the newest challenge and guards against two at once."""

    sent_at = ListAttribute[Any](of=NumberAttribute)
    last = UnicodeAttribute()


class CounterRow(_CodesRow):
    n = NumberAttribute(default=0)


class ProofRow(_CodesRow):
    """A used proof of work."""


def live(model: type[R], key: str, now: int) -> R | None:
    """One consistent read; None when absent or expired."""
    try:
        row = model.get(key, consistent_read=True)
    except model.DoesNotExist:
        return None
    return row if row.is_live(now) else None


def absent_or_expired(model: type[_CodesRow], now: int) -> Condition:
    condition: Condition = model.key.does_not_exist() | (model.expires_at <= now)
    return condition


def count_try(challenge_id: str, now: int) -> ChallengeRow | None:
    """Pay for one guess, then see what to compare it with. None: no guess is left, or nothing to guess.

    One conditional write, so a hundred guesses at once are still five (P01). When its reply is lost
    the SDK sends it again and a second try is paid: a retry may cost a try, never give one.

        tries < 5    alive    unused     guess
        no           any      any        refused
        any          no       any        refused (also when the row is gone: no attribute, no comparison)
        any          any      no         refused
    """
    row = ChallengeRow(keys.challenge(challenge_id))
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
