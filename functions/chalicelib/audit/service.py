"""The log every service appends to, in the same transaction as the fact it records (P30)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from chalicelib.audit import records, rules
from chalicelib.audit.model import Break, Entry, Fault, Head
from chalicelib.audit.rules import Fact
from chalicelib.platform import aws
from chalicelib.platform.transaction import Write
from chalicelib.platform.work import Work

__all__ = [
    "Break",
    "Entry",
    "Fact",
    "Fault",
    "Head",
    "entries",
    "entry_writes",
    "file",
    "person",
    "policy",
    "read_head",
    "staff",
    "verify",
]

_ROUNDS = 5  # a subject is written a few times a year; five reads in a row cannot all meet a writer


def person(person_id: str) -> str:
    """The subject of what concerns one person."""
    return f"person#{person_id}"


def policy(policy_id: str) -> str:
    """The subject of what concerns one group policy, its seats included."""
    return f"policy#{policy_id}"


def staff(staff_id: str) -> str:
    """The subject of what concerns one member of staff: their account, their signing in."""
    return f"staff#{staff_id}"


def file(file_id: str) -> str:
    """The subject of what concerns one file: that it came, and who looked at it."""
    return f"file#{file_id}"


def entry_writes(
    work: Work, subject: str, action: str, facts: Mapping[str, Fact], head: Head | None
) -> list[Write]:
    """Two writes: the next entry, by the work's actor at its time, and the head moved to it. At most one
    entry a subject in a transaction.

    `head` is what `read_head` gave; None means "this subject is new", so a first join reads nothing. If
    another writer was first the whole transaction is refused: read the head again and retry.
    `facts` must hold no personal data; a Masked raises TypeError.
    """
    at = work.now.astimezone(UTC).isoformat(timespec="microseconds")
    entry = rules.entry_after(head, subject=subject, at=at, action=action, actor=work.actor.name, facts=facts)
    return records.append_writes(entry, head)


def read_head(subject: str) -> Head | None:
    """Where the subject's chain ends now; None if it has not begun."""
    return records.head_of(subject)


def entries(subject: str) -> list[Entry]:
    """The whole log of a subject, oldest first."""
    return records.entries_of(subject)


def verify(subject: str) -> Break | None:
    """The first gap or changed entry of a subject's chain; None if it is whole (or has not begun).

    Raises UnavailableError if the subject is written to faster than it can be read.
    """
    for _ in range(_ROUNDS):
        head = records.head_of(subject)
        chain = records.entries_of(subject)
        if records.head_of(subject) == head:  # nobody appended while we read
            return rules.first_break(subject, chain, head)
    raise aws.busy()
