"""The nouns of the log: entries chained by their hashes, and the head that says where a chain ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GENESIS = "0" * 64  # what the first entry of a subject names as its predecessor


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a subject: its number and its hash (hex)."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to a subject, and when.

    `subject` and `actor` are opaque ids (`person#…`, `policy#…`; `self`, `staff#…`). `at` is a UTC instant in
    ISO form with microseconds. `facts` is canonical JSON, kept as text so that what is hashed is what is
    stored; it never holds personal data, because entries outlive the person's right to be forgotten.
    """

    subject: str
    seq: int  # 1 for the first
    at: str
    action: str
    actor: str
    facts: str
    previous: str  # hash of entry seq - 1
    hash: str


class Fault(StrEnum):
    """What is wrong with a chain at one entry."""

    MISSING = "missing"  # there is no such entry, though the head or a later one says so
    CHANGED = "changed"  # its hash is not the hash of what it says
    RELINKED = "relinked"  # it is sound by itself but does not follow the entry before it
    UNANCHORED = "unanchored"  # the head knows another hash for it, does not reach it, or is gone


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    subject: str
    seq: int
    fault: Fault
