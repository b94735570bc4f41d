"""Progress boards (进展通报): where places stand against their targets, and what is awarded for it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.catalog.terms import Amount, Code, Noun, Source, Text
from chalicelib.kernel import ShanghaiDate


class Standing(Noun, frozen=True, kw_only=True):
    """People (人) covered in one place by the board's day, and the year's target. Never person-times."""

    place: Text
    people: Annotated[int, Meta(ge=0)]
    target_people: Annotated[int, Meta(ge=1)]
    claims_paid: Annotated[int, Meta(ge=0)]
    average_days: Annotated[int, Meta(ge=0)] | None = None  # working days, application to account

    @property
    def percent(self) -> int:
        """Whole percent of the target, rounded down: a target is reached when it is reached."""
        return self.people * 100 // self.target_people


class Award(Noun, frozen=True, kw_only=True):
    """Office funds for the place that comes `rank`-th."""

    rank: Annotated[int, Meta(ge=1)]
    amount_fen: Amount


class Board(Noun, frozen=True, kw_only=True):
    """`source` is of the standings, `awards_source` of the awards. Ranked by percent, then by people."""

    code: Code
    first: ShanghaiDate
    last: ShanghaiDate
    standings: Annotated[tuple[Standing, ...], Meta(min_length=1)]
    source: Source
    awards: tuple[Award, ...] = ()
    awards_source: Source | None = None

    @property
    def ranked(self) -> tuple[Standing, ...]:
        return tuple(sorted(self.standings, key=lambda each: (-each.percent, -each.people, each.place)))

    def award_of(self, rank: int) -> Award | None:
        return next((each for each in self.awards if each.rank == rank), None)

    @property
    def awards_fen(self) -> int:
        return sum(each.amount_fen for each in self.awards)
