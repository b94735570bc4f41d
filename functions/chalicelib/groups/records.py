"""Rows of the groups table: a sponsor's policy and its seats.

policy_id   part                  row
P           meta                  the policy itself
P           seats#00 … seats#19   open seats, one counter below 500 seats, else 20
P           seats_kept            seats added and kept for people already waiting
P           seat_grant#<id>       one addition of seats, so that repeating it adds nothing
"""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.platform.tables import Table

KEPT = "seats_kept"


def seat_part(counter: int) -> str:
    return f"seats#{counter:02}"


class BySponsor(GlobalSecondaryIndex["GroupPolicyRow"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_sponsor"
        projection = AllProjection()

    sponsor = UnicodeAttribute(hash_key=True)
    policy_id = UnicodeAttribute(range_key=True)


class GroupPolicyRow(Table):
    class Meta:
        name = "groups"

    policy_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True, default="meta")
    sponsor = UnicodeAttribute()
    sponsor_name = UnicodeAttribute()
    campaign = UnicodeAttribute()
    created_at = UnicodeAttribute()
    by_sponsor = BySponsor()


class SeatRow(Table):
    class Meta:
        name = "groups"

    policy_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    left = NumberAttribute()


class SeatGrantRow(Table):
    class Meta:
        name = "groups"

    policy_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    seats = NumberAttribute()
    actor = UnicodeAttribute()
    at = UnicodeAttribute()


def open_seats(policy_id: str) -> dict[int, int]:
    """Seats left by counter, read consistently. One query."""
    rows: Iterable[SeatRow] = SeatRow.query(
        policy_id, SeatRow.part.startswith("seats#"), consistent_read=True
    )
    return {int(row.part.removeprefix("seats#")): int(row.left) for row in rows}


def kept_seats(policy_id: str) -> int:
    """Seats kept for people who were waiting when they were added."""
    try:
        return int(SeatRow.get(policy_id, KEPT, consistent_read=True).left)
    except SeatRow.DoesNotExist:
        return 0
