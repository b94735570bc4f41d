"""The covers known so far, and the two laws every change to them obeys.

1. *The past is settled.* No endorsement changes who is covered on the day it is accepted or on any day
   before: nothing is back-dated, and no cover already given can be taken away.
2. *No double cover.* One person has at most one cover of one product on any day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chalicelib.coverage.model import Cover, Status
from chalicelib.coverage.refusals import refusal
from chalicelib.kernel import DateInterval, ShanghaiDate


class Ledger:
    """Lives for one run of the engine. Indexed by holder and predecessor: a roster of thousands is quick."""

    def __init__(self) -> None:
        self._covers: dict[str, Cover] = {}
        self._of_holder: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._followers: dict[str, list[str]] = defaultdict(list)

    def __iter__(self) -> Iterator[Cover]:
        return iter(self._covers.values())

    def find(self, certificate: str) -> Cover:
        if certificate not in self._covers:
            raise refusal("coverage.unknown_certificate")
        return self._covers[certificate]

    def standing(self, certificate: str) -> Cover:
        """The cover, if nobody has left it or taken it over."""
        cover = self.find(certificate)
        if cover.status is not Status.STANDING:
            raise refusal("coverage.not_standing")
        return cover

    def must_be_new(self, certificate: str) -> None:
        if certificate in self._covers:
            raise refusal("coverage.certificate_taken")

    def renewals(self, cover: Cover) -> list[Cover]:
        """The covers that carry this one on, next first, without those withdrawn."""
        chain = []
        for certificate in self._followers[cover.certificate]:
            follower = self._covers[certificate]
            if follower.continuous and follower.status is not Status.WITHDRAWN:
                chain += [follower, *self.renewals(follower)]
        return chain

    def write(self, changed: Sequence[Cover], accepted_on: ShanghaiDate) -> None:
        """Take all of `changed` or raise and take none."""
        for cover in changed:
            if _settled(self._covers.get(cover.certificate), accepted_on) != _settled(cover, accepted_on):
                raise refusal("coverage.past_is_settled")
        after = {cover.certificate: cover for cover in changed}
        for cover in changed:
            others = self._of_holder[cover.holder] - {cover.certificate}
            if any(_clash(cover, after.get(other, self._covers[other])) for other in others):
                raise refusal("coverage.double_cover")
        for cover in changed:
            if cover.certificate not in self._covers:
                self._of_holder[cover.holder].add(cover.certificate)
                if cover.follows is not None:
                    self._followers[cover.follows].append(cover.certificate)
            self._covers[cover.certificate] = cover


def _settled(cover: Cover | None, day: ShanghaiDate) -> DateInterval | None:
    """The days of `cover` up to and including `day`."""
    if cover is None or cover.status is Status.WITHDRAWN or cover.period.first > day:
        return None
    return DateInterval(cover.period.first, min(cover.period.last, day))


def _clash(one: Cover, other: Cover) -> bool:
    return Status.WITHDRAWN not in (one.status, other.status) and one.period.overlaps(other.period)
