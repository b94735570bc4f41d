"""A second, slower answer to "who is covered on which day": a square for every certificate and day.

Written from the rules of the field, not from the engine: no intervals, no statuses, only sets of day numbers
(`date.toordinal`). Each method says whether the office may do it, and does it if so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass
class Paper:
    person: str
    product: str
    paid: int  # first day that was paid for
    before: str | None  # the certificate this one takes over from
    renewal: bool
    open: bool = True  # False once the person left or was replaced
    replaced: bool = False


class Diary:
    def __init__(self) -> None:
        self.days: dict[str, set[int]] = {}
        self.papers: dict[str, Paper] = {}

    def add(self, today: int, name: str, person: str, product: str, days: set[int]) -> bool:
        return self._write(today, {name: days}, Paper(person, product, min(days), None, renewal=False))

    def remove(self, today: int, name: str, leave: int) -> bool:
        if not self._stands(name) or leave > max(self.days[name]):
            return False
        if not self._write(today, {name: self._until(name, leave)} | self._no_renewals(name)):
            return False
        self.papers[name].open = False
        return True

    def substitute(
        self, today: int, name: str, leave: int, claim: bool, new: str, joiner: str, days: set[int]
    ) -> bool:
        old = self.papers[name]
        rest = self.days[name] - self._until(name, leave)
        if not self._stands(name) or claim or joiner == old.person or leave > month_after(old.paid):
            return False
        if not rest or leave >= max(self.days[name]) or days != rest:
            return False
        changes = {name: self._until(name, leave), new: days} | self._no_renewals(name)
        if not self._write(today, changes, Paper(joiner, old.product, old.paid, name, renewal=False)):
            return False
        old.open, old.replaced = False, True
        return True

    def correct(self, today: int, name: str, days: set[int]) -> bool:
        paper, was = self.papers[name], self.days[name]
        if not was or paper.replaced or days == was:
            return False
        if paper.before and min(days) != min(was):
            return False
        if self._no_renewals(name) and max(days) != max(was):
            return False
        if not self._write(today, {name: days}):
            return False
        paper.open = True
        if not paper.before:
            paper.paid = min(days)
        return True

    def renew(self, today: int, name: str, new: str, person: str, days: set[int]) -> bool:
        old = self.papers[name]
        if not self._stands(name) or person != old.person or self._no_renewals(name):
            return False
        last = max(self.days[name])
        if today - last > 30 or min(days) != max(today, last) + 1:
            return False
        return self._write(today, {new: days}, Paper(person, old.product, min(days), name, renewal=True))

    def _stands(self, name: str) -> bool:
        return self.papers[name].open and bool(self.days[name])

    def _until(self, name: str, leave: int) -> set[int]:
        return {day for day in self.days[name] if day <= leave}

    def _no_renewals(self, name: str) -> dict[str, set[int]]:
        empty: dict[str, set[int]] = {}
        for other, paper in self.papers.items():
            if paper.renewal and paper.before == name and self.days[other]:
                empty |= {other: set()} | self._no_renewals(other)
        return empty

    def _write(self, today: int, changes: dict[str, set[int]], paper: Paper | None = None) -> bool:
        papers = dict(self.papers)
        if paper:
            (new,) = changes.keys() - papers.keys()
            papers[new] = paper
        for name, days in changes.items():
            if {d for d in days if d <= today} != {d for d in self.days.get(name, ()) if d <= today}:
                return False
        after = self.days | changes
        squares = [
            (papers[name].person, papers[name].product, day) for name, days in after.items() for day in days
        ]
        if len(squares) != len(set(squares)):
            return False
        self.papers, self.days = papers, after
        return True


def month_after(day: int) -> int:
    """The square with the same number in next month, else next month's last square. Found by walking."""
    start = date.fromordinal(day)
    walk = [date.fromordinal(day + step) for step in range(1, 63)]
    next_month = [one for one in walk if one.month == start.month % 12 + 1]
    return next((one for one in next_month if one.day == start.day), next_month[-1]).toordinal()
