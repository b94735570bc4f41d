"""Rows of the audit table: `subject` / `seq`. Seq 0 is the subject's head, 1 and up are its entries.

Rows are only ever put, under a condition; no code updates or deletes one, so the functions' policy need not
allow it (P30).
"""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.audit.model import Entry, Head
from chalicelib.platform.rows import AuditRow
from chalicelib.platform.transaction import Write, put

_HEAD = 0


class HeadRow(AuditRow):
    last_seq = NumberAttribute()
    last_hash = UnicodeAttribute()


class EntryRow(AuditRow):
    at = UnicodeAttribute()
    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    facts = UnicodeAttribute()
    previous = UnicodeAttribute()
    hash = UnicodeAttribute()


def append_writes(entry: Entry, head: Head | None) -> list[Write]:
    """`entry` where there is none yet, and the head moved from exactly `head` (None: no head) to it."""
    row = EntryRow(
        entry.subject,
        entry.seq,
        at=entry.at,
        action=entry.action,
        actor=entry.actor,
        facts=entry.facts,
        previous=entry.previous,
        hash=entry.hash,
    )
    moved = HeadRow(entry.subject, _HEAD, last_seq=entry.seq, last_hash=entry.hash)
    unmoved = (
        HeadRow.subject.does_not_exist()
        if head is None
        else (HeadRow.last_seq == head.seq) & (HeadRow.last_hash == head.hash)
    )
    return [put(row, EntryRow.subject.does_not_exist()), put(moved, unmoved)]


def head_of(subject: str) -> Head | None:
    try:
        row = HeadRow.get(subject, _HEAD, consistent_read=True)
    except HeadRow.DoesNotExist:
        return None
    return Head(int(row.last_seq), row.last_hash)


def entries_of(subject: str) -> list[Entry]:
    """All entries by seq; one partition, read page by page."""
    rows = EntryRow.query(subject, EntryRow.seq > _HEAD, consistent_read=True)
    return [
        Entry(row.subject, int(row.seq), row.at, row.action, row.actor, row.facts, row.previous, row.hash)
        for row in rows
    ]
