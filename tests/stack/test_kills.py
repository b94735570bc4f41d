"""Kills while a crowd joins: a function, then the gateway. Nothing that was answered is lost or doubled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.demo import application
from infra.processes import free_port
from infra.stack import Stack
from tests.house import add_seats
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.stack import gateway_process
from tests.stack.riders import Rider, join, riders

CROWD = 16
KILLS = 3
PRESSED_AGAIN_SECONDS = 30  # a call whose function was killed is answered late or never


def one_try(origin: str, rider: Rider, own_origin: str) -> httpx.Response | None:
    """None when the connection broke: the rider does not know what happened and will press again."""
    try:
        return httpx.post(
            f"{origin}/api/enrollments",
            json=application(rider.person),
            headers=rider.headers(own_origin),
            timeout=PRESSED_AGAIN_SECONDS,
        )
    except httpx.TransportError:
        return None


@dataclass
class Crowd:
    """Everybody presses until they have an answer."""

    origin: str  # where they press
    own_origin: str  # where their page came from
    api_id: str
    riders: list[Rider]
    answers: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(len(self.riders))
        self.pressing = [self.pool.submit(self.press, rider) for rider in self.riders]

    def press(self, rider: Rider) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            answer = one_try(self.origin, rider, self.own_origin)
            if answer is not None and answer.status_code in (200, 201):
                assert answer.headers["x-huzhu-api"] == self.api_id
                self.answers.append(answer.json())
                return
            time.sleep(0.2)
        raise AssertionError("never answered")

    def at_each_step(self, steps: int, act: Callable[[], None]) -> None:
        """`act` with the first answer, and again whenever a few more have come: in the middle of others."""
        for step in range(steps):
            wait_for(lambda wanted=1 + step * 3: len(self.answers) >= wanted, "somebody is answered")
            act()

    def all_answers(self) -> list[dict[str, Any]]:
        for each in self.pressing:
            each.result()
        self.pool.shutdown()
        return self.answers


def certificates_in_table(stack: Stack) -> Counter[str]:
    client = stack.session().client("dynamodb")
    pages = client.get_paginator("scan").paginate(
        TableName=f"{stack.env['TABLE_PREFIX']}-coverages", ConsistentRead=True
    )
    rows = [row for page in pages for row in page["Items"] if "certificate_number" in row]
    return Counter(row["certificate_number"]["S"] for row in rows)


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
    before, killed = certificates_in_table(on_stack), list[int]()
    crowd = Crowd(origin, origin, on_stack.api_id, riders(CROWD))
    crowd.at_each_step(KILLS, lambda: killed.append(on_stack.kill_function_workers("api")))
    answers = crowd.all_answers()
    assert sum(killed) >= KILLS
    nothing_lost(on_stack, crowd.riders, answers, before)
    again = [join(origin, rider, on_stack.api_id).json() for rider in crowd.riders[:5]]
    assert numbers(again) <= numbers(answers)


def test_a_gateway_killed_while_a_crowd_joins_loses_nothing_answered(
    on_stack: Stack, site_dir: Path, seats: None
) -> None:
    """A process of its own, killed (-9) in the middle of answers and started again on the same port."""
    port, before = free_port(), certificates_in_table(on_stack)
    gateways = [gateway_process.start(on_stack, port, site_dir)]

    def kill_and_start() -> None:
        gateways[-1].kill()
        gateways[-1].wait()
        gateways.append(gateway_process.start(on_stack, port, site_dir))

    try:
        crowd = Crowd(f"http://127.0.0.1:{port}", on_stack.site_origin, on_stack.api_id, riders(CROWD))
        crowd.at_each_step(KILLS, kill_and_start)
        answers = crowd.all_answers()
    finally:
        gateways[-1].kill()
        gateways[-1].wait()
    nothing_lost(on_stack, crowd.riders, answers, before)
