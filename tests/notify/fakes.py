"""A sender for tests of the outbox. It passes the same contract suite as the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from chalicelib.kernel import Masked
from chalicelib.notify.model import Accepted, SmsRefused, SmsUnknown
from chalicelib.notify.senders import e164
from chalicelib.notify.templates import SIGNATURE, Template


@dataclass
class FakeSmsSender:
    """Answers by script, then accepts. `delivered` is what people would hold in their hands."""

    script: Iterable[str] = ()  # accept | busy | refuse | lost (delivered, no answer) | dead (not delivered)
    delivered: list[tuple[str, str, str]] = field(default_factory=list)  # message key, mobile, text
    tries: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None  # runs as a try arrives
    after: Callable[[], None] = lambda: None  # runs once the provider has done its part

    def __post_init__(self) -> None:
        self._script = iter(self.script)

    def send(self, mobile: Masked, template: Template, params: dict[str, str], message_key: str) -> Accepted:
        self.before()
        self.tries.append(message_key)
        answer = next(self._script, "accept")
        if answer in ("accept", "lost"):
            text = SIGNATURE + template.text.format(**params)
            self.delivered.append((message_key, e164(mobile), text))
        self.after()
        match answer:
            case "busy":
                raise SmsRefused("Throttled", retryable=True)
            case "refuse":
                raise SmsRefused("OptedOut", retryable=False)
            case "lost" | "dead":
                raise SmsUnknown("ReadTimeout")
            case _:
                return Accepted(f"fake-{len(self.delivered)}")

    def times(self, message_key: str) -> int:
        """How many SMS a person got under this id."""
        return sum(key == message_key for key, _, _ in self.delivered)
