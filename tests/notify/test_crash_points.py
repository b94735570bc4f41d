"""Killed at any point, the outbox ends in one truth: no SMS before its fact, none twice, none lost unseen.

A run is cut right before and right after every call to the store, the queue and the sender; then life goes on
as the schedule would have it. After a kill nothing of the run is caught: a dead process runs no `except`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from chalicelib.notify import records
from chalicelib.notify.model import OutboxState
from chalicelib.platform import aws, tables
from tests.clients import new_process
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import (
    BEGIN,
    dead_letters,
    dispatch,
    fact_is_stored,
    let_everything_settle,
    raw,
    state_of,
    store,
)

pytestmark = pytest.mark.usefixtures("aws_moto")
SCRIPTS = {
    "accepted": ["accept"],
    "refused": ["refuse"],
    "busy, then accepted": ["busy", "accept"],
    "no answer, delivered": ["lost"],
    "no answer, not delivered": ["dead"],
}


class Killed(BaseException):
    """The process is gone."""


class Knife:
    """Counts the points a run passes and kills it at one of them. Point 0 is never reached."""

    def __init__(self, at: int) -> None:
        self.at, self.passed = at, 0

    def point(self, *_: Any, **__: Any) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Killed

    def hold_to(self, sender: FakeSmsSender) -> None:
        """Every call of the AWS clients and the sender is two points: before it, and after it took effect."""
        sender.before = sender.after = self.point
        for client in (tables.connection().client, aws.client("sqs")):
            client.meta.events.register_first("before-call", self.point)
            client.meta.events.register_last("after-call", self.point)


def run_with_a_kill(
    at: int, script: list[str], work: Callable[[FakeSmsSender], None]
) -> tuple[FakeSmsSender, int]:
    """Do `work`, killed at point `at` (0: not at all); then a new process takes over. Returns the points."""
    sender, knife = FakeSmsSender(script), Knife(at)
    with time_machine.travel(BEGIN, tick=False):
        knife.hold_to(sender)
        try:
            work(sender)
        except Killed:
            assert at
        sender.before = sender.after = lambda: None
        new_process()
    return sender, knife.passed


def one_truth(outbox_id: str, sender: FakeSmsSender) -> None:
    """What must hold once everything has settled."""
    assert sender.times(outbox_id) <= 1
    if not fact_is_stored(outbox_id):
        assert records.read(outbox_id) is None
        assert sender.times(outbox_id) == 0
        return
    state, told = state_of(outbox_id), [letter["outbox_id"] for letter in dead_letters()]
    assert state in (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN)
    assert "pending_shard" not in raw(outbox_id)
    if state is OutboxState.SENT:
        assert sender.times(outbox_id) == 1
        assert told == []
    else:
        assert set(told) == {outbox_id}
    if state is OutboxState.FAILED:
        assert sender.times(outbox_id) == 0


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_kill_at_any_point_ends_in_one_truth(script: list[str], subtests: pytest.Subtests) -> None:
    def life_of(outbox_id: str, killed_at: int) -> int:
        sender, points = run_with_a_kill(killed_at, script, lambda each: store_and_send(outbox_id, each))
        with time_machine.travel(BEGIN, tick=False):
            for _ in range(2):  # the stream wakes the new process twice
                dispatch(outbox_id, sender)
        let_everything_settle(sender)
        one_truth(outbox_id, sender)
        return points

    points = life_of("joined-whole", 0)
    assert points >= 10
    for at in range(1, points + 1):
        with subtests.test(killed_at=at):
            life_of(f"joined-{at}", at)


def store_and_send(outbox_id: str, sender: FakeSmsSender) -> None:
    store(outbox_id)
    dispatch(outbox_id, sender)
