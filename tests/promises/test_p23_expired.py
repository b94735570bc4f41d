"""P23: expired means expired. The store removes rows when it gets round to it; until then they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.access.records import ChallengeRow, ProofRow, SendsRow, SessionRow, session_key
from chalicelib.access.service import sign_in as service
from chalicelib.kernel import Masked, TooManyError
from chalicelib.platform import limits
from chalicelib.platform.idempotency import IdempotencyRow
from chalicelib.platform.limits import TABLE, CounterRow
from chalicelib.platform.settings import LIMITS
from infra.people import demo_person
from tests.access import door

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
A = demo_person(1).mobile


@pytest.fixture
def clock(served_store: None) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


def lingering(model: type, prefix: str) -> int:
    """Rows still in the table, expired or not."""
    return len(list(model.scan(model.key.startswith(prefix))))


def test_p23_a_code_is_dead_after_five_minutes_though_its_row_is_there(
    clock: time_machine.Coordinates,
) -> None:
    """Guard: access.records:count_try, the condition `expires_at > now`."""
    sent = door.ask_code(A)
    code = door.code_of(sent)
    clock.shift(LIMITS.code_seconds)
    assert door.enter_code(sent.body["challenge_id"], code).code == "sign_in.code_expired"
    assert lingering(ChallengeRow, "challenge#") == 1
    assert lingering(SessionRow, "session#") == 0


def test_p23_a_code_lives_to_its_last_second(clock: time_machine.Coordinates) -> None:
    """Guard: none to remove; it holds the boundary of the test above from the other side."""
    sent = door.ask_code(A)
    code = door.code_of(sent)
    clock.shift(LIMITS.code_seconds - 1)
    assert door.enter_code(sent.body["challenge_id"], code).status == 201


def test_p23_a_session_is_over_though_its_row_is_there(clock: time_machine.Coordinates) -> None:
    """Guard: platform.rows:CodesRow.live, asking `is_live`."""
    token = service.open_session_for(Masked(A))
    clock.shift(LIMITS.member_idle_seconds - 1)
    assert door.call("GET", "/me", token=token).status == 200
    clock.shift(LIMITS.member_idle_seconds)
    assert door.call("GET", "/me", token=token).status == 401
    assert SessionRow.get(session_key(token)).expires_at <= int((NOON + timedelta(hours=1)).timestamp())


def test_p23_a_used_code_gives_its_session_again_only_while_it_lives(clock: time_machine.Coordinates) -> None:
    """Guard: access.service.sign_in:_earlier, `challenge is None`."""
    sent = door.ask_code(A)
    code = door.code_of(sent)
    first = door.enter_code(sent.body["challenge_id"], code)
    clock.shift(LIMITS.code_seconds - 1)
    assert door.enter_code(sent.body["challenge_id"], code) == first
    clock.shift(1)
    again = door.enter_code(sent.body["challenge_id"], code)
    assert (again.code, again.cookies) == ("sign_in.code_expired", [])


def test_p23_an_answer_is_remembered_for_a_day_and_then_forgotten_though_its_row_is_there(
    clock: time_machine.Coordinates,
) -> None:
    """Guards: platform.idempotency:Attempt.earlier, `expires_at <= now`; Attempt.record, the same in its
    condition."""
    solution = door.solved()
    first = door.ask_code(A, altcha=solution)
    clock.shift(LIMITS.idempotency_seconds - 1)
    assert door.ask_code(A, altcha=solution) == first
    assert door.ask_code(A).code == "request.key_reused"  # another proof: another body
    clock.shift(1)
    assert lingering(IdempotencyRow, "idempotency#") == 1
    assert door.ask_code(A, altcha=solution).code == "sign_in.proof_used"  # judged anew, and long expired
    second = door.ask_code(A)
    assert second.status == 202
    assert second.body["challenge_id"] != first.body["challenge_id"]


def test_p23_a_puzzle_is_dead_after_five_minutes(clock: time_machine.Coordinates) -> None:
    """Guard: access.service.codes:send_code, `proof.expired`."""
    solution = door.solved()
    clock.shift(LIMITS.proof_seconds)
    assert door.ask_code(A, altcha=solution).code == "sign_in.proof_used"
    assert lingering(ProofRow, "altcha#") == 0


def test_p23_limits_of_a_day_ago_hold_nobody_back_though_their_rows_are_there(
    clock: time_machine.Coordinates,
) -> None:
    """Guards: platform.rows:CodesRow.absent_or_expired, for sends; platform.limits:Limit.window."""
    assert door.ask_code(A, key="first-key-of-this-page").status == 202
    for _ in range(TABLE["codes_network_hour"].most):
        limits.spend("codes_network_hour", "k", NOON)
    with pytest.raises(TooManyError):
        limits.spend("codes_network_hour", "k", NOON)
    clock.shift(86_400)
    assert lingering(SendsRow, "sends#") == 1
    assert lingering(CounterRow, "counter#codes_network_hour#k#") == 1
    assert door.ask_code(A, key="second-key-of-this-page").status == 202
    limits.spend("codes_network_hour", "k", NOON + timedelta(days=1))
    (row,) = SendsRow.scan(SendsRow.key.startswith("sends#"))
    assert len(row.sent_at) == 1
