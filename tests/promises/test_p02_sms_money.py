"""P02: nobody can spend our SMS money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine

from chalicelib.access.service import codes
from chalicelib.kernel import DomainError, Visitor
from chalicelib.notify import delivery
from chalicelib.notify.records import OutboxRow
from chalicelib.platform import clock
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.limits import TABLE, Limit
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from infra.people import demo_person
from tests.access import door
from tests.access.test_mobiles import REFUSED
from tests.faults import seam
from tests.notify.fakes import FakeSmsSender

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
A = demo_person(1).mobile
FIRST_NUMBER = 13_800_000_000


def ask(number: int, *, ip: str, key: int) -> door.Reply:
    return door.ask_code(str(number), ip=ip, key=f"key-number-{key:06d}")


def gateway_after_a_sweep() -> FakeSmsSender:
    """What left the house once the outbox was worked through."""
    gateway = FakeSmsSender()
    delivery.sweep(gateway, seconds=60)
    return gateway


def test_p02_a_thousand_numbers_from_two_hundred_networks_get_one_minutes_budget(
    served_store: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Guard: platform.limits:_counting, the condition `n < share`."""
    with time_machine.travel(NOON, tick=False):
        replies = [ask(FIRST_NUMBER + n, ip=f"198.{n % 200}.7.{n // 200}", key=n) for n in range(1000)]
        gateway = gateway_after_a_sweep()
    budget = LIMITS.codes_office_minute
    assert Counter(reply.status for reply in replies) == {202: budget, 429: 1000 - budget}
    assert [reply.status for reply in replies[:budget]] == [202] * budget  # the whole budget is usable
    assert len(gateway.delivered) == budget
    # What the alarm counts.
    assert capsys.readouterr().err.count('"limit_reached","operation":"codes_office_minute"') == 1000 - budget
    assert {reply.code for reply in replies[budget:]} == {"limits.codes_office_minute"}
    assert {reply.body["retry_after_seconds"] for reply in replies[budget:]} == {60}


def test_p02_a_day_has_a_budget_that_no_minute_renews(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: access.service.codes:_budgets, the line "codes_office_day"."""
    monkeypatch.setitem(TABLE, "codes_office_day", Limit(20, 86_400, shards=8))
    with time_machine.travel(NOON, tick=False) as now:
        for n in range(40):
            ask(FIRST_NUMBER + n, ip=f"198.{n}.7.1", key=n)
            now.shift(90)
        assert OutboxRow.count() == 20
        now.move_to(datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC))  # midnight in Shanghai
        assert ask(FIRST_NUMBER, ip="198.0.7.1", key=99).status == 202


def test_p02_one_network_gets_its_hour_whatever_addresses_and_numbers_it_uses(served_store: None) -> None:
    """Guard: access.service.codes:_budgets, the line "codes_network_hour"; platform.limits:network."""
    with time_machine.travel(NOON, tick=False):
        four = [ask(FIRST_NUMBER + n, ip=f"198.51.100.{n}", key=n).status for n in range(15)]
        six = [
            ask(FIRST_NUMBER + 50 + n, ip=f"2001:db8:1:22{n:02x}::1", key=50 + n).status for n in range(15)
        ]
    expected = [202] * LIMITS.codes_per_network_hour + [429] * (15 - LIMITS.codes_per_network_hour)
    assert (four, six) == (expected, expected)


def test_p02_other_numbers_are_refused_before_anything_is_asked_or_stored(served_store: None) -> None:
    """Guard: access.service.codes:send_code, the line `read_mobile(typed)`."""
    door.ask_code(A)  # warms the key rings
    with seam.faults() as seen:
        for n, typed in enumerate(REFUSED):
            reply = door.ask_code(typed, key=f"key-number-{n:06d}", ip=f"198.51.{n}.1")
            assert (reply.status, reply.code) == (400, "sign_in.mobile"), typed
            assert "mobile" in reply.body["fields"]
    assert seen.calls == []
    assert OutboxRow.count() == 1


def test_p02_without_a_proof_of_work_nothing_is_sent(served_store: None) -> None:
    """Guard: access.service.proof:read_proof, `if not ours`."""
    for altcha in (door.solved(signing_key="not ours"), door.solved()[:-8], "e30="):
        assert door.ask_code(A, altcha=altcha).code == "sign_in.proof"
    assert OutboxRow.count() == 0


def test_p02_a_proof_of_work_buys_one_message(served_store: None) -> None:
    """Guard: access.service.codes:_Sending._send, the line `proof.use_write(now)`."""
    solution = door.solved()
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + 10)
    outcomes = at_once(10, lambda n: send(str(numbers[n]), solution, n))
    assert Counter(outcomes) == {"sent": 1, "sign_in.proof_used": 9}
    assert OutboxRow.count() == 1


def test_p02_fifty_requests_at_once_for_one_mobile_send_one_message(served_store: None) -> None:
    """Guard: access.service.codes:_Sends.write, the condition that nothing was sent since it was read."""
    solutions = [door.solved() for _ in range(50)]
    outcomes = at_once(50, lambda n: send(A, solutions[n], n))
    assert OutboxRow.count() == outcomes.count("sent") == 1
    # Whoever kept colliding is asked to wait or to try again; nobody gets another message.
    assert set(outcomes) <= {"sent", "sign_in.too_soon", "platform.busy"}


@pytest.mark.parametrize("fault", [seam.THROTTLED, seam.BROKEN, "before"])
def test_p02_a_store_that_cannot_count_sends_nothing(served_store: None, fault: str | seam.Reply) -> None:
    """Guard: the limits are writes of the message's own transaction (access.service.codes:_Sending._send)."""
    door.ask_code(demo_person(2).mobile, key="the-key-of-another-page")  # warms the key rings
    with seam.faults(seam.always(fault, operations=("TransactWriteItems",))):
        down = door.ask_code(A)
    assert (down.status, down.code) == (503, "platform.unavailable")
    assert int(down.headers["Retry-After"]) > 0
    assert OutboxRow.count() == 1
    # And nothing was charged for it: the same person, same key, is served as soon as the store is back.
    assert door.ask_code(A).status == 202
    assert OutboxRow.count() == 2


def test_p02_a_reply_lost_by_the_store_makes_no_second_message(served_store: None) -> None:
    """Guard: platform.idempotency:Attempt.record, in the message's transaction."""
    with seam.faults(seam.always("after", operations=("TransactWriteItems",))):
        lost = door.ask_code(A, altcha=(solution := door.solved()))
    assert lost.status == 503
    again = door.ask_code(A, altcha=solution)
    assert again.status == 202
    assert [row.id for row in OutboxRow.scan()] == [again.body["challenge_id"]]


def test_p02_a_provider_that_times_out_is_never_asked_twice(served_store: None) -> None:
    """Guard: notify.rules:settle, `SmsUnknown` leads to unknown; dedup_id = challenge id."""
    with time_machine.travel(NOON, tick=False) as now:
        solution = door.solved()
        sent = door.ask_code(A, altcha=solution)
        gateway = FakeSmsSender(script=["lost"])
        for _ in range(5):
            delivery.sweep(gateway)
            assert door.ask_code(A, altcha=solution).body == sent.body
            now.shift(timedelta(minutes=3))
    assert gateway.tries == [sent.body["challenge_id"]]


def send(mobile: str, solution: str, n: int) -> str:
    """The use case itself: one Chalice app serves one request at a time, so threads go below it."""
    now, raw, who = clock.now(), f"{mobile} {solution}".encode(), Visitor(source_ip=f"198.{n}.7.1")
    attempt = Attempt(who, "POST /sign-in/codes", f"key-of-thread-{n:06d}", raw, now)
    try:
        codes.send_code(Work(who, now=now, attempt=attempt), mobile, solution)
    except DomainError as error:
        return error.code
    return "sent"


def at_once(count: int, work: Callable[[int], str]) -> list[str]:
    barrier = Barrier(count)

    def one(number: int) -> str:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
