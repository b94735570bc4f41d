"""Rows of the files table, and the few ways to change one.

file_id             row
<file id>           a slot and, once the bytes came, their receipt
reconciliation      where the nightly comparison goes on

`forget_at` (epoch seconds) exists until the bytes came: the store removes what nobody used. It lies a week
after the form's end, so that no late event ever misses its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.access.model import Thing
from chalicelib.platform import clock
from chalicelib.platform.rows import FilesRow
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, put, update
from chalicelib.uploads.model import (
    FILES,
    PURPOSES,
    Announced,
    File,
    FileAction,
    FileState,
    Owner,
    Receipt,
    Recorded,
    is_file_id,
    key,
    shelf,
)

_CURSOR = "reconciliation"


class ShelfIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_shelf"
        projection = AllProjection()

    shelf = UnicodeAttribute(hash_key=True)
    file_id = UnicodeAttribute(range_key=True)


class FileRow(FilesRow):
    shelf = UnicodeAttribute()
    purpose = UnicodeAttribute()
    owner = UnicodeAttribute()
    thing = UnicodeAttribute()  # JSON of access' Thing
    content_type = UnicodeAttribute()
    bytes = NumberAttribute()
    sha256 = UnicodeAttribute()
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()  # of the form
    forget_at = NumberAttribute(null=True)
    state = UnicodeAttribute(default=FileState.AWAITING_UPLOAD.value)
    version = NumberAttribute(default=0)  # counts the row's own changes
    version_id = UnicodeAttribute(null=True)  # the pinned version of the object
    stored_at = UnicodeAttribute(null=True)
    refusal = UnicodeAttribute(null=True)

    by_shelf = ShelfIndex()

    @property
    def place(self) -> str:
        """Its key in the bucket."""
        return key(self.purpose, self.file_id)

    @property
    def announced(self) -> Announced:
        return Announced(PURPOSES[self.purpose], self.content_type, int(self.bytes), self.sha256)

    @property
    def permission(self) -> Thing:
        return msgspec.json.decode(self.thing, type=Thing)

    @property
    def recorded(self) -> Recorded:
        over_at = datetime.fromisoformat(self.expires_at)
        return Recorded(FileState(self.state), self.version_id or "", over_at)

    def as_file(self, state: FileState) -> File:
        receipt = Receipt(self.sha256, int(self.bytes), self.stored_at) if self.version_id else None
        return File(self.file_id, self.purpose, self.owner, state, receipt, self.refusal or "")


class CursorRow(FilesRow):
    place = UnicodeAttribute(default="")  # "<shelf> <file id>": behind what was compared; empty: all was
    version = NumberAttribute(default=0)


def slot_write(file_id: str, owner: Owner, what: Announced, now: datetime, expires_at: datetime) -> Write:
    row = FileRow(
        file_id,
        shelf=shelf(what.purpose.code, file_id),
        purpose=what.purpose.code,
        owner=owner.name,
        thing=msgspec.json.encode(owner.thing).decode(),
        content_type=what.content_type,
        bytes=what.bytes,
        sha256=what.sha256,
        created_at=clock.stamp(now),
        expires_at=clock.stamp(expires_at),
        forget_at=int((expires_at + timedelta(seconds=LIMITS.upload_forget_seconds)).timestamp()),
    )
    return put(row, FileRow.file_id.does_not_exist())


def read(file_id: str) -> FileRow | None:
    """One consistent read; none for what is no id."""
    if not is_file_id(file_id):
        return None
    try:
        return FileRow.get(file_id, consistent_read=True)
    except FileRow.DoesNotExist:
        return None


def store_write(row: FileRow, version_id: str, now: datetime) -> Write:
    """The version is pinned, once: no later event finds the state this write starts from."""
    move = FILES.move(row, FileAction.RECEIVE)
    actions = [
        *move.actions,
        FileRow.version_id.set(version_id),
        FileRow.stored_at.set(clock.stamp(now)),
        FileRow.refusal.remove(),
        FileRow.forget_at.remove(),
    ]
    return update(FileRow(row.file_id), actions, move.condition)


def refuse_write(row: FileRow, fault: str) -> Write:
    move = FILES.move(row, FileAction.REFUSE)
    return update(FileRow(row.file_id), [*move.actions, FileRow.refusal.set(fault)], move.condition)


def expire_write(row: FileRow) -> Write:
    move = FILES.move(row, FileAction.EXPIRE)
    return update(FileRow(row.file_id), move.actions, move.condition)


def on_shelf(name: str, after: str) -> Iterator[tuple[str, FileRow]]:
    """(file id, row) of a shelf, sorted, from the one behind `after`. As the index has it: a moment old."""
    later = FileRow.file_id > after if after else None
    for row in FileRow.by_shelf.query(name, later):
        yield row.file_id, row


def cursor() -> CursorRow:
    """Where the last comparison stopped."""
    try:
        return CursorRow.get(_CURSOR, consistent_read=True)
    except CursorRow.DoesNotExist:
        return CursorRow(_CURSOR)


def cursor_write(before: CursorRow, place: str) -> tuple[CursorRow, Write]:
    """The cursor as it will be, and the write, from exactly `before`: of two runs at once one is refused."""
    unmoved = CursorRow.version == before.version if before.version else CursorRow.file_id.does_not_exist()
    moved = CursorRow(_CURSOR, place=place, version=before.version + 1)
    return moved, put(moved, unmoved)
