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
from chalicelib.coverage.rules import cover_on, coverage
from chalicelib.kernel import DateInterval, DomainError
from tests.coverage.diary import Diary, month_after

OPENING = date(2027, 12, 1)
CLOSING = OPENING + timedelta(days=399)  # 3 January 2029: a leap February and two year ends inside

PEOPLE = ["person-a", "person-b", "person-c"]
people = st.sampled_from(PEOPLE)
products = st.sampled_from(["accident", "hospital"])
lengths = st.sampled_from([1, 2, 28, 30, 31, 60, 200, 365, 366])
starts = st.sampled_from([1, 1, 1, 2, 30, 0, -1])  # days after today; the last two are never allowed
near = st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1])
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
    @rule(one=any_one, days_on=st.sampled_from([0, 0, 1, 5, 40, -1]))
    def remove(self, one: int, days_on: int) -> None:
        name = self.pick(one)
        leave = self.today + days_on
        self.tell(
            lambda head: Remove(**head, certificate=name, last_day=date.fromordinal(leave)),
            lambda: self.diary.remove(self.today, name, leave),
        )

    @precondition(lambda self: any(self.diary.days.values()))
    @rule(
        one=any_one,
        others=st.sampled_from([1, 1, 2, 2, 0]),
        on_deadline=st.booleans(),
        step=near,
        claim=st.sampled_from([False] * 9 + [True]),
        slip=near,
    )
    def substitute(self, one: int, others: int, on_deadline: bool, step: int, claim: bool, slip: int) -> None:
        name = self.pick(one, living=True)
        paper, days = self.diary.papers[name], self.diary.days[name]
        joiner = PEOPLE[(PEOPLE.index(paper.person) + others) % len(PEOPLE)]
        leave = (month_after(paper.paid) if on_deadline else self.today) + step
        first, last = max(leave + 1, min(days)) + slip, max(days)
        grant = self.grant(joiner, paper.product, first, max(first, last))
        self.tell(
            lambda head: Substitute(
                **head,
                certificate=name,
                last_day=date.fromordinal(leave),
                leaver_has_claim=claim,
                grant=grant,
            ),
            lambda: self.diary.substitute(
                self.today, name, leave, claim, grant.certificate, joiner, squares(grant.period)
            ),
        )

    @precondition(lambda self: any(self.diary.days.values()))
    @rule(
        one=any_one,
        first=st.sampled_from([0, 0, 0, 1, -1, 30]),
        last=st.sampled_from([0, 1, -1, 30, -30, 200]),
    )
    def correct_days(self, one: int, first: int, last: int) -> None:
        name = self.pick(one, living=True)
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
    @rule(one=any_one, length=lengths, slip=near, stranger=st.sampled_from([None] * 6 + ["person-c"]))
    def renew(self, one: int, length: int, slip: int, stranger: str | None) -> None:
        name = self.pick(one, living=True)
        paper = self.diary.papers[name]
        first = max(self.today, *self.diary.days[name]) + 1 + slip
        grant = self.grant(stranger or paper.person, paper.product, first, first + length - 1)
        self.tell(
            lambda head: Renew(**head, certificate=name, grant=grant),
            lambda: self.diary.renew(
                self.today, name, grant.certificate, grant.person_id, squares(grant.period)
            ),
        )

    # Time passes.

    @rule(days=st.sampled_from([1, 1, 7, 29, 31, 60]))
    def wait(self, days: int) -> None:
        self.today = min(self.today + days, CLOSING.toordinal())

    @precondition(lambda self: any(self.diary.days.values()))
    @rule(one=any_one, late=st.sampled_from([-1, 0, 1, 29, 30, 31]))
    def wait_for_the_end_of(self, one: int, late: int) -> None:
        ends = max(self.diary.days[self.pick(one, living=True)]) + late
        self.today = min(max(self.today, ends), CLOSING.toordinal())

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
TestOfficeYear.settings = settings(max_examples=200, stateful_step_count=50)
