"""Seats: counted, reserved, opened, spread over the stored counters, and never sold twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog import service as catalog
from chalicelib.groups import records, rules, service
from chalicelib.groups.model import GroupPolicy
from chalicelib.groups.records import GroupPolicyRow, SeatRow, seat_part
from chalicelib.kernel import DateInterval
from chalicelib.platform import clock, ids
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, commit
from chalicelib.platform.work import Work
from infra.demo import OFFICE

POLICY = "policy-1"
EDGE = LIMITS.seats_one_counter_below


def go(writes: Iterable[Write]) -> None:
    commit(list(writes), ids.new_id())


def refused(writes: Iterable[Write]) -> WriteRefused:
    with pytest.raises(WriteRefused) as caught:
        go(writes)
    return caught.value


def policy() -> GroupPolicy:
    """As it is stored."""
    found = service.policy(POLICY)
    assert found is not None
    return found


def open_policy() -> bool:
    region = catalog.catalogue().regions[0].code
    today = clock.today()
    return service.open_policy(
        Work(OFFICE), GroupPolicy(POLICY, "协议（示范）", "工会（示范）", region, DateInterval(today, today))
    )


def reserve(count: int, grant: str = "") -> list[Write]:
    return service.reserve_seats_writes(Work(OFFICE), policy(), count, grant or ids.new_id())


def open_seats(count: int) -> None:
    go(reserve(count))
    go(service.open_reserved_writes(policy(), count))


@pytest.fixture
def opened(aws_moto: None) -> None:
    open_policy()


# --- how seats spread: pure ------------------------------------------------------------------------------


heights = st.lists(st.integers(0, 300), min_size=1, max_size=25)


@given(seats=st.integers(0, 10_000), left=heights)
def test_seats_fill_the_lowest_counters_and_none_is_lost(seats: int, left: list[int]) -> None:
    """The sum is exact, and a counter that gets any ends at most one above every other."""
    before = dict(enumerate(left))
    shares = rules.spread(seats, before, len(left))
    assert sum(shares.values()) == seats
    assert all(share > 0 for share in shares.values())
    after = {counter: before[counter] + shares.get(counter, 0) for counter in before}
    if shares:
        assert max(after[counter] for counter in shares) - min(after.values()) <= 1


@given(steps=st.lists(st.integers(1, 2_000), min_size=1, max_size=8), counters=st.integers(1, 25))
def test_seats_added_in_several_steps_end_even(steps: list[int], counters: int) -> None:
    left: dict[int, int] = {}
    for seats in steps:
        for counter, share in rules.spread(seats, left, counters).items():
            left[counter] = left.get(counter, 0) + share
    ends = [left.get(counter, 0) for counter in range(counters)]
    assert sum(ends) == sum(steps)
    assert max(ends) - min(ends) <= 1


@pytest.mark.parametrize(("seats", "counters"), [(1, 1), (EDGE - 1, 1), (EDGE, 20), (5_000, 20)])
def test_one_counter_below_500_seats_else_20(seats: int, counters: int) -> None:
    assert EDGE == 500
    assert rules.counters_for(seats, one_below=EDGE, counters=LIMITS.seat_counters) == counters


# --- in the store ----------------------------------------------------------------------------------------


def test_a_policy_is_opened_once_and_keeps_what_was_stored(aws_moto: None) -> None:
    assert open_policy()
    open_seats(3)
    assert not open_policy()
    assert (policy().seats, service.seats_open(POLICY)) == (3, 3)


@pytest.mark.usefixtures("opened")
def test_added_seats_are_reserved_until_opened() -> None:
    go(reserve(3))
    assert (service.seats_reserved(POLICY), service.seats_open(POLICY)) == (3, 0)
    refused([service.take_seat_write(POLICY, 0)])
    go([service.take_reserved_seat_write(POLICY)])
    go(service.open_reserved_writes(policy(), 2))
    assert (service.seats_reserved(POLICY), service.seats_open(POLICY)) == (0, 2)
    refused([service.take_reserved_seat_write(POLICY)])


@pytest.mark.usefixtures("opened")
def test_the_same_grant_adds_once() -> None:
    go(reserve(3, "grant-1"))
    refused(reserve(3, "grant-1"))
    assert (service.seats_reserved(POLICY), policy().seats) == (3, 3)


@pytest.mark.usefixtures("opened")
def test_of_two_additions_made_on_the_same_reading_only_one_is_kept() -> None:
    """Guard: groups.service.reserve_seats_writes. Or the second would forget the first when it counts all
    seats, and with it how many counters they need."""
    first, second = reserve(EDGE - 100), reserve(200)
    go(first)
    refused(second)
    assert (policy().seats, policy().counters) == (EDGE - 100, 1)
    go(reserve(200))
    assert (policy().seats, policy().counters) == (EDGE + 100, LIMITS.seat_counters)


@pytest.mark.usefixtures("opened")
def test_seats_taken_meanwhile_are_not_opened_again() -> None:
    """Guard: groups.service.open_reserved_writes, its condition on how many are reserved."""
    go(reserve(3))
    writes = service.open_reserved_writes(policy(), 3)
    go([service.take_reserved_seat_write(POLICY)])
    refused(writes)
    assert (service.seats_reserved(POLICY), service.seats_open(POLICY)) == (2, 0)


@pytest.mark.usefixtures("opened")
def test_two_thousand_added_seats_lie_evenly_on_twenty_counters_and_newcomers_try_all_of_them() -> None:
    """Guard: groups.service.any_counter draws from the counters of the *stored* policy, whatever a page says
    of its seats."""
    open_seats(2_000)
    assert records.open_seats(POLICY) == dict.fromkeys(range(20), 100)
    stored = policy()
    tried = Counter(service.any_counter(stored) for _ in range(4_000))
    assert set(tried) == set(range(20))
    assert max(tried.values()) <= 0.15 * 4_000


@pytest.mark.usefixtures("opened")
def test_a_pool_that_grows_ends_with_even_counters() -> None:
    for added in (100, 300, 200, 1_400):
        open_seats(added)
    first, *others = [left for _, left in sorted(records.open_seats(POLICY).items())]
    assert first == 400  # what lay there stays there
    assert (sum(others), max(others) - min(others)) == (1_600, 1)
    open_seats(6_000)
    assert records.open_seats(POLICY) == dict.fromkeys(range(20), 400)


@pytest.mark.usefixtures("opened")
def test_after_a_refusal_the_draw_is_by_what_is_left() -> None:
    """Guard: groups.service.counter_with_seats weighs counters; the fullest does not get everybody."""
    open_seats(2_000)
    for counter in range(20):
        left = {3: 30, 7: 10}.get(counter, 0)
        SeatRow(POLICY, seat_part(counter)).update(actions=[SeatRow.left.set(left)])
    drawn = Counter(service.counter_with_seats(POLICY) for _ in range(400))
    assert set(drawn) == {3, 7}
    assert 0.6 < drawn[3] / 400 < 0.9


@pytest.mark.usefixtures("opened")
def test_no_seat_only_when_every_counter_is_empty() -> None:
    open_seats(EDGE)
    assert policy().counters == LIMITS.seat_counters
    taken = 0
    while (counter := service.counter_with_seats(POLICY)) is not None:
        go([service.take_seat_write(POLICY, counter)])
        taken += 1
    assert taken == EDGE
    assert set(records.open_seats(POLICY).values()) == {0}


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("stocked", [True, False])
def test_a_refusal_by_the_seat_alone_is_told_from_others(stocked: bool) -> None:
    if stocked:
        open_seats(1)
        go([service.take_seat_write(POLICY, 0)])
    assert service.only_seats_refused(refused([service.take_seat_write(POLICY, 0)]))
    grant = reserve(1, "grant-1")
    go(grant)
    assert not service.only_seats_refused(refused(grant))
    assert not service.only_seats_refused(refused([service.take_seat_write(POLICY, 0), *grant]))


@pytest.mark.parametrize("seats", [10, 520])
def test_people_racing_for_the_last_seats_get_exactly_those(served_store: None, seats: int) -> None:
    """Guard: the condition of groups.service._take. With 20 counters a taker tries those that have seats."""
    open_policy()
    open_seats(seats)
    if seats > 10:
        for counter, left in records.open_seats(POLICY).items():
            rest = 1 if counter < 10 else 0
            SeatRow(POLICY, seat_part(counter)).update(
                actions=[SeatRow.left.set(rest)], condition=SeatRow.left == left
            )
    takers, stored = 60, policy()
    gate = Barrier(takers)

    def take(_: int) -> bool:
        gate.wait()
        counter: int | None = service.any_counter(stored)
        while counter is not None:
            try:
                go([service.take_seat_write(POLICY, counter)])
                return True
            except WriteRefused:
                counter = service.counter_with_seats(POLICY)
        return False

    with ThreadPoolExecutor(takers) as pool:
        won = sum(pool.map(take, range(takers)))
    assert won == 10
    assert service.seats_open(POLICY) == 0
    assert GroupPolicyRow.get(POLICY, records.META).seats == seats
