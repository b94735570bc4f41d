"""How figures are written for people. Money in is int fen; nothing here rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def yuan(fen: int) -> str:
    """2500 -> "25", 4202950 -> "42,029.50"."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def big(fen: int) -> tuple[str, str]:
    """A sum to set big: 5,000,000 fen -> ("5", "万元"), 500,000 -> ("5,000", "元"). Exact, else in yuan."""
    per_ten_thousand = 1_000_000
    if fen >= per_ten_thousand and fen % (per_ten_thousand // 10) == 0:
        whole, rest = divmod(fen // (per_ten_thousand // 10), 10)
        return f"{whole:,}.{rest}" if rest else f"{whole:,}", "万元"
    return yuan(fen), "元"


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def listed(names: Iterable[str]) -> str:
    return "、".join(names)


FILTERS = {"yuan": yuan, "big": big, "day": day, "listed": listed}
