"""Seats: counted, kept, opened, and never sold twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.groups import rules, service
from chalicelib.platform import ids
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, commit

POLICY = "policy-1"


def go(writes: list[Write]) -> None:
    commit(writes, ids.new_id())


def refused(writes: list[Write]) -> WriteRefused:
    with pytest.raises(WriteRefused) as caught:
        go(writes)
    return caught.value


def open_seats(count: int) -> None:
    go(service.keep_seats_writes(POLICY, count, ids.new_id(), "staff#test"))
    go(service.open_kept_writes(POLICY, count))


@given(seats=st.integers(0, 10_000), counters=st.integers(1, 40))
def test_seats_spread_evenly_and_none_is_lost(seats: int, counters: int) -> None:
    shares = rules.spread(seats, counters)
    assert sum(shares) == seats
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(("seats", "counters"), [(1, 1), (499, 1), (500, 20), (5_000, 20)])
def test_one_counter_below_500_seats_else_20(seats: int, counters: int) -> None:
    assert service.counters_for(seats) == counters


def test_added_seats_are_kept_until_opened(aws_moto: None) -> None:
    go(service.keep_seats_writes(POLICY, 3, "grant-1", "staff#test"))
    assert (service.seats_reserved(POLICY), service.seats_open(POLICY)) == (3, 0)
    refused([service.take_seat_write(POLICY, 0)])
    go([service.take_kept_seat_write(POLICY)])
    go(service.open_kept_writes(POLICY, 2))
    assert (service.seats_reserved(POLICY), service.seats_open(POLICY)) == (0, 2)


def test_the_same_grant_adds_once(aws_moto: None) -> None:
    go(service.keep_seats_writes(POLICY, 3, "grant-1", "staff#test"))
    refused(service.keep_seats_writes(POLICY, 3, "grant-1", "staff#test"))
    assert service.seats_reserved(POLICY) == 3


def test_seats_taken_meanwhile_are_not_opened_again(aws_moto: None) -> None:
    go(service.keep_seats_writes(POLICY, 3, "grant-1", "staff#test"))
    writes = service.open_kept_writes(POLICY, 3)
    go([service.take_kept_seat_write(POLICY)])
    refused(writes)
    assert service.seats_open(POLICY) == 0


def test_no_seat_only_when_every_counter_is_empty(aws_moto: None) -> None:
    open_seats(LIMITS.seats_one_counter_below)
    assert len(service.counters_with_seats(POLICY)) == LIMITS.seat_counters
    taken = 0
    while counters := service.counters_with_seats(POLICY):
        for counter in counters:
            go([service.take_seat_write(POLICY, counter)])
            taken += 1
    assert taken == LIMITS.seats_one_counter_below


@pytest.mark.parametrize("opened", [True, False])
def test_a_refusal_by_the_seat_alone_is_told_from_others(aws_moto: None, opened: bool) -> None:
    if opened:
        open_seats(1)
        go([service.take_seat_write(POLICY, 0)])
    assert service.only_seats_refused(refused([service.take_seat_write(POLICY, 0)]))
    repeated = service.policy_writes(POLICY, "s", "名", "c")
    go(repeated)
    assert not service.only_seats_refused(refused(repeated))
    assert not service.only_seats_refused(refused([service.take_seat_write(POLICY, 0), *repeated]))


@pytest.mark.parametrize("seats", [10, 520])
def test_people_racing_for_the_last_seats_get_exactly_those(served_store: None, seats: int) -> None:
    """Guard: the condition of groups.service._take. With 20 counters a taker tries those that have seats."""
    open_seats(seats)
    if seats > 10:
        for counter, left in enumerate(rules.spread(seats, LIMITS.seat_counters)):
            for _ in range(left - (counter < 10)):
                go([service.take_seat_write(POLICY, counter)])
    takers = 60
    gate = Barrier(takers)

    def take(_: int) -> bool:
        gate.wait()
        counters = [0] if seats == 10 else service.counters_with_seats(POLICY)
        while counters:
            try:
                go([service.take_seat_write(POLICY, counters[ids.pick(len(counters))])])
                return True
            except WriteRefused:
                counters = service.counters_with_seats(POLICY)
        return False

    with ThreadPoolExecutor(takers) as pool:
        won = sum(pool.map(take, range(takers)))
    assert won == 10
    assert service.seats_open(POLICY) == 0
