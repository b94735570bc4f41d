"""Versioned data keys, newest last, wrapped by the stack's KMS key.

A ring is a partition of the table of keys, which has a grant of its own: functions may read it, never write.
KMS makes the keys (GenerateDataKey) and binds each to its purpose by encryption context; unwrapped keys live
in memory at most five minutes, so a KMS key that is disabled stops opening anything within that time (P25).
Losing a ring loses what it sealed: the table has backups and deletion protection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.platform import aws, clock, log
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.tables import Row
from chalicelib.platform.transaction import condition_failed, store_failure

PURPOSES = ("field", "index")


class KeyRow(Row):
    class Meta:
        name = "keys"

    purpose = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(range_key=True)  # 1 for the first
    wrapped = BinaryAttribute(legacy_encoding=False)


@dataclass(frozen=True, slots=True)
class Key:
    version: int  # 1 for the first; newest has the highest
    secret: bytes  # 32 bytes


class NoKeys(Exception):
    """A ring without a key: the deployment was cut short before it made the first."""


_cache: dict[str, tuple[datetime, tuple[Key, ...]]] = {}


def keys(purpose: str) -> tuple[Key, ...]:
    """All keys of a ring, newest last. Raises UnavailableError while KMS or the store is down."""
    now = clock.now()
    cached = _cache.get(purpose)
    if cached is not None and now - cached[0] < timedelta(seconds=LIMITS.key_cache_seconds):
        return cached[1]
    try:
        ring = tuple(Key(int(row.version), _unwrap(purpose, row.wrapped)) for row in _rows(purpose))
        if not ring:
            raise NoKeys
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
        if not _rows(purpose):
            _put(purpose, 1)


def add_version(purpose: str) -> int:
    """Add a newest key; old ones stay readable. Returns the new version. Two at once: one is refused."""
    version = len(_rows(purpose)) + 1
    if not _put(purpose, version):
        raise aws.busy("platform.keys_turned_twice")
    forget()
    return version


def forget() -> None:
    """Drop unwrapped keys from memory."""
    _cache.clear()


def _rows(purpose: str) -> list[KeyRow]:
    return list(KeyRow.query(purpose, consistent_read=True))


def _put(purpose: str, version: int) -> bool:
    """False if there is such a version already. No key of a ring is ever changed or deleted."""
    row = KeyRow(purpose, version, wrapped=_new_wrapped(purpose))
    try:
        row.save(condition=KeyRow.purpose.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise
        return False
    return True


def _context(purpose: str) -> dict[str, str]:
    return {"purpose": purpose, "table": settings().table("keys")}


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
