"""What other rooms ask of notify: store a message with the fact it tells of; read a person's inbox.

Sending is `delivery.py`, run by `worker.py` after the fact is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel import Masked
from chalicelib.notify import records
from chalicelib.notify.model import OutboxState
from chalicelib.notify.templates import newest
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write
from chalicelib.platform.work import Work


def sms_writes(
    work: Work,
    template: str,
    mobile: Masked,
    params: Mapping[str, str | Masked],
    *,
    recipient: str,
    dedup_id: str,
) -> list[Write]:
    """One write: the message, stored in the transaction of the fact it tells of, and sent after it.

    `params` are exactly the template's placeholders: days in ISO form, what is personal or secret as Masked.
    `recipient` is whose inbox shows it (a person id). `dedup_id` names the news, opaque and free of personal
    data (it reaches logs): a second message under the same id refuses the whole transaction.
    Raises ValueError or TypeError for params that do not fit, UnavailableError with the keys out of reach.
    """
    kind = newest(template)
    if params.keys() != set(kind.placeholders):
        raise ValueError(f"{kind.name} takes {kind.placeholders}")
    if not all(isinstance(params[name], Masked) for name in kind.secret):
        raise TypeError(f"{kind.name} takes {kind.secret} as Masked")
    kind.shown({name: "" if isinstance(value, Masked) else value for name, value in params.items()})
    row = records.new_row(
        dedup_id, template=kind, mobile=mobile, params=params, recipient=recipient, now=work.now
    )
    return [records.insert_write(row)]


@dataclass(frozen=True, slots=True)
class Item:
    """A message as its reader sees it, whether or not the SMS arrived."""

    id: str
    at: datetime
    kind: str  # template code
    text: str
    state: OutboxState


@dataclass(frozen=True, slots=True)
class Inbox:
    items: tuple[Item, ...]  # newest first
    next: str | None  # give it back as `before` for older ones; None: there are none


def inbox_of(recipients: list[str], before: str | None = None, limit: int = LIMITS.inbox_page) -> Inbox:
    """Messages to any of `recipients`, newest first. One-time codes are never among them.

    `before` only ever narrows what these recipients may read, so it needs no signature.
    """
    found = [row for each in recipients for row in records.newest_for(each, before, limit + 1)]
    found.sort(key=lambda row: str(row.created_at), reverse=True)
    page = found[:limit]
    more = len(found) > limit
    return Inbox(
        tuple(item for item in map(_item, page) if item is not None), page[-1].created_at if more else None
    )


def _item(row: records.OutboxRow) -> Item | None:
    template = records.template_of(row)
    if template is None or template.inbox is None:
        return None
    text = template.inbox.format(**template.shown(records.plain_params(row)))
    return Item(row.id, records.created(row), template.code, text, OutboxState(row.state))
