"""Kills while a crowd joins: a function, then the gateway. Nothing that was answered is lost or doubled."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from infra.demo import application
from infra.processes import free_port
from infra.stack import Stack
from tests.house import add_seats
from tests.stack import gateway_process
from tests.stack.riders import Rider, join, riders

CROWD = 24


def one_try(origin: str, rider: Rider) -> httpx.Response | None:
    """None when the connection broke: the rider does not know what happened and will press again."""
    try:
        return httpx.post(
            f"{origin}/api/enrollments",
            json=application(rider.person),
            headers=rider.headers(origin),
            timeout=30,
        )
    except httpx.TransportError:
        return None


def press_until_kept(origin: str, rider: Rider, api_id: str, answers: list[dict[str, object]]) -> None:
    for _ in range(60):
        answer = one_try(origin, rider)
        if answer is not None and answer.status_code in (200, 201):
            assert answer.headers["x-huzhu-api"] == api_id
            answers.append(answer.json())
            return
        time.sleep(0.3)
    raise AssertionError("never answered")


def certificates_in_table(stack: Stack) -> Counter[str]:
    client = stack.session().client("dynamodb")
    pages = client.get_paginator("scan").paginate(
        TableName=f"{stack.env['TABLE_PREFIX']}-coverages", ConsistentRead=True
    )
    rows = [row for page in pages for row in page["Items"] if "certificate_number" in row]
    return Counter(row["certificate_number"]["S"] for row in rows)


def joined_through_kills(stack: Stack, origin: str, crowd: list[Rider], stop: threading.Event) -> list[dict]:
    answers: list[dict[str, object]] = []
    threads = [
        threading.Thread(target=press_until_kept, args=(origin, rider, stack.api_id, answers))
        for rider in crowd
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    assert len(answers) == len(crowd)
    return answers


@pytest.fixture
def seats(on_stack: Stack) -> None:
    add_seats(2_000)


def numbers(answers: list[dict]) -> set[str]:
    """Every certificate that was answered with."""
    return {each["number"] for answer in answers for each in answer["certificates"]}


def nothing_lost(stack: Stack, crowd: list[Rider], answers: list[dict], before: Counter[str]) -> None:
    told = numbers(answers)
    assert len(told) == len(crowd)
    after = certificates_in_table(stack)
    assert set(after.values()) == {1}
    assert {number for number in after if number not in before} == told


def test_functions_killed_while_a_crowd_joins_lose_nothing_answered(
    on_stack: Stack, origin: str, seats: None
) -> None:
    before, crowd, stop = certificates_in_table(on_stack), riders(CROWD), threading.Event()
    killed: list[int] = []

    def reaper() -> None:
        while not stop.wait(0.5) and len(killed) < 6:
            killed.append(on_stack.kill_function_workers("api"))
            stop.wait(1.0)  # time for some to start and be cut off in the middle of a join

    thread = threading.Thread(target=reaper)
    thread.start()
    try:
        answers = joined_through_kills(on_stack, origin, crowd, stop)
    finally:
        stop.set()
        thread.join()
    assert sum(killed) > 0
    nothing_lost(on_stack, crowd, answers, before)
    again = [join(origin, rider, on_stack.api_id).json() for rider in crowd[:5]]
    assert numbers(again) <= numbers(answers)


def test_a_gateway_killed_while_a_crowd_joins_loses_nothing_answered(
    on_stack: Stack, site_dir: Path, seats: None
) -> None:
    """A process of its own, killed (-9) in the middle of answers and started again on the same port."""
    port = free_port()
    origin, own = f"http://127.0.0.1:{port}", on_stack.site_origin
    before, crowd = certificates_in_table(on_stack), riders(CROWD)
    answers: list[dict[str, object]] = []

    def press(rider: Rider) -> None:
        for _ in range(200):
            try:
                answer = httpx.post(
                    f"{origin}/api/enrollments",
                    json=application(rider.person),
                    headers=rider.headers(own),
                    timeout=30,
                )
            except httpx.TransportError:
                answer = None  # cut off: the rider does not know, and presses again
            if answer is not None and answer.status_code in (200, 201):
                assert answer.headers["x-huzhu-api"] == on_stack.api_id
                answers.append(answer.json())
                return
            time.sleep(0.2)

    process = gateway_process.start(on_stack, port, site_dir)
    threads = [threading.Thread(target=press, args=(rider,)) for rider in crowd]
    try:
        for thread in threads:
            thread.start()
        for _ in range(3):
            time.sleep(0.3)
            process.kill()
            process.wait()
            process = gateway_process.start(on_stack, port, site_dir)
        for thread in threads:
            thread.join()
    finally:
        process.kill()
        process.wait()
    nothing_lost(on_stack, crowd, answers, before)
