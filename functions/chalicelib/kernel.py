"""The words every room shares: money, days, intervals, masked text, who is at work and the error tree.

Pure standard library; imports nothing of ours. Money is an int of fen (1 yuan = 100 fen). A day is a
calendar day in Asia/Shanghai; an instant is a timezone-aware UTC datetime.

The error tree, and the HTTP status each branch answers with (mapped once, in `platform.http`)::

    DomainError
    ├── InvalidRequestError   400  the request cannot be understood or breaks a stated limit
    ├── NotSignedInError      401  no session, or it ended
    ├── ForbiddenError        403  known, but not allowed; a consent is missing
    ├── NotFoundError         404  unknown, or not yours: the same bytes either way
    ├── ConflictError         409  the stored state does not allow it; somebody was first
    ├── UnprocessableError    422  same Idempotency-Key, other body
    ├── TooManyError          429  a limit of platform.settings; carries `retry_after_seconds`
    └── UnavailableError      503  a store, key or provider is down; carries `retry_after_seconds`
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import NewType, final

Fen = NewType("Fen", int)
ShanghaiDate = date

# Asia/Shanghai has had no daylight saving since 1991, so a fixed offset is exact for every day we store
# and needs no time-zone files in Lambda.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def shanghai_day(instant: datetime) -> ShanghaiDate:
    """The Shanghai calendar day of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be timezone-aware")
    return instant.astimezone(SHANGHAI).date()


def years_later(day: ShanghaiDate, years: int) -> ShanghaiDate:
    """The same day `years` on; 29 February becomes 1 March in a common year (as birthdays do, P13)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def completed_years(birthday: ShanghaiDate, on: ShanghaiDate) -> int:
    """Completed years of age on `on`. A 29 February birthday turns on 1 March (P13)."""
    years = on.year - birthday.year
    return years if on >= years_later(birthday, years) else years - 1


@dataclass(frozen=True, order=True, slots=True)
class DateInterval:
    """Days from `first` to `last`, both inclusive: cover runs 00:00 of `first` to 24:00 of `last`."""

    first: ShanghaiDate
    last: ShanghaiDate

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("an interval ends before it begins")

    def __contains__(self, day: ShanghaiDate) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def overlaps(self, other: DateInterval) -> bool:
        return self.first <= other.last and other.first <= self.last


@final
class Masked:
    """Personal data that refuses to become text by accident.

    `str()`, `repr()`, formatting and pickling give a mask or raise; `.reveal()` is the one way out and is
    easy to search for. Equality is by value so that rules may compare.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Masked(…)"

    def __str__(self) -> str:
        raise TypeError("personal data must not be formatted; call reveal() where it may leave")

    def __format__(self, spec: str) -> str:
        return str(self)

    def __reduce__(self) -> str:
        raise TypeError("personal data must not be pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Masked, self._text))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at work. `access.model` refines it: Member, Handler, Staff.

    `key` is stable and opaque: it scopes idempotency keys and is never shown. `name` is what the audit log
    calls the actor; it names nobody.
    """

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Visitor(Actor):
    """Anybody, not signed in; only where the request came from is known."""

    key: str = "public"
    name: str = "visitor"
    source_ip: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class System(Actor):
    """A schedule or a queue's worker: nobody asked, the house acts by itself."""

    key: str = "system"
    name: str = "schedule"


@dataclass(eq=False)
class DomainError(Exception):
    """A rule said no. `code` is stable (`domain.what`); `detail` is the Chinese sentence the person reads:
    what happened and what to do next. Neither may hold personal data: both reach logs and screens.
    `fields` maps a request field to its own sentence, for errors shown beside the field."""

    code: str
    detail: str
    fields: dict[str, str] = field(default_factory=dict)
    status = 500

    def __str__(self) -> str:
        return self.code


class InvalidRequestError(DomainError):
    status = 400


class NotSignedInError(DomainError):
    status = 401


class ForbiddenError(DomainError):
    status = 403


class NotFoundError(DomainError):
    status = 404


class ConflictError(DomainError):
    status = 409


class UnprocessableError(DomainError):
    status = 422


@dataclass(eq=False)
class TooManyError(DomainError):
    retry_after_seconds: int = 60
    status = 429


@dataclass(eq=False)
class UnavailableError(DomainError):
    retry_after_seconds: int = 2
    status = 503
