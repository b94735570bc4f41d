"""Rows left for the desk in the table of people: their texts are sealed for (part, field).

`R` has `person_id` (a prefix and a day), `part`, and `<field>_sealed` for each of its fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.kernel import Masked
from chalicelib.platform import cipher, ids, keyring
from chalicelib.platform.settings import settings
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import WriteRefused, commit, update


def seal(part: str, field: str, text: Masked) -> bytes:
    return cipher.seal(text, table=settings().table("people"), row=part, field=field)


def unseal(row: Any, field: str) -> Masked:
    sealed: bytes = getattr(row, f"{field}_sealed")
    return cipher.unseal(sealed, table=settings().table("people"), row=row.part, field=field)


def reseal(kind: type[Table], prefix: str, fields: Sequence[str]) -> int:
    """Part of a key rotation (see `identity.rotation`): every row to the newest key; how many were changed.

    Safe to repeat. A row that was deleted or changed meanwhile is left to the next run. Walks the whole
    table: for the office's command line, never for a request.
    """
    rows: Any = kind
    newest, changed, first = keyring.newest("field").version, 0, f"{fields[0]}_sealed"
    for row in rows.scan(rows.person_id.startswith(prefix), consistent_read=True):
        if cipher.seal_version(getattr(row, first)) == newest:
            continue
        actions = [
            getattr(rows, f"{field}_sealed").set(seal(row.part, field, unseal(row, field)))
            for field in fields
        ]
        unchanged = getattr(rows, first) == getattr(row, first)
        try:
            commit([update(rows(row.person_id, row.part), actions, unchanged)], ids.new_id())
        except WriteRefused:
            continue
        changed += 1
    return changed
