"""What the benefit arithmetic answers, and the one place where it rounds.

Every printed step is whole fen and the next step starts from it, so that anybody can follow it with a pocket
calculator. A percentage is rounded half up to a fen (四舍五入到分), once, after its parts are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from chalicelib.catalog.terms import Amount, Code, Days, Noun, Text
from chalicelib.kernel import Fen, ShanghaiDate


def rounded(parts: Iterable[tuple[int, int]]) -> int:
    """Fen of (fen, percent) parts added up, rounded half up once. All parts are >= 0."""
    return (sum(fen * percent for fen, percent in parts) + 50) // 100


class Why(StrEnum):
    """What took money away, in the order in which they are applied."""

    OUTSIDE_COVER = "outside_cover"
    CAUSE = "cause"  # the benefit is not for accidents, or not for diseases
    EXCLUSION = "exclusion"
    WAITING_PERIOD = "waiting_period"
    MAX_DAYS = "max_days"
    REDUCED_BENEFIT_PERIOD = "reduced_benefit_period"
    ALREADY_PAID = "already_paid"
    NOT_WITH = "not_with"
    ANNUAL_LIMIT = "annual_limit"
    PERIOD_LIMIT = "period_limit"


class Deduction(Noun, frozen=True, kw_only=True):
    """`clause` is None where the terms' data names none. Zero fen: a further reason for the same refusal."""

    why: Why
    clause: Code | None
    amount_fen: Amount
    text: Text


class AssessedBenefit(Noun, frozen=True, kw_only=True):
    """`amount_fen` is `before_fen` less every deduction. The two counts go into the next EarlierPayment."""

    benefit: Code
    clause: Code
    name: Text
    text: Text
    before_fen: Amount
    deductions: tuple[Deduction, ...]
    amount_fen: Amount
    paid_days: Days = 0
    counted_cost_fen: Annotated[Fen, Meta(ge=0)] = Fen(0)


class Assessment(Noun, frozen=True, kw_only=True):
    lines: tuple[AssessedBenefit, ...]
    total_fen: Amount


class Running:
    """One benefit's money while deductions are taken from it."""

    def __init__(self, before_fen: int) -> None:
        self.left = before_fen
        self.deductions: list[Deduction] = []

    def refuse(self, why: Why, clause: Code | None, text: str) -> None:
        """Take everything; told even when nothing is left to take."""
        self.deductions.append(Deduction(why=why, clause=clause, amount_fen=Fen(self.left), text=text))
        self.left = 0

    def take(self, why: Why, clause: Code | None, fen: int, text: str) -> None:
        """Take up to `fen`; not told when that is nothing."""
        taken = min(fen, self.left)
        if taken > 0:
            self.deductions.append(Deduction(why=why, clause=clause, amount_fen=Fen(taken), text=text))
            self.left -= taken

    def keep(self, why: Why, clause: Code | None, most: int, text: str) -> None:
        """Take whatever is above `most`."""
        self.take(why, clause, self.left - max(0, most), text)


def yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}元" if rest else f"{whole:,}元"


def day(on: ShanghaiDate) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
