"""Who may be calling, what a mobile is here, and what one may do.

Everybody at work is an actor (`kernel`): a Visitor, a Member, the Handler of one unit, a member of Staff, or
the System itself. What each may do to a thing is answered by `access.rules.may` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

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

    name: str = "self"
    session_key: str = ""  # key of the session's row; not the cookie, which cannot be had from it
    mobile_indexes: tuple[str, ...] = ()  # under every index key of the time of sign-in, newest last
    mobile_masked: str = ""
    open_mobile: Callable[[], Masked] | None = field(default=None, repr=False)

    @property
    def mobile(self) -> Masked:
        """The number itself. Opens a seal: raises UnavailableError while keys are out of reach."""
        assert self.open_mobile is not None
        return self.open_mobile()


@dataclass(frozen=True, slots=True)
class Handler(Actor):
    """A member who acts for one unit (经办人)."""

    unit_id: str = ""


class Role(StrEnum):
    """What a member of staff is there for."""

    UNDERWRITER = "underwriter"  # 承保
    FINANCE = "finance"  # 财务
    CLERK = "clerk"  # 经办
    ADMINISTRATOR = "administrator"  # 管理员: people and keys, not cases


@dataclass(frozen=True, slots=True)
class Staff(Actor):
    """A member of staff, with the region they work for; an empty region is the whole office.

    `key` and `name` are `staff#<id>`: the log names nobody. `ends_at`: epoch second of the session's end.
    """

    roles: frozenset[Role] = frozenset()
    region: str = ""
    staff_id: str = ""
    ends_at: int = 0


class Action(StrEnum):
    """What may be asked of the house. One line each in `access.rules.GRANTS`."""

    JOIN = "join"
    OPEN_POLICY = "open_policy"
    ADD_SEATS = "add_seats"
    PROMOTE_WAITING = "promote_waiting"
    RESEND_MESSAGE = "resend_message"
    READ_SUGGESTIONS = "read_suggestions"
    MANAGE_STAFF = "manage_staff"
    READ_OFFICE_CHECKS = "read_office_checks"
    TURN_KEYS = "turn_keys"
    VERIFY_AUDIT = "verify_audit"
    REDRIVE_UPLOADS = "redrive_uploads"
    READ_ROSTER = "read_roster"
    READ_UNIT_DOCUMENT = "read_unit_document"
    READ_CLAIM_PHOTO = "read_claim_photo"
    READ_BANK_FILE = "read_bank_file"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may take an action. Staff need one of `roles`, and the thing must lie in their region. `owners` are
    members, on what is their own."""

    members: bool = False
    owners: bool = False
    handlers: bool = False
    system: bool = False
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """What an action is taken on, as far as permission goes.

    `regions`: for each region it belongs to, its own code and all its ancestors'. `unit_id` or `member` (an
    actor's key): whose it is.
    """

    regions: tuple[tuple[str, ...], ...] = ()
    unit_id: str = ""
    member: str = ""


ANYTHING = Thing()  # an action on nothing in particular: the whole office
