"""Sending what the outbox holds: each message at most once by our doing, and none lost in silence.

    read ─► open ─► claim ─► send ─► settle ─► report
            KMS     one       the     sent,     only if not sent: log line, dead-letter queue
            down:   worker    one     failed,
            nothing wins      try     unknown
            begun

Whatever dies between two steps, the row stays in the index `pending` and the next sweep finds it. Died before
`claim`: it is tried again. Died after: it is `unknown` once the lease is over, since it may have been sent.
Died before `report` was done: it is reported again (twice is harmless, never is not).
"""

from __future__ import annotations

import json
import time
from datetime import datetime

from chalicelib.kernel import ConflictError, Masked, UnavailableError
from chalicelib.notify import records, rules
from chalicelib.notify.model import Accepted, OutboxState, Settlement, SmsRefused, SmsSender, SmsUnknown
from chalicelib.notify.records import OutboxRow
from chalicelib.notify.templates import Template
from chalicelib.platform import aws, clock, ids, log
from chalicelib.platform.cipher import SealBroken
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.transaction import WriteRefused


def dispatch(outbox_id: str, sender: SmsSender) -> None:
    """Do the next thing for one message, if there is one. Safe to call at any time, any number of times.

    Raises UnavailableError or ConflictError if the store, the keys or the queue do not answer.
    """
    row = records.read(outbox_id)
    if row is None:
        return
    now = clock.now()
    if row.state == OutboxState.PENDING and _due(row, now):
        _deliver(row, sender, now)
    elif row.state == OutboxState.SENDING and _abandoned(row, now):
        _settle(row, Settlement(OutboxState.UNKNOWN, reason="unknown:worker_lost"))
    if row.state in (OutboxState.FAILED, OutboxState.UNKNOWN) and row.pending_shard:
        _report(row)


def sweep(sender: SmsSender, seconds: float = LIMITS.sms_work_seconds) -> int:
    """Dispatch everything that still needs work, for at most `seconds`; the next minute takes the rest.

    Returns how many rows it looked at. Raises UnavailableError: with the store or the keys down, none can go.
    """
    began, looked_at = time.monotonic(), 0
    first = ids.pick(LIMITS.outbox_shards)  # so that no shard is always the last one
    for n in range(LIMITS.outbox_shards):
        for outbox_id in records.pending_ids(str((first + n) % LIMITS.outbox_shards)):
            if time.monotonic() - began > seconds:
                return looked_at
            looked_at += 1
            try:
                dispatch(outbox_id, sender)
            except UnavailableError:
                raise
            except Exception as error:  # one poisoned message must not stop the others
                log.failure("outbox_dispatch_failed", error, outbox_id=outbox_id)
    return looked_at


def bring_back(outbox_id: str) -> None:
    """Try a failed message again, after the office mended what made it fail. Raises ConflictError if it did
    not fail, or its time is over."""
    row = records.read(outbox_id)
    try:
        if row is None:
            raise WriteRefused
        records.back_to_pending(row)
    except WriteRefused:
        detail = "这条短信不能重发：只有确认未发出、且仍有用的短信可以重发。请刷新后查看它的状态。"
        raise ConflictError("notify.cannot_bring_back", detail) from None


def _due(row: OutboxRow, now: datetime) -> bool:
    return row.not_before is None or datetime.fromisoformat(row.not_before) <= now


def _abandoned(row: OutboxRow, now: datetime) -> bool:
    return rules.lease_over(datetime.fromisoformat(row.claimed_at), now, LIMITS.sms_lease_seconds)


def _deliver(row: OutboxRow, sender: SmsSender, now: datetime) -> None:
    template = records.template_of(row)
    if template is None:
        return _settle(row, Settlement(OutboxState.FAILED, reason="no_such_template"))
    if rules.too_late(records.created(row), now, template.useful_seconds):
        return _settle(row, Settlement(OutboxState.FAILED, reason="too_late"))
    try:
        # Before the claim: with the keys out of reach nothing is begun.
        mobile, values = records.unseal(row)
        params = template.shown(values)
    except (SealBroken, ValueError, KeyError) as error:
        log.failure("outbox_unreadable", error, outbox_id=row.id)
        return _settle(row, Settlement(OutboxState.FAILED, reason="unreadable"))
    if not records.claim(row, now):
        return None
    answer = _send(sender, mobile, template, params, row.id)
    return _settle(row, rules.settle(answer, int(row.tries), LIMITS.sms_retry_seconds))


def _send(
    sender: SmsSender, mobile: Masked, template: Template, params: dict[str, str], key: str
) -> Accepted | SmsRefused | SmsUnknown:
    try:
        return sender.send(mobile, template, params, key)
    except (SmsRefused, SmsUnknown) as answer:
        return answer
    except Exception as error:  # a sender's surprise: the request may have left
        log.failure("sms_sender_failed", error, outbox_id=key)
        return SmsUnknown(type(error).__name__)


def _settle(row: OutboxRow, settlement: Settlement) -> None:
    forget = rules.forgets(settlement.state, records.template_of(row))
    if records.settle(row, settlement, clock.now(), forget=forget):
        log.info(
            "sms_settled",
            outbox_id=row.id,
            template=row.template,
            state=settlement.state.value,
            reason=settlement.reason or None,
            attempts=int(row.tries),
        )


def _report(row: OutboxRow) -> None:
    """Make a message that was not (surely) sent visible; then it leaves the index."""
    told = {"outbox_id": row.id, "template": row.template, "reason": row.reason}
    log.info("sms_not_sent", state=row.state, attempts=int(row.tries), **told)
    if settings().sms_dead_letters_url:
        aws.client("sqs").send_message(QueueUrl=settings().sms_dead_letters_url, MessageBody=json.dumps(told))
    records.reported(row)
