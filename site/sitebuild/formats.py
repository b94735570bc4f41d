"""How figures are written for people. Money in is int fen; nothing here rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chalicelib.catalog.insured import Insured
from chalicelib.catalog.terms import Product


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


def between(first: date, last: date) -> str:
    """ "2025年3月26日至6月30日": a year said twice is said once."""
    return f"{day(first)}至{_short(last) if first.year == last.year else day(last)}"


def step_days(first: date, last: date, within: tuple[date, date]) -> str:
    """The days of one step: without a year where all of `within`, said beside it, lies in one."""
    if within[0].year == within[1].year:
        return f"{_short(first)}至{_short(last)}"
    return between(first, last)


def _short(value: date) -> str:
    return f"{value.month}月{value.day}日"


def listed(names: Iterable[str]) -> str:
    return "、".join(names)


def per(product: Product) -> str:
    """What a fee is for, before the sum: "每人每年", "每人每份每年", "每人两年", "每个孩子每年"."""
    who = "每个孩子" if product.insured is Insured.CHILD else "每人"
    share = "每份" if product.units.most > 1 else ""
    return f"{who}{share}{_years(product.period_years, each=True)}"


def span(product: Product) -> str:
    """What a limit holds for: "一年", "两年", "每份一年" (limits are those of one share)."""
    share = "每份" if product.units.most > 1 else ""
    return f"{share}{_years(product.period_years, each=False)}"


def _years(years: int, *, each: bool) -> str:
    if years == 1:
        return "每年" if each else "一年"
    return "两年" if years == 2 else f"{years}年"


FILTERS = {"yuan": yuan, "big": big, "day": day, "listed": listed, "per": per, "span": span}
