"""What wakes uploads: the bucket's events through a queue, and the night."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.kernel import System
from chalicelib.platform import log
from chalicelib.platform.work import Work
from chalicelib.uploads import reconciliation, service


def on_queue(event: Mapping[str, Any]) -> dict[str, Any]:
    """Messages of the bucket. Of each only key and version are read; all else is asked of bucket and table.

    Answers which messages failed (partial batch response): those come again, and at last lie with the dead
    letters; the others are done.
    """
    failed = []
    for message in event["Records"]:
        try:
            _receive(json.loads(message["body"]))
        except Exception as error:  # one poisoned message must not stop the others
            log.failure("upload_message_failed", error)
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _receive(notice: Mapping[str, Any]) -> None:
    if notice.get("Event") == "s3:TestEvent":  # what S3 sends when the queue is named to it
        return
    for record in notice["Records"]:
        it = record["s3"]["object"]
        service.receive(Work(System(name="uploads")), unquote_plus(it["key"]), it["versionId"])


def on_schedule() -> None:
    """Every night: compare what is recorded with what is there."""
    whole = reconciliation.reconcile(Work(System(name="uploads")))
    log.info("uploads_reconciled", state="whole" if whole else "goes_on")
