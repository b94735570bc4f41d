"""Same Idempotency-Key, same answer (P18).

The record is one item of the use case's own transaction, so it exists exactly when the fact does. Two rows
never share a key: it is scoped by actor and route. A repeat finds the record by its refused condition:

    record row        body hash        outcome
    absent            –                the transaction commits; this outcome is the first
    present           equal            the stored outcome, again
    present           different        422: a key is for one request only
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import Actor, UnprocessableError
from chalicelib.platform import cipher
from chalicelib.platform.rows import CodesRow
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, put

S = TypeVar("S", bound=msgspec.Struct)


class IdempotencyRow(CodesRow):
    body_hash = UnicodeAttribute()  # keyed: a bare hash of a name and a number could be guessed back
    outcome = UnicodeAttribute()


class Attempt:
    """One try of one request: known again by who sends it, where, under which key, and with what body."""

    def __init__(self, actor: Actor, route: str, key: str, raw: bytes, now: datetime) -> None:
        digest = hashlib.sha256(f"{actor.key}\n{route}\n{key}".encode()).hexdigest()
        self.key = f"idempotency#{digest}"
        self.request_key = key
        self._body = hashlib.sha256(raw).hexdigest()
        self._now = now

    def body_hash(self) -> str:
        """What to store of the body, so that a repeat can be told from another request."""
        return cipher.keyed_hash("request", self._body)

    def refuse_another(self, stored: str) -> None:
        """Raises UnprocessableError unless `stored` is the hash of this very body."""
        if stored not in cipher.keyed_hashes("request", self._body):
            raise UnprocessableError(
                "request.key_reused", "这次提交和上一次内容不同。请刷新页面，核对后重新提交。"
            )

    def record(self, outcome: msgspec.Struct) -> Write:
        """The write to add to the transaction: what the use case returns, for whoever repeats it. It must
        hold no unmasked personal data."""
        row = IdempotencyRow(
            self.key,
            body_hash=self.body_hash(),
            outcome=msgspec.json.encode(outcome).decode(),
            expires_at=int((self._now + timedelta(seconds=LIMITS.idempotency_seconds)).timestamp()),
        )
        # An expired row may linger for days before the store removes it (P23): it counts as absent.
        return put(row, IdempotencyRow.absent_or_expired(int(self._now.timestamp())))

    def earlier(self, shape: type[S]) -> S | None:
        """The outcome already reached under this key, if any. Raises UnprocessableError for another body."""
        row = IdempotencyRow.live(self.key, int(self._now.timestamp()))
        if row is None:
            return None
        self.refuse_another(row.body_hash)
        return msgspec.json.decode(row.outcome, type=shape)
