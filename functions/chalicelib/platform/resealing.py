"""Bringing sealed rows to the newest key, as part of a key rotation. For the office's command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.platform import ids, keyring
from chalicelib.platform.rows import SealedRow
from chalicelib.platform.transaction import WriteRefused, commit, update


def reseal(rows: Iterable[SealedRow], fields: Sequence[str]) -> int:
    """How many rows were changed. Safe to repeat: a row that was deleted or changed meanwhile is left to the
    next run."""
    newest, changed = keyring.newest("field").version, 0
    for row in rows:
        if row.oldest_seal(fields) == newest:
            continue
        first = f"{fields[0]}_sealed"
        unchanged = getattr(type(row), first) == getattr(row, first)
        key: Any = type(row)
        try:
            commit([update(key(*row.store_key), row.resealed(fields), unchanged)], ids.new_id())
        except WriteRefused:
            continue
        changed += 1
    return changed
