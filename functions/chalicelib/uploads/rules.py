"""Pure decisions: what may be announced, what a form allows, whether what came is what was announced, and
what to do where record and bucket disagree."""

from __future__ import annotations

import base64
import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from chalicelib.kernel import InvalidRequestError
from chalicelib.uploads.model import (
    FILES,
    Announced,
    Arrived,
    FileAction,
    FileState,
    Purpose,
    Recorded,
    Repair,
    Version,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
# An event may be an hour late and a form lives five minutes: whatever is younger than this is left alone.
SETTLED = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)  # an object that has had no record for so long will get none


def announced(purpose: Purpose, filename: str, content_type: str, size: int, sha256: str) -> Announced:
    """What may be sent. The name is looked at and not stored: it often names a person.

    Raises InvalidRequestError naming the field.
    """
    endings = purpose.types.get(content_type)
    if endings is None:
        raise _wrong("content_type", f"不能上传这种文件。可以上传：{_names(purpose)}。")
    if not filename.lower().endswith(endings):
        raise _wrong("filename", f"文件名和内容不是一种格式。请另存为{_names(purpose)}文件，再选一次。")
    if size < 1:
        raise _wrong("bytes", "这是一个空文件。请打开看一看，重新选择。")
    if size > purpose.max_bytes:
        most = purpose.max_bytes // (1024 * 1024)
        raise _wrong("bytes", f"文件太大了，最多{most}MB。请压缩或分成几份，再选一次。")
    if not _SHA256.fullmatch(sha256):
        raise _wrong("sha256", "文件没有读完整。请重新选择这个文件。")
    return Announced(purpose, content_type, size, sha256)


def _names(purpose: Purpose) -> str:
    return "、".join(ending[1:] for endings in purpose.types.values() for ending in endings)


def _wrong(field: str, sentence: str) -> InvalidRequestError:
    return InvalidRequestError("uploads.invalid", sentence, {field: sentence})


def form(what: Announced) -> tuple[dict[str, str], list[Any]]:
    """Fields and conditions of a form that lets exactly these bytes through; the key is the signer's own.

    Each condition is an equation, so no other field, type or length is ever accepted (P14).
    """
    fields = {
        "Content-Type": what.content_type,
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(what.sha256)).decode(),
        "success_action_status": "201",
    }
    exact: list[Any] = [{name: value} for name, value in fields.items()]
    return fields, [*exact, ["content-length-range", what.bytes, what.bytes]]


def fault(wanted: Announced, found: Arrived) -> str:
    """The first thing that is not as it was announced; empty if all is."""
    for name in ("bytes", "content_type", "sha256"):
        if getattr(wanted, name) != getattr(found, name):
            return name
    return ""


def standing(record: Recorded, now: datetime) -> FileState:
    """The state as who asks now is told it: a slot is over before a schedule writes that down (P23)."""
    over = now >= record.expires_at + SETTLED and FILES.allows(record.state, FileAction.EXPIRE)
    return FILES.edge(record.state, FileAction.EXPIRE).to if over else record.state


def side_by_side(
    records: Iterable[tuple[str, Any]], versions: Iterable[Version]
) -> Iterator[tuple[str, Any, list[Version]]]:
    """(file id, its record or None, its versions) of everything that is on either side; both come sorted."""
    both = heapq.merge(
        ((file_id, record, None) for file_id, record in records),
        ((version.file_id, None, version) for version in versions),
        key=lambda each: each[0],
    )
    for file_id, group in groupby(both, key=lambda each: each[0]):
        together = list(group)
        record = next((record for _, record, _ in together if record is not None), None)
        yield file_id, record, [version for _, _, version in together if version is not None]


def repairs(
    record: Recorded | None, versions: Sequence[Version], now: datetime
) -> list[tuple[Repair, Version | None]]:
    """What to do about one file.

    record            versions                    then
    none              older than a day            remove each
    any               not the pinned one, old     receive each: it is pinned, or removed
    can expire        none, form long over        expire
    stored            the pinned one is missing   report
    any               all else                    nothing
    """
    if record is None:
        return [(Repair.REMOVE, each) for each in versions if now - each.at > FORGOTTEN]
    others = [each for each in versions if each.version_id != record.version_id]
    todo: list[tuple[Repair, Version | None]] = [
        (Repair.RECEIVE, each) for each in others if now - each.at > SETTLED
    ]
    if not versions and standing(record, now) is not record.state:
        todo.append((Repair.EXPIRE, None))
    if record.version_id and len(others) == len(versions):
        todo.append((Repair.REPORT, None))
    return todo
