"""What follows from what: after a try, after a crash, after too long."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from chalicelib.notify.model import Accepted, MessageAction, OutboxState, Settlement, SmsRefused, SmsUnknown
from chalicelib.notify.templates import Template

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}")


def settle(answer: Accepted | SmsRefused | SmsUnknown, tries: int, waits: tuple[int, ...]) -> Settlement:
    """Where try number `tries` (from 1) leads.

    answer                          tries left   then
    accepted                        –            accept
    refused, worth another try      yes          try again, after waits[tries - 1] seconds
    refused, worth another try      no           give up
    refused for good                –            give up
    anything else                   –            lose: it may be on its way, so it is never sent again
    """
    if isinstance(answer, Accepted):
        return Settlement(MessageAction.ACCEPT, provider_id=answer.provider_id)
    code = plain(answer.code)
    if isinstance(answer, SmsUnknown):
        return Settlement(MessageAction.LOSE, reason=f"unknown:{code}")
    if not answer.retryable:
        return Settlement(MessageAction.GIVE_UP, reason=f"refused:{code}")
    if tries > len(waits):
        return Settlement(MessageAction.GIVE_UP, reason=f"gave_up:{code}")
    return Settlement(MessageAction.TRY_AGAIN, reason=f"again:{code}", wait_seconds=waits[tries - 1])


def plain(code: str) -> str:
    """A provider's code if it looks like one; its free text might quote the mobile (P26)."""
    return code if _SAFE.fullmatch(code) else "other"


def forgets(state: OutboxState, template: Template | None) -> bool:
    """Whether what was sealed goes now. A failed message may be brought back, unless its time is over by
    then; one that was sent, or perhaps sent, is never sent again."""
    perishable = template is not None and template.useful_seconds is not None
    settled = state in (OutboxState.SENT, OutboxState.UNKNOWN)
    return settled or (state is OutboxState.FAILED and perishable)


def lease_over(claimed_at: datetime, now: datetime, lease_seconds: int) -> bool:
    """Whether the worker that claimed a message can no longer be alive."""
    return now - claimed_at > timedelta(seconds=lease_seconds)


def too_late(created_at: datetime, now: datetime, useful_seconds: int | None) -> bool:
    return useful_seconds is not None and now - created_at > timedelta(seconds=useful_seconds)
