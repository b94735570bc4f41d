from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.kernel import TooManyError, UnavailableError
from chalicelib.platform import ids, limits
from chalicelib.platform.limits import TABLE, CounterRow, Limit
from chalicelib.platform.transaction import WriteRefused, commit, store_failure
from tests.faults import seam

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)  # 12:00 in Shanghai


def spend_until_refused(name: str, now: datetime, key: str = "k") -> int:
    spent = 0
    while True:
        try:
            limits.spend(name, key, now)
        except TooManyError:
            return spent
        spent += 1
        assert spent <= TABLE[name].most


def test_exactly_as_many_as_the_limit_says_pass_in_a_window(served_store: None) -> None:
    for name in ("codes_network_hour", "codes_office_minute", "office_checks_mobile_day"):
        assert spend_until_refused(name, NOON) == TABLE[name].most


def test_a_refusal_says_when_the_next_window_begins(served_store: None) -> None:
    now = NOON + timedelta(minutes=59, seconds=59)
    spend_until_refused("codes_network_hour", now)
    with pytest.raises(TooManyError) as refusal:
        limits.spend("codes_network_hour", "k", now)
    assert refusal.value.retry_after_seconds == 1
    assert "1秒后" in refusal.value.detail
    limits.spend("codes_network_hour", "k", now + timedelta(seconds=1))


def test_one_key_does_not_spend_anothers_limit(served_store: None) -> None:
    spend_until_refused("codes_network_hour", NOON, "a")
    limits.spend("codes_network_hour", "b", NOON)


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    day = TABLE["codes_office_day"]
    last = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    assert day.window(last) + 1 == day.window(last + timedelta(seconds=1))
    assert day.ends_at(last) == int(last.timestamp()) + 1


@pytest.mark.parametrize(("most", "shards"), [(120, 8), (7, 8), (1, 1), (20_000, 8), (121, 8)])
def test_the_shares_of_a_sharded_limit_sum_to_it(most: int, shards: int) -> None:
    limit = Limit(most, 60, shards)
    shares = [limit.share(shard) for shard in range(shards)]
    assert sum(shares) == most
    assert max(shares) - min(shares) <= 1


def test_counters_outlive_their_window_by_nothing_and_name_nobody(served_store: None) -> None:
    limits.spend("codes_network_hour", limits.network_key("203.0.113.7"), NOON)
    (row,) = CounterRow.scan()
    assert row.expires_at == int((NOON + timedelta(hours=1)).timestamp())
    assert "203.0.113" not in row.key


def test_a_transaction_that_fails_spends_nothing(served_store: None) -> None:
    free = limits.spend_write("codes_network_hour", "k", NOON)
    full = limits.spend_write("codes_network_hour", "full", NOON)
    spend_until_refused("codes_network_hour", NOON, "full")
    with pytest.raises(WriteRefused):
        commit([free, full], ids.new_id())
    assert spend_until_refused("codes_network_hour", NOON) == TABLE["codes_network_hour"].most


def test_a_full_shard_is_passed_over_until_all_are_full(served_store: None) -> None:
    limit = TABLE["codes_office_minute"]
    for _ in range(limit.most):
        shard = limits.shard_with_room("codes_office_minute", "all", NOON)
        commit([limits.spend_write("codes_office_minute", "all", NOON, shard)], ids.new_id())
    with pytest.raises(TooManyError):
        limits.shard_with_room("codes_office_minute", "all", NOON)


def test_forty_at_once_never_pass_a_limit_of_ten(served_store: None) -> None:
    barrier = Barrier(40)

    def one(_: int) -> bool:
        barrier.wait()
        try:
            limits.spend("codes_network_hour", "k", NOON)
        except TooManyError:
            return False
        return True

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(one, range(40))) == TABLE["codes_network_hour"].most


def test_a_store_that_cannot_count_refuses(served_store: None) -> None:
    with seam.faults(seam.always(seam.THROTTLED)), pytest.raises(UpdateError) as failure:
        limits.spend("codes_network_hour", "k", NOON)
    assert isinstance(store_failure(failure.value), UnavailableError)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.114.0", "203.0.114.0/24"),
        ("2001:db8:1:22ff::9", "2001:db8:1:2200::/56"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("", "unknown"),
        ("203.0.113.7, 198.51.100.1", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_24_or_an_ipv6_56(address: str, network: str) -> None:
    assert limits.network(address) == network


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1秒"), (60, "60秒"), (61, "2分钟"), (3600, "60分钟"), (3601, "2小时"), (86_400, "24小时")],
)
def test_a_wait_is_told_rounded_up(seconds: int, words: str) -> None:
    assert limits.in_words(seconds) == words
