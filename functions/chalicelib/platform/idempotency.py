"""Same Idempotency-Key, same answer (P18).

The record is one item of the use case's own transaction, so it exists exactly when the fact does. Two rows
never share a key: it is scoped by actor and route. A repeat finds the record by its refused condition:

    record row        body hash        answer
    absent            –                the transaction commits; this answer is the first
    present           equal            the stored answer, again
    present           different        422: a key is for one request only
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel import UnprocessableError
from chalicelib.platform import cipher, clock
from chalicelib.platform.http import Answer, Request
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import Write, put

A = TypeVar("A", bound=msgspec.Struct)


class IdempotencyRow(Table):
    class Meta:
        name = "codes"

    key = UnicodeAttribute(hash_key=True)
    body_hash = UnicodeAttribute()  # keyed: a bare hash of a name and a number could be guessed back
    status = NumberAttribute()
    answer = UnicodeAttribute(default="")
    expires_at = NumberAttribute()


class Attempt:
    """One try of one request: known again by who sends it, where, under which key, and with what body."""

    def __init__(self, request: Request[Any]) -> None:
        scope = request.actor.key if request.actor is not None else "public"
        digest = hashlib.sha256(f"{scope}\n{request.route}\n{request.idempotency_key}".encode()).hexdigest()
        self.key = f"idempotency#{digest}"
        self._body = hashlib.sha256(request.raw).hexdigest()

    def body_hash(self) -> str:
        """What to store of the body, so that a repeat can be told from another request."""
        return cipher.keyed_hash("request", self._body)

    def refuse_another(self, stored: str) -> None:
        """Raises UnprocessableError unless `stored` is the hash of this very body."""
        if stored not in cipher.keyed_hashes("request", self._body):
            raise UnprocessableError(
                "request.key_reused", "这次提交和上一次内容不同。请刷新页面，核对后重新提交。"
            )

    def record(self, status: int, answer: msgspec.Struct | None) -> Write:
        """The write to add to the transaction. The answer must hold no unmasked personal data."""
        text = "" if answer is None else msgspec.json.encode(answer).decode()
        expires = clock.now() + timedelta(seconds=LIMITS.idempotency_seconds)
        row = IdempotencyRow(
            self.key,
            body_hash=self.body_hash(),
            status=status,
            answer=text,
            expires_at=int(expires.timestamp()),
        )
        # An expired row may linger for days before the store removes it (P23): it counts as absent.
        now = int(clock.now().timestamp())
        return put(row, IdempotencyRow.key.does_not_exist() | (IdempotencyRow.expires_at <= now))

    def earlier(self, shape: type[A] | Callable[[int], type[A] | None]) -> Answer | None:
        """The answer already given under this key, if any. Raises UnprocessableError for another body."""
        try:
            row = IdempotencyRow.get(self.key, consistent_read=True)
        except IdempotencyRow.DoesNotExist:
            return None
        if row.expires_at <= clock.now().timestamp():
            return None
        self.refuse_another(row.body_hash)
        status = int(row.status)
        kind = shape if isinstance(shape, type) else shape(status)
        body = None if kind is None or not row.answer else msgspec.json.decode(row.answer, type=kind)
        return Answer(status, body)
