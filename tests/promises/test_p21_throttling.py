"""P21: throttling is a pause, not a loss; nobody waits longer than the budget for a clear answer."""

from __future__ import annotations

import time

import pytest
from chalice.test import HTTPResponse

from chalicelib.platform import tables
from chalicelib.platform.settings import LIMITS
from tests.faults import seam
from tests.faults.hanging import hangs
from tests.house import Phone, add_seats, phone
from tests.promises.test_p18_submitted_twice import ONE_JOIN, facts

pytestmark = pytest.mark.usefixtures("served_store")
KEY = "one-key-for-one-join"
NOTHING = dict.fromkeys(ONE_JOIN, 0) | {"seats": 2}
COMMIT = ("TransactWriteItems",)


@pytest.fixture
def rider(served_store: None) -> Phone:
    add_seats(2)
    signed_in = phone(1)
    signed_in.call("GET", "/me")  # keys are warm, so that the faults below meet the store alone
    return signed_in


def says_wait(answer: HTTPResponse) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "没有丢失" in answer.json_body["detail"]


@pytest.mark.parametrize("fault", [seam.THROTTLED, seam.BROKEN, "before"])
def test_p21_two_faults_and_then_an_answer_is_a_join(rider: Phone, fault: str | seam.Reply) -> None:
    """Guard: platform.tables.connection lets the SDK retry (LIMITS.aws_retries)."""
    left = [fault, fault]

    def twice(name: str, number: int) -> str | seam.Reply | None:
        return left.pop() if name in COMMIT and left else None

    with seam.faults(twice):
        assert rider.join(key=KEY).status_code == 201
    assert facts() == ONE_JOIN


@pytest.mark.parametrize("fault", [seam.THROTTLED, seam.BROKEN, "before"])
@pytest.mark.parametrize("operations", [(), COMMIT])
def test_p21_a_store_that_stays_down_is_a_503_with_nothing_written(
    rider: Phone, fault: str | seam.Reply, operations: tuple[str, ...]
) -> None:
    """Guard: platform.transaction.store_failure maps what can pass to UnavailableError."""
    began = time.monotonic()
    with seam.faults(seam.always(fault, operations=operations)):
        says_wait(rider.join(key=KEY))
    assert time.monotonic() - began < LIMITS.aws_request_seconds
    assert facts() == NOTHING
    assert rider.join(key=KEY).status_code == 201
    assert facts() == ONE_JOIN


def test_p21_a_conflict_with_another_writer_is_tried_again(rider: Phone) -> None:
    """Guard: platform.transaction._is_conflict; the SDK does not retry TransactionConflict."""
    with seam.faults(seam.once("TransactWriteItems", seam.CONFLICT)) as seen:
        assert rider.join(key=KEY).status_code == 201
    assert seen.calls.count("TransactWriteItems") == 2
    assert facts() == ONE_JOIN


def test_p21_a_conflict_that_stays_is_a_409_that_says_try_again(rider: Phone) -> None:
    """Guard: platform.transaction.commit bounds its retries (LIMITS.conflict_retries)."""
    with seam.faults(seam.always(seam.CONFLICT, operations=COMMIT)) as seen:
        answer = rider.join(key=KEY)
    assert seen.calls.count("TransactWriteItems") == LIMITS.conflict_retries + 1
    assert (answer.status_code, answer.json_body["code"]) == (409, "platform.busy")
    assert "重试" in answer.json_body["detail"]
    assert facts() == NOTHING


def test_p21_a_store_that_hangs_is_a_503_within_the_budget(rider: Phone) -> None:
    """Guard: platform.aws._refuse_late_attempt starts no attempt that could outlive the budget."""
    began = time.monotonic()
    with hangs(tables.connection().client):
        says_wait(rider.join(key=KEY))
    assert time.monotonic() - began < LIMITS.aws_request_seconds
    assert facts() == NOTHING
