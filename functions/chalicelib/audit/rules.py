"""What makes a chain hold.

    entry 1 ◄── previous ── entry 2 ◄── previous ── entry 3 ◄── head {seq: 3, hash}

Each hash covers the whole entry and the hash before it, so one changed byte shows at that entry, a dropped
or swapped one at the next, and a cut tail at the head. The head is moved in the very transaction that adds an
entry. Somebody who can rewrite a whole chain and its head in the table is stopped by the table's policy and
backups, not by this file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from chalicelib.audit.model import GENESIS, Break, Entry, Fault, Head

# Only what reads back exactly as it was written: no float, no date, and no Masked, which is refused loudly.
Fact = str | int | bool | None | Sequence[str]


def canonical(facts: Mapping[str, Fact]) -> str:
    """Facts as JSON with one spelling. Raises TypeError for a float, Masked, or anything else not a Fact."""
    for name, value in facts.items():
        plain = value is None or isinstance(value, str | int)
        texts = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        if not (plain or texts):
            raise TypeError(f"audit fact {name} is a {type(value).__name__}")
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_after(
    head: Head | None, *, subject: str, at: str, action: str, actor: str, facts: Mapping[str, Fact]
) -> Entry:
    """The entry that follows `head` (None: the first of its subject)."""
    seq, previous = (head.seq + 1, head.hash) if head is not None else (1, GENESIS)
    text = canonical(facts)
    return Entry(
        subject,
        seq,
        at,
        action,
        actor,
        text,
        previous,
        digest(subject, seq, at, action, actor, text, previous),
    )


def digest(subject: str, seq: int, at: str, action: str, actor: str, facts: str, previous: str) -> str:
    """SHA-256, hex. A JSON list keeps the parts apart: no two entries share a spelling."""
    parts = [subject, seq, at, action, actor, facts, previous]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def first_break(subject: str, entries: Sequence[Entry], head: Head | None) -> Break | None:
    """The first place where `entries` (by seq) and `head` do not make one whole chain; None if they do."""
    previous = GENESIS
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            return Break(subject, seq, Fault.MISSING)
        if entry.subject != subject or entry.hash != _digest_of(entry):
            return Break(subject, seq, Fault.CHANGED)
        if entry.previous != previous:
            return Break(subject, seq, Fault.RELINKED)
        if head is not None and head.seq == seq and head.hash != entry.hash:
            return Break(subject, seq, Fault.UNANCHORED)
        previous = entry.hash
    reached = head.seq if head is not None else 0
    if reached > len(entries):
        return Break(subject, len(entries) + 1, Fault.MISSING)
    if reached < len(entries):
        return Break(subject, reached + 1, Fault.UNANCHORED)
    return None


def _digest_of(entry: Entry) -> str:
    return digest(entry.subject, entry.seq, entry.at, entry.action, entry.actor, entry.facts, entry.previous)
