"""The nouns of groups: a sponsor's policy as it is stored, whatever a page says of it."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.kernel import DateInterval


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """A sponsor's prepaid policy. A campaign only names it by id: the days on which its seats are given out,
    who holds it, how many seats there are and over how many counters they lie are all stored here.

    `seats` counts every seat ever added; what is left of them lies in the counters.
    """

    id: str
    name: str
    holder: str
    region: str
    window: DateInterval
    seats: int = 0
    counters: int = 1
