"""Events come twice, late and in any order (P20): the same end, and at most one SMS an id by our doing."""

from __future__ import annotations

import contextlib
import itertools
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.notify import senders, worker
from chalicelib.notify.model import OutboxState
from chalicelib.platform import tables
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import (
    BEGIN,
    dead_letters,
    dispatch,
    insert_record,
    let_everything_settle,
    state_of,
    store,
)

pytestmark = pytest.mark.usefixtures("aws_moto")
MESSAGES = 3
_run = itertools.count()

# What the provider does at each try of each message, and where that must end.
PLANS = {
    "accept": (["accept"], OutboxState.SENT, 1),
    "busy twice": (["busy", "busy", "accept"], OutboxState.SENT, 1),
    "busy for ever": (["busy"] * 99, OutboxState.FAILED, 0),
    "refuse": (["refuse"], OutboxState.FAILED, 0),
    "answer lost": (["lost"] * 99, OutboxState.UNKNOWN, 1),
    "request lost": (["dead"] * 99, OutboxState.UNKNOWN, 0),
}
plans = st.lists(st.sampled_from(sorted(PLANS)), min_size=MESSAGES, max_size=MESSAGES)
# An event is a message's insert record (0 to 2), or a sweep (-1); each message's record comes 1 to 3 times.
records = st.lists(st.integers(1, 3), min_size=MESSAGES, max_size=MESSAGES).map(
    lambda times: [n for n, count in enumerate(times) for _ in range(count)]
)
events = st.tuples(records, st.integers(0, 2)).flatmap(
    lambda drawn: st.permutations([*drawn[0], *[-1] * drawn[1]])
)


class SenderByPlan(FakeSmsSender):
    """Follows each message's own script, so that the order of messages changes nothing."""

    def __init__(self, scripts: dict[str, list[str]]) -> None:
        super().__init__()
        self._senders = {key: FakeSmsSender(script, self.delivered) for key, script in scripts.items()}

    def send(self, *args: object) -> object:  # type: ignore[override]
        return self._senders[str(args[3])].send(*args)  # type: ignore[arg-type]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans, events, st.lists(st.integers(0, 200), min_size=0, max_size=9))
def test_any_order_and_number_of_events_ends_the_same(
    chosen: list[str], order: list[int], pauses: list[int]
) -> None:
    run = next(_run)
    names = [f"run-{run}-{n}" for n in range(MESSAGES)]
    sender = SenderByPlan({name: PLANS[plan][0] for name, plan in zip(names, chosen, strict=True)})
    with time_machine.travel(BEGIN, tick=False) as clock, pytest.MonkeyPatch.context() as patch:
        patch.setattr(senders, "chosen", lambda: sender)
        for name in names:
            store(name)
        for event, pause in itertools.zip_longest(order, pauses[: len(order)], fillvalue=0):
            clock.shift(timedelta(seconds=pause))
            if event < 0:
                worker.on_schedule({})
            else:
                assert worker.on_stream({"Records": [insert_record(names[event])]}) == {
                    "batchItemFailures": []
                }
        now = BEGIN + timedelta(seconds=sum(pauses))
    let_everything_settle(sender, now)
    for name, plan in zip(names, chosen, strict=True):
        _, state, arrived = PLANS[plan]
        assert (state_of(name), sender.times(name)) == (state, arrived)
    told = {letter["outbox_id"] for letter in dead_letters()}
    assert told == {name for name, plan in zip(names, chosen, strict=True) if PLANS[plan][1] != "sent"}


fates = st.sampled_from(["ok", "before", "after"])


class Killed(BaseException):
    """The process is gone."""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(fates, st.sampled_from([0, 60, 181])), min_size=1, max_size=6))
def test_workers_that_die_while_sending_never_make_two_sms(lives: list[tuple[str, int]]) -> None:
    """Each worker may die as its try arrives, or right after the provider took it; another comes along."""
    name = f"died-{next(_run)}"
    sender = FakeSmsSender()

    def die() -> None:
        raise Killed

    with time_machine.travel(BEGIN, tick=False) as clock:
        store(name)
        for fate, pause in lives:
            sender.before = die if fate == "before" else lambda: None
            sender.after = die if fate == "after" else lambda: None
            with contextlib.suppress(Killed):
                dispatch(name, sender)
            clock.shift(timedelta(seconds=pause))
    sender.before = sender.after = lambda: None
    let_everything_settle(sender, BEGIN + timedelta(hours=1))
    first = lives[0][0]
    assert sender.times(name) == (0 if first == "before" else 1)
    assert state_of(name) is (OutboxState.SENT if first == "ok" else OutboxState.UNKNOWN)
    assert {letter["outbox_id"] for letter in dead_letters()} == (set() if first == "ok" else {name})


def test_our_own_claim_whose_reply_was_lost_is_recognised() -> None:
    """The SDK repeats a write whose reply was lost and is refused by its own first success."""
    store("joined-1")
    replies: list[int] = []

    def lose_the_first_reply(response: tuple[Any, dict[str, Any]], **_: Any) -> int | None:
        replies.append(response[0].status_code)
        return 0 if len(replies) == 1 else None  # "send it again, after 0 s"

    events = tables.connection().client.meta.events
    events.register_first("needs-retry.dynamodb.TransactWriteItems", lose_the_first_reply)
    sender = FakeSmsSender()
    dispatch("joined-1", sender)
    assert replies[:2] == [200, 400]
    assert sender.times("joined-1") == 1
    assert state_of("joined-1") is OutboxState.SENT
