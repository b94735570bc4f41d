"""Seats in a sponsor's prepaid group policy. A seat is never sold twice, under any concurrency.

Every taking is one condition: `left >= 1` on one counter, in the transaction of the join it serves. Added
seats are reserved for the people already waiting (`reserve_seats_writes`); what they leave over is opened
(`open_reserved_writes`), so nobody who comes later passes them.
"""

from __future__ import annotations

from chalicelib.access.model import Action, Thing
from chalicelib.access.rules import require
from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.groups import records, rules
from chalicelib.groups.model import GroupPolicy
from chalicelib.groups.records import META, RESERVED, GroupPolicyRow, SeatGrantRow, SeatRow, seat_part
from chalicelib.platform import ids
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, put, update
from chalicelib.platform.work import Work

policy = records.policy
grant_exists = records.grant_exists


def open_policy(work: Work, policy: GroupPolicy) -> bool:
    """Store a sponsor's policy, without seats. False if one of this id is there already: it stays as it is.

    Raises ForbiddenError; InvalidRequestError for a region nobody knows.
    """
    require(work.actor, Action.OPEN_POLICY, thing(work, policy))
    row = GroupPolicyRow(
        policy.id,
        META,
        name=policy.name,
        holder=policy.holder,
        region=policy.region,
        window_first=policy.window.first.isoformat(),
        window_last=policy.window.last.isoformat(),
        created_at=work.stamp,
    )
    subject = audit.policy(policy.id)
    facts = {"holder": policy.holder, "region": policy.region}
    work.add(
        put(row, GroupPolicyRow.id.does_not_exist()),
        audit.entry_writes(work, subject, "policy_opened", facts=facts, head=None),
    )
    try:
        work.commit()
    except WriteRefused:
        if records.policy(policy.id) is None:
            raise
        return False
    return True


def thing(work: Work, policy: GroupPolicy) -> Thing:
    """The policy as `may` sees it: in its region."""
    return Thing(regions=(catalog.of(work).region(policy.region).path,))


def any_counter(policy: GroupPolicy) -> int:
    """Where a newcomer tries first: as the stored policy spreads its seats, so that no key takes them all."""
    return ids.pick(policy.counters)


def counter_with_seats(policy_id: str) -> int | None:
    """After a refusal: one of the counters that have a seat, each as likely as its share of what is left.
    None only when all are at 0. One query."""
    left = {counter: seats for counter, seats in records.open_seats(policy_id).items() if seats > 0}
    if not left:
        return None
    drawn = ids.pick(sum(left.values()))
    for counter, seats in left.items():
        if drawn < seats:
            return counter
        drawn -= seats
    raise AssertionError("a draw below the sum falls on a counter")


def take_seat_write(policy_id: str, counter: int) -> Write:
    """Take one open seat from `counter`. Refused when that counter has none or does not exist."""
    return _take(SeatRow(policy_id, seat_part(counter)))


def take_reserved_seat_write(policy_id: str) -> Write:
    """Take one seat reserved for waiting people."""
    return _take(SeatRow(policy_id, RESERVED))


def _take(row: SeatRow) -> Write:
    # left absent  refused (comparison with a missing attribute is false)
    # left 0       refused
    # left >= 1    taken
    return update(row, [SeatRow.left.add(-1)], SeatRow.left >= 1)


def seats_open(policy_id: str) -> int:
    """Open seats now."""
    return sum(max(0, seats) for seats in records.open_seats(policy_id).values())


def seats_reserved(policy_id: str) -> int:
    """Seats reserved for people already waiting."""
    return records.reserved_seats(policy_id)


def only_seats_refused(refused: WriteRefused) -> bool:
    """Whether a transaction was refused by its seat and by nothing else."""
    known = [row for row in refused.rows if row.get("part", "").startswith("seats")]
    # A counter that was never opened has no row to show; it is refused alone or not at all.
    return refused.refusals == 1 and (len(known) == 1 or not refused.rows)


def reserve_seats_writes(work: Work, policy: GroupPolicy, seats: int, grant_id: str) -> list[Write]:
    """Add `seats`, reserved for waiting people until opened. Refused if `grant_id` was added before, or if
    others added seats since the policy was read."""
    grant = SeatGrantRow(
        policy.id, records.grant_part(grant_id), seats=seats, actor=work.actor.name, at=work.stamp
    )
    total = policy.seats + seats
    counters = max(
        policy.counters,
        rules.counters_for(total, one_below=LIMITS.seats_one_counter_below, counters=LIMITS.seat_counters),
    )
    meta = update(
        GroupPolicyRow(policy.id, META),
        [GroupPolicyRow.seats.set(total), GroupPolicyRow.counters.set(counters)],
        (GroupPolicyRow.seats == policy.seats) & (GroupPolicyRow.counters == policy.counters),
    )
    return [put(grant, SeatGrantRow.id.does_not_exist()), meta, _add(policy.id, RESERVED, seats)]


def open_reserved_writes(policy: GroupPolicy, reserved: int, leave: int = 0) -> list[Write]:
    """Open the `reserved` seats but for `leave`. Refused if their number changed since it was read."""
    moved = update(SeatRow(policy.id, RESERVED), [SeatRow.left.set(leave)], SeatRow.left == reserved)
    shares = rules.spread(reserved - leave, records.open_seats(policy.id), policy.counters)
    return [moved, *(_add(policy.id, seat_part(counter), share) for counter, share in shares.items())]


def _add(policy_id: str, part: str, seats: int) -> Write:
    # No condition: adding to a counter that is not there yet makes it, which is what is wanted.
    return update(SeatRow(policy_id, part), [SeatRow.left.add(seats)], None)
