"""Short words for endorsements, so that a test reads as what the office did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import count

from chalicelib.coverage.model import (
    Add,
    Correct,
    Cover,
    Endorsement,
    Grant,
    Remove,
    Renew,
    Source,
    State,
    Substitute,
    TermsRef,
)
from chalicelib.coverage.rules import coverage, state_on
from chalicelib.kernel import DateInterval, DomainError

_order = count(1)  # what a test says first was accepted first
TERMS = TermsRef("1", "0" * 64)


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(first: str, last: str) -> DateInterval:
    return DateInterval(day(first), day(last))


def cover_on(covers: Iterable[Cover], on: date) -> tuple[Cover, ...]:
    """What is in force that day."""
    return tuple(cover for cover in covers if state_on(cover, on) is State.IN_FORCE)


def grant(name: str, period: DateInterval, person: str = "li", product: str = "accident") -> Grant:
    return Grant(name, person, product, period, Source("policy-1"), TERMS)


def add(
    name: str, period: DateInterval, *, person: str = "li", product: str = "accident", on: str = ""
) -> Add:
    """Accepted `on` that day; unless told, on the eve of its first day."""
    accepted_on = day(on) if on else period.first - timedelta(days=1)
    return Add(sequence=next(_order), accepted_on=accepted_on, grant=grant(name, period, person, product))


def remove(name: str, last_day: str, *, on: str) -> Remove:
    return Remove(sequence=next(_order), accepted_on=day(on), certificate=name, last_day=day(last_day))


def substitute(name: str, last_day: str, joiner: Grant, *, on: str, claim: bool = False) -> Substitute:
    return Substitute(
        sequence=next(_order),
        accepted_on=day(on),
        certificate=name,
        last_day=day(last_day),
        leaver_has_claim=claim,
        grant=joiner,
    )


def correct(name: str, period: DateInterval | None, *, on: str, fields: tuple[str, ...] = ()) -> Correct:
    return Correct(
        sequence=next(_order), accepted_on=day(on), certificate=name, period=period, person_fields=fields
    )


def renew(name: str, new: Grant, *, on: str) -> Renew:
    return Renew(sequence=next(_order), accepted_on=day(on), certificate=name, grant=new)


def refusal_of(*endorsements: Endorsement) -> str:
    """The code the last endorsement is refused with; the ones before it must stand."""
    coverage(endorsements[:-1])
    return code_of(lambda: coverage(endorsements))


def code_of(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as error:
        return error.code
    return "accepted"
