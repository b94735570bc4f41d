"""Rows of the outbox, and the few ways to change one.

Mobile and secret values are sealed, bound to the row; what is in the clear (product, days, certificate
number) names nobody. `pending_shard` exists from the start until the message is settled *and*, if it was not
sent, reported: the index `pending` holds exactly what still needs work, crashed workers' rows included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.kernel import Masked
from chalicelib.notify.model import MESSAGES, MessageAction, OutboxState, Settlement
from chalicelib.notify.templates import TEMPLATES, Template
from chalicelib.platform.rows import OutboxTableRow
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, put, update


class PendingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "pending"
        projection = KeysOnlyProjection()

    pending_shard = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class RecipientIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_recipient"
        projection = AllProjection()

    recipient = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class OutboxRow(OutboxTableRow):
    state = UnicodeAttribute(default=OutboxState.PENDING.value)
    version = NumberAttribute(default=0)  # counts the row's own changes
    template = UnicodeAttribute()
    template_version = NumberAttribute()
    created_at = UnicodeAttribute()  # "<instant>#<id>": sorts by time, and no two are equal
    recipient = UnicodeAttribute(null=True)  # absent if the template has no inbox text
    pending_shard = UnicodeAttribute(null=True)
    params = UnicodeAttribute()  # JSON of the plain placeholders
    mobile_sealed = BinaryAttribute(legacy_encoding=False, null=True)
    secrets_sealed = BinaryAttribute(legacy_encoding=False, null=True)  # JSON of the secret placeholders
    tries = NumberAttribute(default=0)
    not_before = UnicodeAttribute(null=True)
    claim = UnicodeAttribute(null=True)  # the worker that is sending
    claimed_at = UnicodeAttribute(null=True)
    settled_at = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)

    pending = PendingIndex()
    by_recipient = RecipientIndex()


def new_row(
    outbox_id: str,
    *,
    template: Template,
    mobile: Masked,
    params: Mapping[str, str | Masked],
    recipient: str,
    now: datetime,
) -> OutboxRow:
    secrets = {name: value.reveal() for name, value in params.items() if isinstance(value, Masked)}
    plain = {name: value for name, value in params.items() if isinstance(value, str)}
    row = OutboxRow(
        outbox_id,
        template=template.code,
        template_version=template.version,
        created_at=f"{_instant(now)}#{outbox_id}",
        recipient=recipient if template.inbox is not None else None,
        pending_shard=shard_of(outbox_id),
        params=json.dumps(plain, ensure_ascii=False, sort_keys=True),
    )
    return row.seal(mobile=mobile, **({"secrets": Masked(json.dumps(secrets))} if secrets else {}))


def insert_write(row: OutboxRow) -> Write:
    """Refused if the id exists: the same news is never stored, so never sent, twice."""
    return put(row, OutboxRow.id.does_not_exist())


def shard_of(outbox_id: str) -> str:
    return str(hashlib.sha256(outbox_id.encode()).digest()[0] % LIMITS.outbox_shards)


def created(row: OutboxRow) -> datetime:
    return datetime.fromisoformat(row.created_at.partition("#")[0])


def read(outbox_id: str) -> OutboxRow | None:
    try:
        return OutboxRow.get(outbox_id, consistent_read=True)
    except OutboxRow.DoesNotExist:
        return None


def pending_ids(shard: str) -> Iterator[str]:
    """Ids of a shard that still need work, oldest first."""
    for row in OutboxRow.pending.query(shard):
        yield row.id


def newest_for(recipient: str, before: str | None, limit: int) -> list[OutboxRow]:
    """A recipient's messages, newest first, older than `before` (a `created_at`)."""
    older = OutboxRow.created_at < before if before else None
    return list(OutboxRow.by_recipient.query(recipient, older, scan_index_forward=False, limit=limit))


def template_of(row: OutboxRow) -> Template | None:
    return TEMPLATES.get((row.template, int(row.template_version)))


def plain_params(row: OutboxRow) -> dict[str, str]:
    return dict(json.loads(row.params))


def unseal(row: OutboxRow) -> tuple[Masked, dict[str, str]]:
    """The mobile, and every placeholder's value. Raises SealBroken, UnavailableError."""
    values = plain_params(row)
    if row.secrets_sealed is not None:
        values |= json.loads(row.open("secrets").reveal())
    return row.open("mobile"), values


def claim_write(row: OutboxRow, claim: str, now: datetime) -> Write:
    """One worker, known by `claim`, takes a pending message."""
    move = MESSAGES.move(row, MessageAction.CLAIM)
    actions = [
        *move.actions,
        OutboxRow.claim.set(claim),
        OutboxRow.claimed_at.set(_instant(now)),
        OutboxRow.tries.set(row.tries + 1),
    ]
    return update(OutboxRow(row.id), actions, move.condition)


def settle_write(row: OutboxRow, settlement: Settlement, now: datetime, *, forget: bool) -> Write:
    """Where a message goes after a try. `forget` removes what was sealed."""
    move = MESSAGES.move(row, settlement.action)
    actions: list[Action] = [
        *move.actions,
        OutboxRow.settled_at.set(_instant(now)),
        OutboxRow.reason.set(settlement.reason) if settlement.reason else OutboxRow.reason.remove(),
    ]
    if settlement.action is MessageAction.TRY_AGAIN:
        due = now + timedelta(seconds=settlement.wait_seconds)
        actions += [OutboxRow.not_before.set(_instant(due)), OutboxRow.claim.remove()]
    if settlement.action is MessageAction.ACCEPT:
        actions += [OutboxRow.provider_id.set(settlement.provider_id), OutboxRow.pending_shard.remove()]
    if forget:
        actions += [OutboxRow.mobile_sealed.remove(), OutboxRow.secrets_sealed.remove()]
    return update(OutboxRow(row.id), actions, move.condition)


def reported_write(row: OutboxRow) -> Write:
    """A failure was reported: nothing is left to do for this row."""
    unchanged = (OutboxRow.state == row.state) & (OutboxRow.version == row.version)
    return update(OutboxRow(row.id), [OutboxRow.pending_shard.remove()], unchanged)


def bring_back_write(row: OutboxRow) -> Write:
    """Pending again, with all its tries. Refused for a message whose sealed texts are gone."""
    move = MESSAGES.move(row, MessageAction.BRING_BACK)
    actions = [
        *move.actions,
        OutboxRow.pending_shard.set(shard_of(row.id)),
        OutboxRow.tries.set(0),
        OutboxRow.claim.remove(),
        OutboxRow.not_before.remove(),
    ]
    return update(OutboxRow(row.id), actions, move.condition & OutboxRow.mobile_sealed.exists())


def _instant(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
