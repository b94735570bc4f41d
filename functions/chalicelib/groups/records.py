"""Rows of the groups table: a sponsor's policy and its seats. `enrollment` adds the waiting list.

id   part                  row
P    meta                  the policy itself
P    seats#00 … seats#19   open seats, over as many counters as the policy says
P    seats_reserved        seats added and reserved for people already waiting
P    seat_grant#<id>       one addition of seats, so that repeating it adds nothing
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.groups.model import GroupPolicy
from chalicelib.kernel import DateInterval
from chalicelib.platform.rows import GroupsRow

META, RESERVED = "meta", "seats_reserved"
_SEATS = "seats#"


def seat_part(counter: int) -> str:
    return f"{_SEATS}{counter:02}"


def grant_part(grant_id: str) -> str:
    return f"seat_grant#{grant_id}"


class GroupPolicyRow(GroupsRow):
    name = UnicodeAttribute()
    holder = UnicodeAttribute()
    region = UnicodeAttribute()
    window_first = UnicodeAttribute()
    window_last = UnicodeAttribute()
    seats = NumberAttribute(default=0)
    counters = NumberAttribute(default=1)
    created_at = UnicodeAttribute()

    def as_policy(self) -> GroupPolicy:
        return GroupPolicy(
            id=self.id,
            name=self.name,
            holder=self.holder,
            region=self.region,
            window=DateInterval(date.fromisoformat(self.window_first), date.fromisoformat(self.window_last)),
            seats=int(self.seats),
            counters=int(self.counters),
        )


class SeatRow(GroupsRow):
    left = NumberAttribute()


class SeatGrantRow(GroupsRow):
    seats = NumberAttribute()
    actor = UnicodeAttribute()
    at = UnicodeAttribute()


def policy(policy_id: str) -> GroupPolicy | None:
    """One consistent read."""
    try:
        return GroupPolicyRow.get(policy_id, META, consistent_read=True).as_policy()
    except GroupPolicyRow.DoesNotExist:
        return None


def open_seats(policy_id: str) -> dict[int, int]:
    """Seats left by counter, read consistently. One query."""
    rows: Iterable[SeatRow] = SeatRow.query(policy_id, SeatRow.part.startswith(_SEATS), consistent_read=True)
    return {int(row.part.removeprefix(_SEATS)): int(row.left) for row in rows}


def reserved_seats(policy_id: str) -> int:
    """Seats reserved for people who were waiting when they were added."""
    try:
        return int(SeatRow.get(policy_id, RESERVED, consistent_read=True).left)
    except SeatRow.DoesNotExist:
        return 0


def grant_exists(policy_id: str, grant_id: str) -> bool:
    try:
        SeatGrantRow.get(policy_id, grant_part(grant_id), consistent_read=True)
    except SeatGrantRow.DoesNotExist:
        return False
    return True
