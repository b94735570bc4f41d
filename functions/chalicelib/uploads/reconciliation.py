"""Every night: does each object have its record, and each record its object?

A room of its own: it is the use case of a schedule, and walks what no request may walk. Records and objects
are read side by side, shelf by shelf (`model.SHELVES`), in the order both are kept in, so that it costs no
memory however many there are. It stops before its function does; the next night goes on behind the last file
that was compared, and begins anew when the end was reached.
"""

from __future__ import annotations

import time

from chalicelib.kernel import UnavailableError
from chalicelib.platform import log
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import WriteRefused
from chalicelib.platform.work import Work
from chalicelib.uploads import bucket, records, rules, service
from chalicelib.uploads.model import SHELVES, Repair, Version, key
from chalicelib.uploads.records import CursorRow, FileRow


def reconcile(work: Work, seconds: float = LIMITS.reconcile_seconds) -> bool:
    """Compare for at most `seconds`; whether the end was reached. Repairs what a rule can repair; what it
    cannot is `upload_object_missing` in the log, which rings an alarm. Stops where another run is at work."""
    try:
        return _walk(work, time.monotonic() + seconds)
    except WriteRefused:
        return False


def _walk(work: Work, until: float) -> bool:
    cursor = records.cursor()
    first, _, after = cursor.place.partition(" ")
    for shelf in SHELVES[SHELVES.index(first) if first else 0 :]:
        both = rules.side_by_side(records.on_shelf(shelf, after), bucket.on_shelf(shelf, after))
        for file_id, row, versions in both:
            try:
                _repair(work, shelf, file_id, row, versions)
            except UnavailableError:
                raise
            except Exception as error:  # one file that cannot be dealt with must not hide the others
                log.failure("upload_repair_failed", error, file_id=file_id)
            if time.monotonic() > until:
                _move(work, cursor, f"{shelf} {file_id}")
                return False
        cursor, after = _move(work, cursor, f"{shelf} "), ""
    _move(work, cursor, "")
    return True


def _move(work: Work, before: CursorRow, place: str) -> CursorRow:
    moved, write = records.cursor_write(before, place)
    work.add(write)
    work.commit()
    return moved


def _repair(work: Work, shelf: str, file_id: str, row: FileRow | None, versions: list[Version]) -> None:
    """Index and list may be a moment old: each repair looks again, or is conditioned on what it read."""
    purpose = shelf.partition("/")[0]
    for repair, version in rules.repairs(row.recorded if row else None, versions, work.now):
        if repair is Repair.RECEIVE and version is not None:
            service.receive(work.for_another(), key(purpose, file_id), version.version_id)
        elif repair is Repair.REMOVE and version is not None:
            if records.read(file_id) is not None:
                continue
            bucket.remove(key(purpose, file_id), version.version_id)
        elif repair is Repair.EXPIRE and row is not None:
            work.add(records.expire_write(row))
            try:
                work.commit()
            except WriteRefused:
                continue
        if repair is Repair.REPORT:
            log.info("upload_object_missing", file_id=file_id, purpose=purpose)
        else:
            log.info("upload_repaired", file_id=file_id, purpose=purpose, reason=repair.value)
