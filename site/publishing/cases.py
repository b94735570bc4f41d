"""Case studies (案例): what other places did, in exact figures, and what our terms would have paid."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from chalicelib.benefits.model import Facts
from chalicelib.catalog.terms import Amount, Code, Noun, Text, Version
from chalicelib.kernel import Fen


class Unit(StrEnum):
    """人 and 人次 are different units: a person may be counted several times in the second.

    万人 and 亿元 are kept as a paper prints them: 125,000人 for 12.5万人 would claim what nobody counted.
    """

    PERSONS = "人"
    TEN_THOUSAND_PERSONS = "万人"
    PERSON_TIMES = "人次"
    TEN_THOUSAND_PERSON_TIMES = "万人次"
    ORGANISATIONS = "家"
    YUAN = "元"
    TEN_THOUSAND_YUAN = "万元"
    HUNDRED_MILLION_YUAN = "亿元"
    PERCENT = "%"
    DAYS = "天"
    SHEETS = "份"
    ITEMS = "个"
    TIMES = "次"
    KINDS = "种"


FEN_OF = {Unit.YUAN: 100, Unit.TEN_THOUSAND_YUAN: 1_000_000, Unit.HUNDRED_MILLION_YUAN: 10_000_000_000}


class Figure(Noun, frozen=True, kw_only=True):
    """One exact figure of a case, in the digits its source prints; a decimal is written quoted: `'42029.5'`.

    `about` is the qualifier the source prints (`多`, `余`), never guessed.
    """

    id: Code
    label: Text
    value: int | Decimal
    about: str = ""
    unit: Unit
    place: Text
    period: Text
    source: Text
    quote: str = ""
    note: str = ""

    @property
    def counted(self) -> str:
        """Unit and qualifier as people say them: 70余万元, but 4万余元."""
        inner = self.about and self.unit[0] in "万亿" and self.value % 10
        return f"{self.unit[0]}{self.about}{self.unit[1:]}" if inner else f"{self.about}{self.unit}"

    @property
    def fen(self) -> Fen | None:
        """A sum of money in fen, without its qualifier; None for what is no money."""
        return Fen(int(self.value * FEN_OF[self.unit])) if self.unit in FEN_OF else None

    def __add__(self, other: Figure) -> int | Decimal:
        if self.unit is not other.unit:
            raise TypeError(f"{self.unit} and {other.unit} are never added")
        return self.value + other.value


class Compares(StrEnum):
    """What a computed sum is to the published one."""

    EQUAL = "equal"
    DIFFERS = "differs"
    REACHES = "reaches"  # the facts are the smallest bill for which the terms would pay it


class Computation(Noun, frozen=True, kw_only=True):
    """A published payment beside `amount_fen`, what our terms pay for `facts` as POST /estimates takes them.

    `supposes` says what the facts add to what was published, `why` what the two sums are to one another.
    """

    product: Code
    version: Version
    facts: Facts
    amount_fen: Amount
    figure: Code  # the case's figure that was paid
    compares: Compares
    supposes: Text
    why: Text


class CaseStudy(Noun, frozen=True, kw_only=True):
    """A claim case (`claim-…`) has either `computed` or, in words, why not; any other has neither."""

    code: Code
    name: Text
    region: Code
    document: Text
    figures: Annotated[tuple[Figure, ...], Meta(min_length=1)]
    computed: Computation | None = None
    not_computed: str = ""

    @property
    def is_claim(self) -> bool:
        return self.code.startswith("claim-")

    def figure(self, figure_id: str) -> Figure:
        return next(each for each in self.figures if each.id == figure_id)
