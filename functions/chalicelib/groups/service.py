"""Seats in a sponsor's prepaid group policy. A seat is never sold twice, under any concurrency.

Every taking is one condition: `left >= 1` on one counter, in the transaction of the join it serves. Added
seats are kept for the people already waiting (`keep_seats_writes`); what they leave over is opened
(`open_kept_writes`), so nobody who comes later passes them.
"""

from __future__ import annotations

from chalicelib.groups import records, rules
from chalicelib.groups.records import KEPT, GroupPolicyRow, SeatGrantRow, SeatRow, seat_part
from chalicelib.platform import clock
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, put, update


def counters_for(seats: int) -> int:
    """How many counters a pool of `seats` has."""
    return rules.counters_for(seats, one_below=LIMITS.seats_one_counter_below, counters=LIMITS.seat_counters)


def take_seat_write(policy_id: str, counter: int) -> Write:
    """Take one open seat from `counter`. Refused when that counter has none or does not exist."""
    return _take(SeatRow(policy_id, seat_part(counter)))


def take_kept_seat_write(policy_id: str) -> Write:
    """Take one seat kept for waiting people."""
    return _take(SeatRow(policy_id, KEPT))


def _take(row: SeatRow) -> Write:
    # left absent  refused (comparison with a missing attribute is false)
    # left 0       refused
    # left >= 1    taken
    return update(row, [SeatRow.left.add(-1)], SeatRow.left >= 1)


def counters_with_seats(policy_id: str) -> list[int]:
    """Counters that have an open seat now, fullest first; empty only when all are at 0. One query."""
    left = records.open_seats(policy_id)
    return sorted((counter for counter, seats in left.items() if seats > 0), key=lambda c: -left[c])


def seats_open(policy_id: str) -> int:
    """Open seats now."""
    return sum(records.open_seats(policy_id).values())


def seats_kept(policy_id: str) -> int:
    """Seats kept for people already waiting."""
    return records.kept_seats(policy_id)


def policy_writes(policy_id: str, sponsor: str, sponsor_name: str, campaign: str) -> list[Write]:
    """The sponsor's policy for a campaign, made once."""
    row = GroupPolicyRow(
        policy_id,
        sponsor=sponsor,
        sponsor_name=sponsor_name,
        campaign=campaign,
        created_at=clock.stamp(clock.now()),
    )
    return [put(row, GroupPolicyRow.policy_id.does_not_exist())]


def policy_exists(policy_id: str) -> bool:
    try:
        GroupPolicyRow.get(policy_id, "meta", consistent_read=True)
    except GroupPolicyRow.DoesNotExist:
        return False
    return True


def only_seats_refused(refused: WriteRefused) -> bool:
    """Whether a transaction was refused by its seat and by nothing else."""
    known = [row for row in refused.rows if row.get("part", "").startswith("seats")]
    # A counter that was never opened has no row to show; it is refused alone or not at all.
    return refused.refusals == 1 and (len(known) == 1 or not refused.rows)


def grant_exists(policy_id: str, grant_id: str) -> bool:
    try:
        SeatGrantRow.get(policy_id, f"seat_grant#{grant_id}", consistent_read=True)
    except SeatGrantRow.DoesNotExist:
        return False
    return True


def keep_seats_writes(policy_id: str, seats: int, grant_id: str, actor: str) -> list[Write]:
    """Add `seats`, kept for waiting people until opened. Refused if `grant_id` was added before."""
    grant = SeatGrantRow(
        policy_id,
        f"seat_grant#{grant_id}",
        seats=seats,
        actor=actor,
        at=clock.stamp(clock.now()),
    )
    return [put(grant, SeatGrantRow.policy_id.does_not_exist()), _add(policy_id, KEPT, seats)]


def open_kept_writes(policy_id: str, kept: int, leave: int = 0) -> list[Write]:
    """Open the `kept` seats but for `leave`. Refused if their number changed since it was read."""
    seats = kept - leave
    moved = update(SeatRow(policy_id, KEPT), [SeatRow.left.set(leave)], SeatRow.left == kept)
    counters = counters_for(seats + seats_open(policy_id))
    opened = [
        _add(policy_id, seat_part(counter), share)
        for counter, share in enumerate(rules.spread(seats, counters))
        if share
    ]
    return [moved, *opened]


def _add(policy_id: str, part: str, seats: int) -> Write:
    # No condition: adding to a counter that is not there yet makes it, which is what is wanted.
    return update(SeatRow(policy_id, part), [SeatRow.left.add(seats)], None)
