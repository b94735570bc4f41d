"""Taking files in: a slot with its form, the receipt of what came, a link for who may read it.

    open_slot ──► form ──► bucket ──► event ──► receive ──► receipt, checker told
    (a caller's           (S3 holds            (worker, or
    transaction)           to the form)         the nightly comparison)

A slot is used once. Whatever else is posted with its form is another version of the object, which nobody is
ever shown: `receive` removes it, and links name the pinned version.
"""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.access.rules import may
from chalicelib.audit import service as audit
from chalicelib.kernel import NotFoundError
from chalicelib.platform import aws, clock, ids, log
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.transaction import Write
from chalicelib.platform.work import Work, retry
from chalicelib.uploads import bucket, records, rules
from chalicelib.uploads.model import (
    FILES,
    PURPOSES,
    File,
    FileAction,
    FileState,
    Link,
    Owner,
    Slot,
    key,
    read_key,
)
from chalicelib.uploads.records import FileRow


def open_slot(
    work: Work, owner: Owner, purpose: str, filename: str, content_type: str, size: int, sha256: str
) -> tuple[Slot, list[Write]]:
    """A place for one file of `owner`, and the write that makes it. The caller has asked whether the actor
    may send such a file, and commits; until then the form leads to an object that nobody will receive.

    Raises InvalidRequestError naming the field that cannot be taken.
    """
    what = rules.announced(PURPOSES[purpose], filename, content_type, size, sha256)
    file_id = ids.new_id()
    expires_at = work.now + timedelta(seconds=LIMITS.upload_seconds)
    form = bucket.form(key(purpose, file_id), what, expires_at)
    slot = Slot(file_id, form, clock.stamp(expires_at), what.purpose.max_bytes)
    return slot, [records.slot_write(file_id, owner, what, work.now, expires_at)]


def find(work: Work, file_id: str) -> File | None:
    """A slot and what became of it, for the room it belongs to: no permission is asked here."""
    row = records.read(file_id)
    return None if row is None else row.as_file(rules.standing(row.recorded, work.now))


def content(file_id: str) -> bytes:
    """The pinned bytes, for the job that looks into them. Raises LookupError if there are none."""
    row = records.read(file_id)
    if row is None or not row.version_id:
        raise LookupError("no stored file")
    return bucket.content(row.place, row.version_id)


def receive(work: Work, place: str, version_id: str) -> None:
    """A version lies at a key, says an event or the nightly comparison. Safe to repeat, in any order.

    slot        the version                     then
    none        any                             left for the nightly comparison
    stored      the pinned one                  its checker is told again
    stored      another                         removed
    expired     any                             removed
    else        as announced                    pinned, with an entry in the log; its checker is told
    else        not as announced                removed; the slot says why
    any         gone already                    nothing
    """
    slot = read_key(place)
    if slot is None:
        log.info("upload_of_no_slot", reason="key")
        return
    purpose, file_id = slot
    row = retry(work, lambda: _receive(work, file_id, purpose, version_id))
    if row is not None:
        _tell_checker(row)


def _receive(work: Work, file_id: str, purpose: str, version_id: str) -> FileRow | None:
    """The row, if the version is the one it holds now."""
    row = records.read(file_id)
    if row is None or row.purpose != purpose:
        log.info("upload_of_no_slot", file_id=file_id, purpose=purpose)
        return None
    if row.version_id == version_id:
        return row
    state, wanted = FileState(row.state), row.announced
    if not FILES.allows(state, FileAction.RECEIVE):
        bucket.remove(row.place, version_id)
        log.info("upload_surplus_removed", file_id=file_id, state=state.value)
        return None
    found = bucket.arrived(row.place, version_id, wanted.bytes)
    if found is None:
        return None
    fault = rules.fault(wanted, found)
    if fault:
        if FILES.allows(state, FileAction.REFUSE):
            work.add(records.refuse_write(row, fault))
            work.commit()
        bucket.remove(row.place, version_id)
        log.info("upload_refused", file_id=file_id, purpose=purpose, reason=fault)
        return None
    work.add(records.store_write(row, version_id, work.now), _entry(work, "file_stored", row, version_id))
    work.commit()
    log.info("upload_stored", file_id=file_id, purpose=purpose)
    return row


def _tell_checker(row: FileRow) -> None:
    """After the receipt is stored, so that who is told finds it; told again if we die before the end."""
    checker = PURPOSES[row.purpose].checked_by
    if checker:
        aws.client("sqs").send_message(
            QueueUrl=settings().check_queues[checker], MessageBody=json.dumps({"file_id": row.file_id})
        )


def link(work: Work, file_id: str) -> Link:
    """An address for the pinned bytes, good for a minute. The log has the view before the address is given.

    Raises NotFoundError, the same for a file that does not exist and for one of somebody else; ConflictError
    for one that is not stored.
    """
    return retry(work, lambda: _link(work, file_id))


def _link(work: Work, file_id: str) -> Link:
    row = records.read(file_id)
    if row is None or not may(work.actor, PURPOSES[row.purpose].read, row.permission):
        raise NotFoundError("uploads.not_found", "没有找到这个文件。请返回上一页，刷新后再试。")
    FILES.edge(FileState(row.state), FileAction.VIEW)
    work.add(_entry(work, "file_viewed", row, row.version_id))
    work.commit()
    expires_at = clock.stamp(work.now + timedelta(seconds=LIMITS.link_seconds))
    return Link(bucket.link(row.place, row.version_id, row.content_type), expires_at)


def _entry(work: Work, action: str, row: FileRow, version_id: str) -> list[Write]:
    subject = audit.file(row.file_id)
    facts: dict[str, audit.Fact] = {
        "bytes": int(row.bytes),
        "owner": row.owner,
        "purpose": row.purpose,
        "sha256": row.sha256,
        "version_id": version_id,
    }
    return audit.entry_writes(work, subject, action, facts, audit.read_head(subject))
