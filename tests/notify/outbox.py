"""Words for the outbox tests: store a message with a fact, let time pass, look at the row and the queue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import time_machine

from chalicelib.audit import service as audit
from chalicelib.kernel import Masked, System
from chalicelib.notify import delivery, records, service
from chalicelib.notify.model import OutboxState, SmsSender
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.transaction import Write
from chalicelib.platform.work import Work

BEGIN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MOBILE = Masked("19900001234")
JOINED: dict[str, str | Masked] = {
    "covers": "意外伤害互助保障（凭证号NEF-26-0001，保到2027年11月22日）",
    "from": "2026-11-23",
    "payer": "市总工会",
}
CODE: dict[str, str | Masked] = {"code": Masked("402817")}
SETTLED = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN)


def store(outbox_id: str, template: str = "joined", params: dict[str, str | Masked] | None = None) -> None:
    """A fact (an audit entry) and its message, in one transaction."""
    work = Work(System())
    work.add(
        audit.entry_writes(work, f"fact#{outbox_id}", "joined", {}, None),
        message(work, outbox_id, template, JOINED if params is None else params),
    )
    work.commit()


def message(
    work: Work,
    outbox_id: str,
    template: str = "joined",
    params: Mapping[str, str | Masked] = JOINED,
    recipient: str = "person-1",
) -> list[Write]:
    """The write of a message to `recipient`, as a use case gets it."""
    return service.sms_writes(work, template, MOBILE, params, recipient=recipient, dedup_id=outbox_id)


def dispatch(outbox_id: str, sender: SmsSender) -> None:
    """One worker's turn at a message, now."""
    delivery.dispatch(Work(System()), outbox_id, sender)


def fact_is_stored(outbox_id: str) -> bool:
    return audit.read_head(f"fact#{outbox_id}") is not None


def row_of(outbox_id: str) -> records.OutboxRow:
    row = records.read(outbox_id)
    assert row is not None
    return row


def state_of(outbox_id: str) -> OutboxState:
    return OutboxState(row_of(outbox_id).state)


def raw(outbox_id: str) -> dict[str, Any]:
    """The row as it lies in the table."""
    return dict(_table().get_item(Key={"id": outbox_id}, ConsistentRead=True)["Item"])


def change(outbox_id: str, **values: Any) -> None:
    """Lay other values into the row, behind the code's back."""
    _table().put_item(Item={**raw(outbox_id), **values})


def _table() -> Any:
    return boto3.resource("dynamodb").Table(settings().table("outbox"))


def dead_letters() -> list[dict[str, Any]]:
    """Everything in the dead-letter queue, taken out (seen from a later day than any test plays on)."""
    queue, found = boto3.resource("sqs").Queue(settings().sms_dead_letters_url), []
    with time_machine.travel(BEGIN + timedelta(days=3), tick=False):
        while batch := queue.receive_messages(MaxNumberOfMessages=10):
            for message in batch:
                found.append(json.loads(message.body))
                message.delete()
    return found


def waiting_ids() -> list[str]:
    """Ids in the index of what still needs work."""
    return sorted(item["id"] for item in _table().scan(IndexName="pending")["Items"])


def let_everything_settle(sender: SmsSender, begin: datetime = BEGIN) -> None:
    """Sweep as the schedule would until nothing needs work, at most until every retry and lease is over."""
    when = begin
    pauses = (0, LIMITS.sms_lease_seconds, *LIMITS.sms_retry_seconds, LIMITS.sms_lease_seconds, 0)
    for pause in pauses:
        when += timedelta(seconds=pause + 1)
        if not waiting_ids():
            return
        with time_machine.travel(when, tick=False):
            delivery.sweep(sender)


def insert_record(outbox_id: str, number: int = 1, event_name: str = "INSERT") -> dict[str, Any]:
    """A record of the table's KEYS_ONLY stream."""
    return {
        "eventName": event_name,
        "dynamodb": {
            "Keys": {"id": {"S": outbox_id}},
            "SequenceNumber": f"{number:021d}",
            "StreamViewType": "KEYS_ONLY",
        },
    }
