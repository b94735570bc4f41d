import pytest

from chalicelib.access import rules
from chalicelib.access.model import Pace

PACE = Pace(per_minute=1, per_hour=5, per_day=10, cool_off_seconds=1800)
NOON = 1_800_000_000
HOURLY = [NOON + 120 * n for n in range(5)]  # five codes in eight minutes


def wait(sent: list[int], now: int) -> int:
    return rules.wait_seconds(sent, now, PACE)


@pytest.mark.parametrize(("after", "expected"), [(0, 60), (59, 1), (60, 0)])
def test_the_second_code_waits_a_minute(after: int, expected: int) -> None:
    assert wait([NOON], NOON + after) == expected


@pytest.mark.parametrize(("after", "expected"), [(60, 3060), (3119, 1), (3120, 0)])
def test_the_sixth_code_waits_until_the_first_is_an_hour_old(after: int, expected: int) -> None:
    assert wait(HOURLY, HOURLY[-1] + after) == expected


@pytest.mark.parametrize(("after", "expected"), [(1799, 1), (1800, 0)])
def test_an_hour_used_up_slowly_still_cools_off_for_half_an_hour(after: int, expected: int) -> None:
    spread = [NOON + 840 * n for n in range(5)]  # the first is an hour old four minutes after the last
    assert wait(spread, spread[-1] + after) == expected


def test_five_codes_over_more_than_an_hour_start_no_cool_off() -> None:
    spread = [NOON + 900 * n for n in range(5)]
    assert wait(spread, spread[-1] + 60) == 0


@pytest.mark.parametrize(("after", "expected"), [(86_399, 1), (86_400, 0)])
def test_the_eleventh_code_waits_until_the_first_is_a_day_old(after: int, expected: int) -> None:
    spread = [NOON + 7200 * n for n in range(10)]
    assert wait(spread, NOON + after) == expected


def test_a_first_code_goes_at_once() -> None:
    assert wait([], NOON) == 0


def test_sends_older_than_a_day_are_dropped_and_no_more_than_a_day_of_them_kept() -> None:
    sent = [NOON - 86_400, *(NOON - 86_399 + n for n in range(12))]
    assert rules.still_counted(sent, NOON, PACE) == sent[-10:]


def test_a_session_ends_after_half_an_hour_idle_or_twelve_hours_whichever_is_first() -> None:
    idle, most = 1800, 12 * 3600
    end = NOON + most
    assert rules.session_ends(NOON, NOON, idle, most) == NOON + 1800
    assert rules.session_ends(NOON, end - 1801, idle, most) == end - 1
    assert rules.session_ends(NOON, end - 10, idle, most) == end
