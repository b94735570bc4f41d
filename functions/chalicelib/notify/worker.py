"""What wakes the outbox: the table's stream at once, a schedule every minute for what the stream missed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.kernel import System
from chalicelib.notify import delivery, senders
from chalicelib.platform import log
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work


def on_stream(event: Mapping[str, Any]) -> dict[str, Any]:
    """New outbox rows; of each record only the key is read, and the row is then read from the table.

    Answers which records failed (partial batch response). What is left over when time runs out is no failure:
    the sweep takes it within a minute.
    """
    sender, began, failed = senders.chosen(), time.monotonic(), []
    for record in event["Records"]:
        if time.monotonic() - began > LIMITS.sms_work_seconds:
            break
        if record.get("eventName") != "INSERT":
            continue
        try:
            delivery.dispatch(Work(System()), record["dynamodb"]["Keys"]["id"]["S"], sender)
        except Exception as error:  # one poisoned record must not stop the others
            log.failure("outbox_record_failed", error)
            failed.append({"itemIdentifier": record.get("dynamodb", {}).get("SequenceNumber", "")})
    return {"batchItemFailures": failed}


def on_schedule(event: Mapping[str, Any]) -> None:
    """Every minute: send what is due, give up what a dead worker held, report what was not sent."""
    began = time.perf_counter()
    count = delivery.sweep(senders.chosen())
    log.info("outbox_swept", count=count, ms=round((time.perf_counter() - began) * 1000))
