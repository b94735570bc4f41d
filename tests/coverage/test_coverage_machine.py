"""The interval engine against a day-by-day diary, over 400 days that hold a 29 February."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.coverage.model import (
    Add,
    Correct,
    Cover,
    Endorsement,
    Grant,
    Remove,
    Renew,
    Source,
    Status,
    Substitute,
    TermsRef,
)
from chalicelib.coverage.rules import coverage
from chalicelib.kernel import DateInterval, DomainError
from tests.coverage.diary import Diary, month_after
from tests.coverage.office import cover_on

OPENING = date(2027, 12, 1)
CLOSING = OPENING + timedelta(days=399)  # 3 January 2029: a leap February and two year ends inside

PEOPLE = ["person-a", "person-b", "person-c"]
people = st.sampled_from(PEOPLE)
products = st.sampled_from(["accident", "hospital"])
lengths = st.sampled_from([1, 2, 28, 30, 31, 60, 200, 365, 366])
starts = st.sampled_from([1, 1, 1, 2, 30, 0, -1])  # days after today; the last two are never allowed
any_one = st.integers(0, 10_000)


class OfficeYear(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.today = OPENING.toordinal()
        self.diary = Diary()
        self.history: list[Endorsement] = []
        self.covers: tuple[Cover, ...] = ()
        self.shuffler = random.Random(4)

    # What the office does. Each rule tells the engine and the diary the same thing.

    @rule(person=people, product=products, start=starts, length=lengths)
    def add(self, person: str, product: str, start: int, length: int) -> None:
        first = self.today + start
        grant = self.grant(person, product, first, first + length - 1)
        self.tell(
            lambda head: Add(**head, grant=grant),
            lambda: self.diary.add(self.today, grant.certificate, person, product, squares(grant.period)),
        )

    @precondition(lambda self: self.diary.papers)
    @rule(one=any_one, days_on=st.sampled_from([0, 0, 1, 5, 40, -1]), from_the_end=st.booleans())
    def remove(self, one: int, days_on: int, from_the_end: bool) -> None:
        name = self.pick(one)
        ends = self.diary.days[name] if from_the_end else ()
        leave = max(ends, default=self.today) + days_on
        self.tell(
            lambda head: Remove(**head, certificate=name, last_day=date.fromordinal(leave)),
            lambda: self.diary.remove(self.today, name, leave),
        )

    @precondition(lambda self: self.recent())
    @rule(
        one=any_one,
        leaves=st.sampled_from(["today", "deadline", "deadline", "day after deadline", "last day"]),
        flaw=st.sampled_from([*[None] * 6, "claim", "claim", "same person", "hole", "double", "too long"]),
    )
    def substitute(self, one: int, leaves: str, flaw: str | None) -> None:
        recent = self.recent()
        name = recent[one % len(recent)]
        paper, days = self.diary.papers[name], self.diary.days[name]
        leave = {
            "today": self.today,
            "deadline": month_after(paper.paid),
            "day after deadline": month_after(paper.paid) + 1,
            "last day": max(days),
        }[leaves]
        joiner = PEOPLE[(PEOPLE.index(paper.person) + (flaw != "same person")) % len(PEOPLE)]
        first = max(leave + 1, min(days)) + {"hole": 1, "double": -1}.get(flaw or "", 0)
        last = max(first, max(days) + (flaw == "too long"))
        grant = self.grant(joiner, paper.product, first, last)
        self.tell(
            lambda head: Substitute(
                **head,
                certificate=name,
                last_day=date.fromordinal(leave),
                leaver_has_claim=flaw == "claim",
                grant=grant,
            ),
            lambda: self.diary.substitute(
                self.today, name, leave, flaw == "claim", grant.certificate, joiner, squares(grant.period)
            ),
        )

    @precondition(lambda self: any(self.diary.days.values()))
    @rule(
        one=any_one,
        linked=st.booleans(),
        first=st.sampled_from([0, 0, 0, 1, -1, 30]),
        last=st.sampled_from([0, 1, -1, -1, 30, -30, 200]),
    )
    def correct_days(self, one: int, linked: bool, first: int, last: int) -> None:
        name = self.pick(one, living=True)
        if linked:  # rather one that another certificate hangs on
            name = self.diary.papers[name].before or name
        if not self.diary.days[name]:
            return
        days = self.diary.days[name]
        new_first = min(days) + first
        period = interval(new_first, max(new_first, max(days) + last))
        self.tell(
            lambda head: Correct(**head, certificate=name, period=period),
            lambda: self.diary.correct(self.today, name, squares(period)),
        )

    @precondition(lambda self: self.diary.papers)
    @rule(one=any_one)
    def correct_person(self, one: int) -> None:
        name = self.pick(one)
        self.tell(lambda head: Correct(**head, certificate=name, person_fields=("name",)), lambda: True)

    @precondition(lambda self: any(self.diary.days.values()))
    @rule(
        one=any_one,
        length=lengths,
        late=st.sampled_from([None, None, None, -1, 0, 1, 29, 30, 31]),
        flaw=st.sampled_from([*[None] * 6, "hole", "double", "stranger"]),
    )
    def renew(self, one: int, length: int, late: int | None, flaw: str | None) -> None:
        """Today, or `late` days after the last day of cover if that is still to come."""
        name = self.pick(one, living=True)
        paper, days = self.diary.papers[name], self.diary.days[name]
        if late is not None:
            self.wait_until(max(days) + late)
        person = PEOPLE[(PEOPLE.index(paper.person) + (flaw == "stranger")) % len(PEOPLE)]
        first = max(self.today, *days) + 1 + {"hole": 1, "double": -1}.get(flaw or "", 0)
        grant = self.grant(person, paper.product, first, first + length - 1)
        self.tell(
            lambda head: Renew(**head, certificate=name, grant=grant),
            lambda: self.diary.renew(self.today, name, grant.certificate, person, squares(grant.period)),
        )

    # Time passes.

    @rule(days=st.sampled_from([1, 1, 7, 29, 31, 60]))
    def wait(self, days: int) -> None:
        self.wait_until(self.today + days)

    def wait_until(self, day: int) -> None:
        """Never back, never past the closing day."""
        self.today = min(max(self.today, day), CLOSING.toordinal())

    # What must be true after every step.

    @invariant()
    def engine_and_diary_agree_on_every_day(self) -> None:
        assert {
            cover.certificate: set() if cover.status is Status.WITHDRAWN else squares(cover.period)
            for cover in self.covers
        } == self.diary.days

    @invariant()
    def renewals_are_continuous_and_nothing_else_is(self) -> None:
        assert {c.certificate for c in self.covers if c.continuous} == {
            name for name, paper in self.diary.papers.items() if paper.renewal
        }

    def teardown(self) -> None:
        for day in range(OPENING.toordinal(), CLOSING.toordinal() + 1):
            there = {
                (*cover.holder, cover.certificate) for cover in cover_on(self.covers, date.fromordinal(day))
            }
            assert there == {
                (paper.person, paper.product, name)
                for name, paper in self.diary.papers.items()
                if day in self.diary.days[name]
            }

    # Helpers.

    def tell(
        self, endorsement: Callable[[dict[str, object]], Endorsement], diary: Callable[[], bool]
    ) -> None:
        new = endorsement({"sequence": len(self.history), "accepted_on": date.fromordinal(self.today)})
        history = [*self.history, new]
        told = history[:]
        self.shuffler.shuffle(told)
        try:
            after = coverage(told)
        except DomainError as refused:
            answer: DomainError | None = refused
        else:
            answer = None
        if answer is not None:
            assert answer.code.startswith("coverage.")
            assert not diary(), f"refused as {answer.code}, but the diary has room"
            return
        assert diary(), "accepted, but the diary has no room"
        self.history, self.covers = history, after

    def recent(self) -> list[str]:
        """Certificates that may still be substituted, or were so until yesterday; joiners' three times."""
        return [
            name
            for name, days in self.diary.days.items()
            if days and max(days) > self.today and month_after(self.diary.papers[name].paid) >= self.today - 1
            for _ in range(3 if self.diary.papers[name].before else 1)
        ]

    def pick(self, one: int, *, living: bool = False) -> str:
        names = [name for name, days in self.diary.days.items() if days or not living]
        return names[one % len(names)]

    def grant(self, person: str, product: str, first: int, last: int) -> Grant:
        return Grant(
            certificate=f"C{len(self.history)}",
            person_id=person,
            product=product,
            period=interval(first, last),
            source=Source("policy-1", "campaign-1"),
            terms=TermsRef("1", "0" * 64),
        )


def interval(first: int, last: int) -> DateInterval:
    return DateInterval(date.fromordinal(first), date.fromordinal(last))


def squares(period: DateInterval) -> set[int]:
    return set(range(period.first.toordinal(), period.last.toordinal() + 1))


TestOfficeYear = OfficeYear.TestCase
TestOfficeYear.settings = settings(max_examples=100, stateful_step_count=50)  # more in tests/proof
