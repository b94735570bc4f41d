"""The nouns of uploads: what a file is for, whose it is, and what may become of it.

`refused` is no end: while its form lives, the right bytes may still come, or have come and are told of later.
So the end is the same in whatever order events arrive: stored if the right bytes ever came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.access.model import Action, Thing
from chalicelib.states import Edge, States

_MIB = 1024 * 1024


class FileState(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    STORED = "stored"
    REFUSED = "refused"
    EXPIRED = "expired"


class FileAction(StrEnum):
    RECEIVE = "receive"  # the announced bytes are there: their version is pinned
    REFUSE = "refuse"  # something else is there
    EXPIRE = "expire"  # nothing came while the form lived
    VIEW = "view"  # a link is given; the log says to whom


_SYSTEM = ("system",)

FILES = States(
    "uploads",
    (
        Edge(FileState.AWAITING_UPLOAD, FileAction.RECEIVE, FileState.STORED, _SYSTEM),
        Edge(FileState.AWAITING_UPLOAD, FileAction.REFUSE, FileState.REFUSED, _SYSTEM),
        Edge(FileState.AWAITING_UPLOAD, FileAction.EXPIRE, FileState.EXPIRED, _SYSTEM),
        Edge(FileState.REFUSED, FileAction.RECEIVE, FileState.STORED, _SYSTEM),
        Edge(FileState.STORED, FileAction.VIEW, FileState.STORED, ("whom access.rules lets read it",)),
    ),
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a file is for. `code` is also the first part of its key in the bucket.

    `types`: content type -> endings of names that go with it. `read` is what `access` is asked before a link.
    `checked_by` names the queue (infra/resources/storage.py) of whoever looks into the bytes once they are
    stored; it gets `{"file_id": …}` at least once. Empty: nobody has to.
    """

    code: str
    max_bytes: int
    types: Mapping[str, tuple[str, ...]]
    read: Action
    checked_by: str = ""


_XLSX = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",)}
_CSV = {"text/csv": (".csv",)}
_PICTURES = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
_PDF = {"application/pdf": (".pdf",)}

PURPOSES = {
    each.code: each
    for each in (
        # 20 MiB hold 50,000 rows of a sheet three times over; a worker reads it in one piece.
        Purpose("roster", 20 * _MIB, _XLSX | _CSV, Action.READ_ROSTER),
        # The largest picture a phone of today takes, or forty scanned pages.
        Purpose("unit_document", 16 * _MIB, _PICTURES | _PDF, Action.READ_UNIT_DOCUMENT),
        Purpose("claim_photo", 16 * _MIB, _PICTURES, Action.READ_CLAIM_PHOTO),
        # 50,000 lines of a bank's answer.
        Purpose("bank_file", 5 * _MIB, _XLSX | _CSV, Action.READ_BANK_FILE),
    )
}


_ID = re.compile(r"[a-z2-7]{26}")
_FIRST_CHARACTERS = "234567abcdefghijklmnopqrstuvwxyz"  # of an id, as the bucket sorts them


def key(purpose: str, file_id: str) -> str:
    """Where a file lies in the bucket: one exact place, known to nobody before its form is made."""
    return f"{purpose}/{file_id}"


def is_file_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def read_key(text: str) -> tuple[str, str] | None:
    """(purpose, file id); None for a key no slot has."""
    purpose, _, file_id = text.partition("/")
    return (purpose, file_id) if purpose in PURPOSES and is_file_id(file_id) else None


def shelf(purpose: str, file_id: str) -> str:
    """A thirty-second of a purpose's files: the beginning of their keys, and the index they are found by."""
    return key(purpose, file_id[0])


SHELVES = tuple(key(purpose, first) for purpose in sorted(PURPOSES) for first in _FIRST_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is. `name` is opaque (`unit#…`, `claim#…`); `thing` is what permission is asked on."""

    name: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class Announced:
    """What somebody said they would send. `sha256` is in hex."""

    purpose: Purpose
    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """What really lies in the bucket, one version of it."""

    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object, as the bucket lists it."""

    file_id: str
    version_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record says of a file: the pinned version, if one is, and when its form ends."""

    state: FileState
    version_id: str
    expires_at: datetime


class Form(msgspec.Struct, frozen=True):
    """Where to post, and the fields to send before the one named `file`."""

    url: str
    fields: dict[str, str]


class Slot(msgspec.Struct, frozen=True):
    """A place for one file, as the wire tells of it; it names nobody, so an attempt may record it."""

    file_id: str
    upload: Form
    expires_at: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Exists exactly when object and record both do."""

    sha256: str
    bytes: int
    stored_at: str


@dataclass(frozen=True, slots=True)
class File:
    """A slot and what became of it. `refusal` says what did not agree: `bytes`, `content_type`, `sha256`."""

    id: str
    purpose: str
    owner: str
    state: FileState
    receipt: Receipt | None
    refusal: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address that gives the file to whoever holds it, for a minute."""

    url: str
    expires_at: str


class Repair(StrEnum):
    """What the nightly comparison found between a record and the bucket."""

    RECEIVE = "receive"  # an event was lost, or a version nobody will look at lies there
    REMOVE = "remove"  # an object without a record
    EXPIRE = "expire"  # a slot nobody used
    REPORT = "report"  # a record whose object is gone: only a person can help
