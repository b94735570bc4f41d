"""Sending what the outbox holds: each message at most once by our doing, and none lost in silence.

    read ─► open ─► claim ─► send ─► settle ─► report
            KMS     one       the     sent,     only if not sent: log line, dead-letter queue
            down:   worker    one     failed,
            nothing wins      try     unknown
            begun

Whatever dies between two steps, the row stays in the index `pending` and the next sweep finds it. Died before
`claim`: it is tried again. Died after: it is `unknown` once the lease is over, since it may have been sent.
Died before `report` was done: it is reported again (twice is harmless, never is not).

A room of its own: it is the use case of a worker, and far longer than what other rooms ask of notify.
"""

from __future__ import annotations

import json
import time
from datetime import datetime

from chalicelib.kernel import ConflictError, Masked, System, UnavailableError
from chalicelib.notify import records, rules
from chalicelib.notify.model import (
    MESSAGES,
    Accepted,
    MessageAction,
    OutboxState,
    Settlement,
    SmsRefused,
    SmsSender,
    SmsUnknown,
)
from chalicelib.notify.records import OutboxRow
from chalicelib.notify.templates import Template
from chalicelib.platform import aws, clock, ids, log
from chalicelib.platform.cipher import SealBroken
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.transaction import WriteRefused
from chalicelib.platform.work import Work


def dispatch(work: Work, outbox_id: str, sender: SmsSender) -> None:
    """Do the next thing for one message, if there is one. Safe to call at any time, any number of times.

    Raises UnavailableError or ConflictError if the store, the keys or the queue do not answer.
    """
    row = records.read(outbox_id)
    if row is None:
        return
    state = OutboxState(row.state)
    if MESSAGES.allows(state, MessageAction.CLAIM) and _due(row, work.now):
        state = _deliver(work, row, sender)
    elif MESSAGES.allows(state, MessageAction.LOSE) and _abandoned(row, work.now):
        state = _settle(work, row, Settlement(MessageAction.LOSE, reason="unknown:worker_lost"))
    if state in (OutboxState.FAILED, OutboxState.UNKNOWN):
        _report(work, outbox_id)


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
                dispatch(Work(System()), outbox_id, sender)  # each at its own time: a sweep may be long
            except UnavailableError:
                raise
            except Exception as error:  # one poisoned message must not stop the others
                log.failure("outbox_dispatch_failed", error, outbox_id=outbox_id)
    return looked_at


def bring_back(work: Work, outbox_id: str) -> None:
    """Try a failed message again, after the office mended what made it fail. Raises ConflictError if it did
    not fail, or its time is over."""
    row = records.read(outbox_id)
    detail = "这条短信不能重发：只有确认未发出、且仍有用的短信可以重发。请刷新后查看它的状态。"
    refused = ConflictError("notify.cannot_bring_back", detail)
    if row is None or not MESSAGES.allows(OutboxState(row.state), MessageAction.BRING_BACK):
        raise refused
    work.add(records.bring_back_write(row))
    try:
        work.commit()
    except WriteRefused:
        raise refused from None


def _due(row: OutboxRow, now: datetime) -> bool:
    return row.not_before is None or datetime.fromisoformat(row.not_before) <= now


def _abandoned(row: OutboxRow, now: datetime) -> bool:
    return rules.lease_over(datetime.fromisoformat(row.claimed_at), now, LIMITS.sms_lease_seconds)


def _deliver(work: Work, row: OutboxRow, sender: SmsSender) -> OutboxState:
    """Where the message stands afterwards, as far as this worker moved it."""
    template = records.template_of(row)
    if template is None:
        return _settle(work, row, Settlement(MessageAction.DROP, reason="no_such_template"))
    if rules.too_late(records.created(row), work.now, template.useful_seconds):
        return _settle(work, row, Settlement(MessageAction.DROP, reason="too_late"))
    try:
        # Before the claim: with the keys out of reach nothing is begun.
        mobile, values = records.unseal(row)
        params = template.shown(values)
    except (SealBroken, ValueError, KeyError) as error:
        log.failure("outbox_unreadable", error, outbox_id=row.id)
        return _settle(work, row, Settlement(MessageAction.DROP, reason="unreadable"))
    claimed = _claim(work, row)
    if claimed is None:
        return OutboxState.SENDING
    answer = _send(sender, mobile, template, params, row.id)
    return _settle(work, claimed, rules.settle(answer, int(claimed.tries), LIMITS.sms_retry_seconds))


def _claim(work: Work, row: OutboxRow) -> OutboxRow | None:
    """The row as claimed by us; None: somebody else was first."""
    mine = ids.new_id()
    work.add(records.claim_write(row, mine, work.now))
    try:
        work.commit()
    except WriteRefused:
        # The reply to our own write may have been lost and the SDK's retry refused: look who has it.
        standing = records.read(row.id)
        if standing is None or standing.claim != mine:
            return None
    row.state, row.claim = OutboxState.SENDING.value, mine
    row.tries, row.version = row.tries + 1, row.version + 1
    return row


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


def _settle(work: Work, row: OutboxRow, settlement: Settlement) -> OutboxState:
    """Where the message stands now. Another worker may have settled it first: then as it was."""
    before = OutboxState(row.state)
    after = MESSAGES.edge(before, settlement.action).to
    forget = rules.forgets(after, records.template_of(row))
    # Sending takes time, so what is written says when it ended.
    work.add(records.settle_write(row, settlement, clock.now(), forget=forget))
    try:
        work.commit()
    except WriteRefused:
        return before
    log.info(
        "sms_settled",
        outbox_id=row.id,
        template=row.template,
        state=after.value,
        reason=settlement.reason or None,
        attempts=int(row.tries),
    )
    return after


def _report(work: Work, outbox_id: str) -> None:
    """Make a message that was not (surely) sent visible; then it leaves the index."""
    row = records.read(outbox_id)
    if row is None or not row.pending_shard:
        return
    facts = {"outbox_id": row.id, "template": row.template, "reason": row.reason}
    log.info("sms_not_sent", state=row.state, attempts=int(row.tries), **facts)
    if settings().sms_dead_letters_url:
        aws.client("sqs").send_message(
            QueueUrl=settings().sms_dead_letters_url, MessageBody=json.dumps(facts)
        )
    work.add(records.reported_write(row))
    work.commit()
