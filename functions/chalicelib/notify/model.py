"""The nouns of messages: their states, and what a provider can answer.

`sending` is entered under a condition, by one worker; a worker that dies there leaves `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chalicelib.kernel import Masked
from chalicelib.notify.templates import Template
from chalicelib.states import Edge, States


class OutboxState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class MessageAction(StrEnum):
    CLAIM = "claim"  # one worker takes it
    DROP = "drop"  # too late to be of use, or it cannot be read
    ACCEPT = "accept"  # the provider took it over
    TRY_AGAIN = "try_again"  # surely not accepted; later perhaps
    GIVE_UP = "give_up"  # surely not accepted, and no use in trying again
    LOSE = "lose"  # perhaps accepted: never sent again by itself
    BRING_BACK = "bring_back"  # the office mended what made it fail


_SYSTEM = ("system",)

MESSAGES = States(
    "notify",
    (
        Edge(OutboxState.PENDING, MessageAction.CLAIM, OutboxState.SENDING, _SYSTEM),
        Edge(OutboxState.PENDING, MessageAction.DROP, OutboxState.FAILED, _SYSTEM),
        Edge(OutboxState.SENDING, MessageAction.ACCEPT, OutboxState.SENT, _SYSTEM),
        Edge(OutboxState.SENDING, MessageAction.TRY_AGAIN, OutboxState.PENDING, _SYSTEM),
        Edge(OutboxState.SENDING, MessageAction.GIVE_UP, OutboxState.FAILED, _SYSTEM),
        Edge(OutboxState.SENDING, MessageAction.LOSE, OutboxState.UNKNOWN, _SYSTEM),
        Edge(
            OutboxState.FAILED,
            MessageAction.BRING_BACK,
            OutboxState.PENDING,
            ("underwriter", "finance", "clerk"),
        ),
    ),
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
    """What becomes of a message after a try; `wait_seconds` only where it is tried again."""

    action: MessageAction
    reason: str = ""
    provider_id: str = ""
    wait_seconds: int = 0
