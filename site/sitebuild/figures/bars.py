"""Charts drawn when the site is built: bars of one unit, each beside its own words, so that the picture adds
nothing a reader of the words would miss.

Geometry only; `theme/charts.html` draws it. Coordinates are in a box 100 wide that stretches with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | Decimal


@dataclass(frozen=True)
class Bar:
    """`width` is a percent of the longest; `mark` a second value on the same scale (a target), or None."""

    label: str
    shown: str
    width: float
    mark: float | None = None


def bars(
    rows: Sequence[tuple[str, str, Number]], marks: Sequence[Number | None] | None = None
) -> tuple[Bar, ...]:
    """Bars from zero, so that lengths compare as the numbers do. (label, words shown, value) each.

    Raises ValueError for a negative value, or when there is nothing to draw.
    """
    marked = list(marks) if marks is not None else [None] * len(rows)
    values = [value for _, _, value in rows]
    longest = max([*values, *(each for each in marked if each is not None)], default=0)
    if longest <= 0 or min(values) < 0:
        raise ValueError("bars need values from zero, and one above it")
    return tuple(
        Bar(label, shown, _share(value, longest), None if mark is None else _share(mark, longest))
        for (label, shown, value), mark in zip(rows, marked, strict=True)
    )


def _share(value: Number, longest: Number) -> float:
    return round(float(100 * value / longest), 2)
