"""One line a measurement: what, ours, the line, the ratio or value, its budget, and whether it is held."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`value` is judged against `budget`, the most or the least it may be; without one the row only tells.
    `unit` follows both."""

    what: str
    ours: str
    line: str = ""
    value: float | None = None
    budget: float | None = None
    unit: str = "×"
    least: bool = False

    @property
    def verdict(self) -> str:
        if self.budget is None or self.value is None:
            return ""
        if self.least:
            return "ok" if self.value >= self.budget else "UNDER"
        return "ok" if self.value <= self.budget else "OVER"


def ratio(what: str, ours: float, line: float, budget: float | None, unit: str) -> Row:
    """`ours` and `line` in `unit`; judged by how many times the line ours is."""
    return Row(what, f"{ours:,.1f} {unit}", f"{line:,.1f} {unit}", ours / line, budget)


def count(what: str, ours: float, budget: float | None, unit: str = "", line: str = "") -> Row:
    text = f"{ours:,.0f} {unit}".rstrip()
    return Row(what, text, line, ours, budget, f" {unit}".rstrip())


def score(what: str, ours: float, budget: float, told: str = "", line: str = "") -> Row:
    """A score out of one, judged by the least it may be."""
    return Row(what, told or f"{ours:.2f}", line, ours, budget, "", least=True)


def show(title: str, rows: list[Row], line: str = "the line") -> str:
    """The rows as a table with a title and aligned columns; `line` heads the third."""
    cells = [("what", "ours", line, "value", "budget", "")]
    for row in rows:
        value = "" if row.value is None else _number(row.value, row.unit, row.least)
        sign = "≥ " if row.least else "≤ "
        budget = "" if row.budget is None else sign + _number(row.budget, row.unit, row.least)
        cells.append((row.what, row.ours, row.line, value, budget, row.verdict))
    widths = [max(_width(row[column]) for row in cells) for column in range(6)]
    lines = [title, ""]
    for number, cell in enumerate(cells):
        padded = [text + " " * (width - _width(text)) for text, width in zip(cell, widths, strict=True)]
        lines.append("  " + "  ".join(padded).rstrip())
        if number == 0:
            lines.append("  " + "  ".join("─" * width for width in widths).rstrip())
    return "\n".join(lines)


def _number(value: float, unit: str, fine: bool) -> str:
    return f"{value:.2f}{unit}" if fine or unit == "×" else f"{value:,.0f}{unit}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
