"""Who may be calling, and what a mobile is here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.kernel import Actor, Masked


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mainland mobile: 11 ASCII digits, no country code."""

    number: Masked
    masked: str  # 138****1234
    reseller: bool  # in a range rented out by resellers, see `mobiles.RESELLER_RANGES`


@dataclass(frozen=True, slots=True)
class Pace:
    """How many codes one mobile may get."""

    per_minute: int
    per_hour: int
    per_day: int
    cool_off_seconds: int  # at least this long after a full hour's worth


@dataclass(frozen=True, slots=True)
class Member(Actor):
    """Whoever holds this mobile. A session proves a mobile, not a person (docs/decisions/0002).

    `key` is the mobile's oldest blind index: the same in every session of this mobile, also while index keys
    turn, so a retry after signing in again still finds its idempotency record.
    """

    session_key: str  # key of the session's row; not the cookie, which cannot be had from it
    mobile_indexes: list[str]  # under every index key of the time of sign-in, newest last
    mobile_masked: str
    open_mobile: Callable[[], Masked] = field(repr=False)

    @property
    def mobile(self) -> Masked:
        """The number itself. Opens a seal: raises UnavailableError while keys are out of reach."""
        return self.open_mobile()
