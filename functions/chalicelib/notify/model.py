"""The nouns of messages: their states, and what a provider can answer.

    pending ──► sending ──► sent
       │  ▲        │──────► failed    surely not accepted, and no use in trying again
       │  └────────┤                  surely not accepted, tried again later
       │           └──────► unknown   perhaps accepted; never sent again by itself
       ├──────────────────► failed    too late to be of use, or it cannot be read
       └── failed ──► pending         brought back by the office

`sending` is entered under a condition, by one worker; a worker that dies there leaves `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chalicelib.kernel import Masked
from chalicelib.notify.templates import Template


class OutboxState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


EDGES = frozenset(
    {
        (OutboxState.PENDING, OutboxState.SENDING),
        (OutboxState.PENDING, OutboxState.FAILED),
        (OutboxState.SENDING, OutboxState.PENDING),
        (OutboxState.SENDING, OutboxState.SENT),
        (OutboxState.SENDING, OutboxState.FAILED),
        (OutboxState.SENDING, OutboxState.UNKNOWN),
        (OutboxState.FAILED, OutboxState.PENDING),
    }
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over; `provider_id` is what it calls it."""

    provider_id: str


class SmsRefused(Exception):
    """Surely not accepted: nobody will read this try. `retryable` if a later one may be."""

    def __init__(self, code: str, *, retryable: bool) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable


class SmsUnknown(Exception):
    """Perhaps accepted: the request left and no clear answer came back."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsSender(Protocol):
    """The port. `code` of what it raises is a short name from the provider or library, never its text."""

    def send(self, mobile: Masked, template: Template, params: dict[str, str], message_key: str) -> Accepted:
        """Try once. `params` are the final texts by placeholder. Raises SmsRefused or SmsUnknown."""
        ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a message goes after a try; `wait_seconds` only on the way back to pending."""

    state: OutboxState
    reason: str = ""
    provider_id: str = ""
    wait_seconds: int = 0
