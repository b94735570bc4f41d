"""How seats spread over counters. Pure."""

from __future__ import annotations


def counters_for(seats: int, *, one_below: int, counters: int) -> int:
    """One counter is exact and simple; from `one_below` seats on, a launch would queue on it."""
    return 1 if seats < one_below else counters


def spread(seats: int, counters: int) -> list[int]:
    """`seats` over `counters`, as even as can be; the sum is exact."""
    each, more = divmod(seats, counters)
    return [each + (counter < more) for counter in range(counters)]
