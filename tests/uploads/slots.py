"""Words for the tests of uploads: open a slot, let bytes arrive as S3 would, tell of them, look at it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import httpx

from chalicelib.access.model import Handler, Thing
from chalicelib.audit import service as audit
from chalicelib.kernel import System
from chalicelib.platform import aws
from chalicelib.platform.settings import settings
from chalicelib.platform.work import Work
from chalicelib.uploads import records, service, worker
from chalicelib.uploads.model import File, Owner, Slot

CLERK = Handler("clerk", "handler", unit_id="unit-1")
SOMEBODY_ELSE = Handler("other", "handler", unit_id="unit-2")
OWNER = Owner("unit#unit-1", Thing(regions=(("zhoukou", "henan"),), unit_id="unit-1"))
ROSTER, CSV = "roster", "text/csv"
NAMES = {"text/csv": "names.csv", "image/jpeg": "paper.jpg", "image/png": "a.png", "application/pdf": "a.pdf"}
PAPER = b"name,number\n" * 40
OTHER = PAPER[:-1] + b"!"  # as long, and not the same


def opened(
    data: bytes = PAPER,
    purpose: str = ROSTER,
    content_type: str = CSV,
    *,
    owner: Owner = OWNER,
    now: datetime | None = None,
) -> Slot:
    """A slot for `data`, committed."""
    work = Work(CLERK, now=now)
    digest = hashlib.sha256(data).hexdigest()
    slot, writes = service.open_slot(
        work, owner, purpose, NAMES[content_type], content_type, len(data), digest
    )
    work.add(writes)
    work.commit()
    return slot


def bucket() -> str:
    return settings().upload_bucket


def place(slot: Slot) -> str:
    return slot.upload.fields["key"]


def put(slot: Slot, data: bytes = PAPER, content_type: str = CSV) -> str:
    """The bytes in the bucket, however they came there; gives their version."""
    stored = aws.client("s3").put_object(
        Bucket=bucket(), Key=place(slot), Body=data, ContentType=content_type
    )
    return str(stored["VersionId"])


def message(slot: Slot, version_id: str, message_id: str = "m") -> dict[str, Any]:
    """What the queue hands over when S3 has told it of a version."""
    it = {"key": quote_plus(place(slot)), "versionId": version_id, "size": 1, "sequencer": "0"}
    notice = {"Records": [{"eventName": "ObjectCreated:Post", "s3": {"object": it}}]}
    return {"messageId": message_id, "body": json.dumps(notice)}


def tell(slot: Slot, *versions: str) -> None:
    """One event for each version, all of which the worker must be content with."""
    assert worker.on_queue({"Records": [message(slot, each) for each in versions]}) == {
        "batchItemFailures": []
    }


def found(slot: Slot, now: datetime | None = None) -> File:
    it = service.find(Work(System(), now=now), slot.file_id)
    assert it is not None
    return it


def pinned(slot: Slot) -> str:
    row = records.read(slot.file_id)
    assert row is not None
    return row.version_id or ""


def versions(slot: Slot) -> list[str]:
    """The versions that lie at the slot's key."""
    listed = aws.client("s3").list_object_versions(Bucket=bucket(), Prefix=place(slot))
    assert "DeleteMarkers" not in listed
    return [each["VersionId"] for each in listed.get("Versions", [])]


def log_of(slot: Slot) -> list[str]:
    """What the log says of a file, in order; its chain holds."""
    subject = audit.file(slot.file_id)
    assert audit.verify(subject) is None
    return [each.action for each in audit.entries(subject)]


def post(slot: Slot, data: bytes = PAPER, **changes: str | None) -> httpx.Response:
    """The form as a page sends it; `changes` by field name with `_` for `-`, None leaves a field out."""
    fields = dict(slot.upload.fields)
    for name, value in changes.items():
        known = next(
            (each for each in fields if each.lower() == name.replace("_", "-")), name.replace("_", "-")
        )
        fields.pop(known, None)
        if value is not None:
            fields[known] = value
    return httpx.post(slot.upload.url, data=fields, files={"file": data}, timeout=60, trust_env=False)
