"""Where a try leads, at every boundary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.notify import rules
from chalicelib.notify.model import (
    MESSAGES,
    Accepted,
    MessageAction,
    OutboxState,
    Settlement,
    SmsRefused,
    SmsUnknown,
)
from chalicelib.notify.templates import newest

WAITS = (30, 120)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BUSY = SmsRefused("Throttled", retryable=True)


@pytest.mark.parametrize(
    ("answer", "tries", "then"),
    [
        (Accepted("p-1"), 1, Settlement(MessageAction.ACCEPT, provider_id="p-1")),
        (BUSY, 1, Settlement(MessageAction.TRY_AGAIN, reason="again:Throttled", wait_seconds=30)),
        (BUSY, 2, Settlement(MessageAction.TRY_AGAIN, reason="again:Throttled", wait_seconds=120)),
        (BUSY, 3, Settlement(MessageAction.GIVE_UP, reason="gave_up:Throttled")),
        (
            SmsRefused("OptedOut", retryable=False),
            1,
            Settlement(MessageAction.GIVE_UP, reason="refused:OptedOut"),
        ),
        (SmsUnknown("ReadTimeout"), 1, Settlement(MessageAction.LOSE, reason="unknown:ReadTimeout")),
        (SmsUnknown("ReadTimeout"), 3, Settlement(MessageAction.LOSE, reason="unknown:ReadTimeout")),
    ],
)
def test_a_try_leads_to(answer: Accepted | SmsRefused | SmsUnknown, tries: int, then: Settlement) -> None:
    assert rules.settle(answer, tries, WAITS) == then
    assert MESSAGES.allows(OutboxState.SENDING, then.action)


BECOMES = {
    MessageAction.ACCEPT: OutboxState.SENT,
    MessageAction.TRY_AGAIN: OutboxState.PENDING,
    MessageAction.GIVE_UP: OutboxState.FAILED,
    MessageAction.LOSE: OutboxState.UNKNOWN,
}


def test_a_try_that_ends_leads_where_its_answer_says() -> None:
    ends = {action: edge.to for (state, action), edge in MESSAGES.edges.items() if state == "sending"}
    assert ends == BECOMES


def test_only_pending_may_be_sent_and_what_may_have_arrived_never_is_again() -> None:
    edges = MESSAGES.edges.values()
    assert [edge.state for edge in edges if edge.to is OutboxState.SENDING] == [OutboxState.PENDING]
    final = {state for state in OutboxState if not any(edge.state is state for edge in edges)}
    assert final == {OutboxState.SENT, OutboxState.UNKNOWN}


def test_only_what_surely_failed_is_brought_back_and_by_people_alone() -> None:
    brought_back = [edge for edge in MESSAGES.edges.values() if edge.action is MessageAction.BRING_BACK]
    assert [(edge.state, edge.to) for edge in brought_back] == [(OutboxState.FAILED, OutboxState.PENDING)]
    assert "system" not in brought_back[0].who


@pytest.mark.parametrize(("seconds", "over"), [(0, False), (180, False), (180.000001, True), (-5, False)])
def test_a_lease_is_over_only_after_its_last_second(seconds: float, over: bool) -> None:
    assert rules.lease_over(NOW, NOW + timedelta(seconds=seconds), 180) is over


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (300, False), (300.000001, True)])
def test_a_code_is_too_late_only_after_its_last_second(seconds: float, late: bool) -> None:
    assert rules.too_late(NOW, NOW + timedelta(seconds=seconds), 300) is late
    assert not rules.too_late(NOW, NOW + timedelta(seconds=seconds), None)


@pytest.mark.parametrize(
    ("state", "code_forgotten", "news_forgotten"),
    [
        (OutboxState.PENDING, False, False),
        (OutboxState.SENDING, False, False),
        (OutboxState.SENT, True, True),
        (OutboxState.UNKNOWN, True, True),
        (OutboxState.FAILED, True, False),
    ],
)
def test_what_was_sealed_goes_when_it_cannot_be_needed_again(
    state: OutboxState, code_forgotten: bool, news_forgotten: bool
) -> None:
    assert rules.forgets(state, newest("sign_in_code")) is code_forgotten
    assert rules.forgets(state, newest("joined")) is news_forgotten


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("LimitExceeded.AppDailyLimit", "LimitExceeded.AppDailyLimit"),
        ("number 13800138000 is blocked", "other"),
        ("13800138000", "other"),
        ("张三", "other"),
        ("", "other"),
        ("A" * 80, "A" * 80),
        ("A" * 81, "other"),
    ],
)
def test_a_reason_keeps_a_code_and_drops_free_text(code: str, kept: str) -> None:
    assert rules.plain(code) == kept
