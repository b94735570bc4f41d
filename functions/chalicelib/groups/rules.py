"""How seats spread over counters. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def counters_for(seats: int, *, one_below: int, counters: int) -> int:
    """One counter is exact and simple; from `one_below` seats on, a launch would queue on it."""
    return 1 if seats < one_below else counters


def spread(seats: int, left: Mapping[int, int], counters: int) -> dict[int, int]:
    """How many of `seats` to add to each of `counters`, so that they end as even as can be.

    `left`: what each counter holds now; one not in it holds nothing. The sum is exact.
    """
    added = dict.fromkeys(range(counters), 0)
    for level, more in _levels(sorted(left.get(counter, 0) for counter in added), seats):
        extra = more
        for counter in sorted(added, key=lambda each: (left.get(each, 0), each)):
            room = max(0, level - left.get(counter, 0))
            added[counter] = room
            if extra and left.get(counter, 0) <= level:
                added[counter] += 1
                extra -= 1
    return {counter: share for counter, share in added.items() if share}


def _levels(heights: list[int], seats: int) -> list[tuple[int, int]]:
    """(the level every lower counter is filled to, how many get one seat more): water poured over steps."""
    poured = 0
    for filled in range(1, len(heights) + 1):
        poured += heights[filled - 1]
        following = heights[filled] if filled < len(heights) else None
        level, more = divmod(poured + seats, filled)
        if following is None or level < following:
            return [(level, more)]
    return []
