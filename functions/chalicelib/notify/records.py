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
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.kernel import Masked
from chalicelib.notify.model import OutboxState, Settlement
from chalicelib.notify.templates import TEMPLATES, Template
from chalicelib.platform import cipher, ids
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import Write, WriteRefused, commit, put, update


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


class OutboxRow(Table):
    class Meta:
        name = "outbox"

    id = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute(default=OutboxState.PENDING.value)
    template = UnicodeAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()  # "<instant>#<id>": sorts by time, and no two are equal
    recipient = UnicodeAttribute(null=True)  # absent if the template has no inbox text
    pending_shard = UnicodeAttribute(null=True)
    params = UnicodeAttribute()  # JSON of the plain placeholders
    mobile = BinaryAttribute(legacy_encoding=False, null=True)
    secrets = BinaryAttribute(legacy_encoding=False, null=True)  # sealed JSON of the secret placeholders
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
    return OutboxRow(
        outbox_id,
        template=template.code,
        version=template.version,
        created_at=f"{_instant(now)}#{outbox_id}",
        recipient=recipient if template.inbox is not None else None,
        pending_shard=shard_of(outbox_id),
        params=json.dumps(plain, ensure_ascii=False, sort_keys=True),
        mobile=_seal(outbox_id, "mobile", mobile),
        secrets=_seal(outbox_id, "secrets", Masked(json.dumps(secrets))) if secrets else None,
    )


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
    return TEMPLATES.get((row.template, int(row.version)))


def plain_params(row: OutboxRow) -> dict[str, str]:
    return dict(json.loads(row.params))


def unseal(row: OutboxRow) -> tuple[Masked, dict[str, str]]:
    """The mobile, and every placeholder's value. Raises SealBroken, UnavailableError."""
    values = plain_params(row)
    if row.secrets is not None:
        values |= json.loads(_unseal(row.id, "secrets", row.secrets).reveal())
    return _unseal(row.id, "mobile", row.mobile), values


def claim(row: OutboxRow, now: datetime) -> bool:
    """pending -> sending for one worker; `row` then stands as claimed. False: somebody else was first."""
    mine = ids.new_id()
    actions = [
        OutboxRow.state.set(OutboxState.SENDING.value),
        OutboxRow.claim.set(mine),
        OutboxRow.claimed_at.set(_instant(now)),
        OutboxRow.tries.set(row.tries + 1),
    ]
    try:
        commit([update(OutboxRow(row.id), actions, _unchanged(row))], ids.new_id())
    except WriteRefused:
        # The reply to our own write may have been lost and the SDK's retry refused: look who has it.
        standing = read(row.id)
        if standing is None or standing.claim != mine:
            return False
    row.state, row.claim, row.tries = OutboxState.SENDING.value, mine, row.tries + 1
    return True


def settle(row: OutboxRow, settlement: Settlement, now: datetime, *, forget: bool) -> bool:
    """Write where a message went; `row` then stands so. `forget` removes what was sealed.

    False if the row is not as we knew it: another worker settled it first.
    """
    state = settlement.state
    actions: list[Action] = [
        OutboxRow.state.set(state.value),
        OutboxRow.settled_at.set(_instant(now)),
        OutboxRow.reason.set(settlement.reason) if settlement.reason else OutboxRow.reason.remove(),
    ]
    if state is OutboxState.PENDING:
        due = now + timedelta(seconds=settlement.wait_seconds)
        actions += [OutboxRow.not_before.set(_instant(due)), OutboxRow.claim.remove()]
    if state is OutboxState.SENT:
        actions += [OutboxRow.provider_id.set(settlement.provider_id), OutboxRow.pending_shard.remove()]
    if forget:
        actions += [OutboxRow.mobile.remove(), OutboxRow.secrets.remove()]
    try:
        commit([update(OutboxRow(row.id), actions, _unchanged(row))], ids.new_id())
    except WriteRefused:
        return False
    row.state, row.reason = state.value, settlement.reason
    return True


def reported(row: OutboxRow) -> None:
    """A failure was reported: nothing is left to do for this row."""
    commit([update(OutboxRow(row.id), [OutboxRow.pending_shard.remove()], _unchanged(row))], ids.new_id())


def back_to_pending(row: OutboxRow) -> None:
    """failed -> pending, with all its tries again. Raises WriteRefused if it is not failed any more."""
    actions = [
        OutboxRow.state.set(OutboxState.PENDING.value),
        OutboxRow.pending_shard.set(shard_of(row.id)),
        OutboxRow.tries.set(0),
        OutboxRow.claim.remove(),
        OutboxRow.not_before.remove(),
    ]
    failed = (OutboxRow.state == OutboxState.FAILED.value) & OutboxRow.mobile.exists()
    commit([update(OutboxRow(row.id), actions, failed & _unchanged(row))], ids.new_id())


def _unchanged(row: OutboxRow) -> Condition:
    claimed: Condition = OutboxRow.claim == row.claim if row.claim else OutboxRow.claim.does_not_exist()
    unchanged: Condition = (OutboxRow.state == row.state) & (OutboxRow.tries == row.tries) & claimed
    return unchanged


def _instant(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _seal(row: str, field: str, text: Masked) -> bytes:
    return cipher.seal(text, table=settings().table("outbox"), row=row, field=field)


def _unseal(row: str, field: str, sealed: bytes) -> Masked:
    return cipher.unseal(sealed, table=settings().table("outbox"), row=row, field=field)
