"""Versioned data keys, newest last, wrapped by the stack's KMS key.

A ring is one row of the people table: `keyring#<purpose>`. KMS makes the keys (GenerateDataKey) and binds
each to its purpose by encryption context; unwrapped keys live in memory at most five minutes, so a KMS key
that is disabled stops opening anything within that time (P25). Losing a ring loses what it sealed, which is
why it lies in the table with backups and deletion protection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, UnicodeAttribute

from chalicelib.platform import aws, clock, log
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import store_failure

PURPOSES = ("field", "index")


class KeyRingRow(Table):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True, default="keyring")
    wrapped = ListAttribute[Any](of=BinaryAttribute)


@dataclass(frozen=True, slots=True)
class Key:
    version: int  # 1 for the first; newest has the highest
    secret: bytes  # 32 bytes


_cache: dict[str, tuple[datetime, tuple[Key, ...]]] = {}


def keys(purpose: str) -> tuple[Key, ...]:
    """All keys of a ring, newest last. Raises UnavailableError while KMS or the store is down."""
    now = clock.now()
    cached = _cache.get(purpose)
    if cached is not None and now - cached[0] < timedelta(seconds=LIMITS.key_cache_seconds):
        return cached[1]
    try:
        row = KeyRingRow.get(_row_key(purpose), "keyring")
        ring = tuple(Key(n, _unwrap(purpose, blob)) for n, blob in enumerate(row.wrapped, start=1))
    except Exception as error:
        failure = store_failure(error)
        if failure is not error:
            raise failure from error
        log.failure("keys_unavailable", error, purpose=purpose)
        raise aws.busy("platform.keys_unavailable") from error
    _cache[purpose] = (now, ring)
    return ring


def newest(purpose: str) -> Key:
    return keys(purpose)[-1]


def ensure(purposes: tuple[str, ...] = PURPOSES) -> None:
    """Make each ring's first key if it has none. Safe to repeat; run by the deployment."""
    for purpose in purposes:
        row = KeyRingRow(_row_key(purpose), wrapped=[_new_wrapped(purpose)])
        try:
            row.save(condition=KeyRingRow.person_id.does_not_exist())
        except Exception as error:
            if getattr(error, "cause_response_code", "") != "ConditionalCheckFailedException":
                raise


def add_version(purpose: str) -> int:
    """Add a newest key; old ones stay readable. Returns the new version. Two at once: one is refused."""
    row = KeyRingRow.get(_row_key(purpose), "keyring", consistent_read=True)
    before = list(row.wrapped)
    row.wrapped = [*before, _new_wrapped(purpose)]
    row.save(condition=KeyRingRow.wrapped == before)
    forget()
    return len(row.wrapped)


def forget() -> None:
    """Drop unwrapped keys from memory."""
    _cache.clear()


def _row_key(purpose: str) -> str:
    return f"keyring#{purpose}"


def _context(purpose: str) -> dict[str, str]:
    return {"purpose": purpose, "table": settings().table("people")}


def _new_wrapped(purpose: str) -> bytes:
    made = aws.client("kms").generate_data_key(
        KeyId=settings().data_key_id, KeySpec="AES_256", EncryptionContext=_context(purpose)
    )
    return bytes(made["CiphertextBlob"])


def _unwrap(purpose: str, wrapped: bytes) -> bytes:
    opened = aws.client("kms").decrypt(
        KeyId=settings().data_key_id, CiphertextBlob=wrapped, EncryptionContext=_context(purpose)
    )
    return bytes(opened["Plaintext"])
