"""Seats added later, and the people who waited for them.

Added seats are kept apart until everybody who was waiting has been asked, in order; only what is left over is
opened to newcomers. Every step is one conditional transaction, so the command, the minute schedule and a
second operator may all run at once: each person moves once, each seat is given once.
"""

from __future__ import annotations

from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign, SponsorPolicy
from chalicelib.coverage import service as coverage
from chalicelib.enrollment import records
from chalicelib.enrollment.records import WaitingRow
from chalicelib.enrollment.service import seat_of, told
from chalicelib.groups import service as groups
from chalicelib.identity import people
from chalicelib.kernel import InvalidRequestError, ShanghaiDate
from chalicelib.notify import service as notify
from chalicelib.platform import ids, log
from chalicelib.platform.transaction import Write, WriteRefused, commit

_PAGE = 25


def add_seats(campaign_code: str, seats: int, *, grant_id: str, actor: str, today: ShanghaiDate) -> int:
    """Add `seats` to a campaign's policy and promote who waits. Returns how many were promoted.

    Repeating a `grant_id` adds nothing more. Raises InvalidRequestError for no such campaign, a campaign
    without a sponsor's policy, or fewer than one seat.
    """
    campaign = catalog.catalogue().campaign(campaign_code)
    policy = campaign.sponsor_policy
    if policy is None or seats < 1:
        raise InvalidRequestError("enrollments.seats", "名额至少加1个，且活动要有预缴保单。请核对后重试。")
    if not groups.policy_exists(policy.id):
        _open_policy(campaign, policy, actor)
    subject = audit.policy(policy.id)
    facts: dict[str, audit.Fact] = {"campaign": campaign.code, "seats": seats, "grant": grant_id}
    try:
        commit(
            [
                *groups.keep_seats_writes(policy.id, seats, grant_id, actor),
                *audit.entry_writes(
                    subject, "seats_added", actor=actor, facts=facts, head=audit.read_head(subject)
                ),
            ],
            ids.new_id(),
        )
    except WriteRefused:
        if not groups.grant_exists(policy.id, grant_id):
            raise
    return promote(campaign, today)


def promote_everywhere(today: ShanghaiDate) -> int:
    """Promote who waits in every campaign with seats. The schedule calls this each minute."""
    campaigns = [each for each in catalog.catalogue().campaigns if each.sponsor_policy is not None]
    return sum(promote(campaign, today) for campaign in campaigns)


def promote(campaign: Campaign, today: ShanghaiDate) -> int:
    """Give seats to the people waiting, in order, from 00:00 tomorrow; then open what is left over."""
    policy_id = policy_of(campaign)
    promoted, moved = 0, True
    while moved and (waiting := records.first_waiting(policy_id, _PAGE)):
        moved = False  # a page nobody moves on is left to the next run, never tried for ever
        for row in waiting:
            seat = _seat_write(policy_id)
            if seat is None:
                return _told(campaign, promoted)
            if _promote_one(campaign, row, seat, today):
                promoted, moved = promoted + 1, True
            else:
                moved = _drop_if_covered(row, campaign, today) or moved
    if not waiting:
        _open_kept(campaign, policy_id)
    return _told(campaign, promoted)


def policy_of(campaign: Campaign) -> str:
    """Raises InvalidRequestError for a campaign without a sponsor's policy."""
    if campaign.sponsor_policy is None:
        raise InvalidRequestError(
            "enrollments.no_policy", "这个活动没有预缴保单，不能加名额。请核对活动编号。"
        )
    return campaign.sponsor_policy.id


def _open_kept(campaign: Campaign, policy_id: str) -> None:
    kept = groups.seats_kept(policy_id)
    if not kept:
        return
    try:
        commit(groups.open_kept_writes(policy_id, kept), ids.new_id())
    except WriteRefused:  # seats were added or taken meanwhile: the next run opens them
        log.info("kept_seats_changed", campaign=campaign.code)


def _drop_if_covered(row: WaitingRow, campaign: Campaign, today: ShanghaiDate) -> bool:
    """Somebody who got cover elsewhere while waiting needs no seat: take them off the list."""
    waits = any(
        each.ticket == records.ticket_of(row) and each.policy_id == row.policy_id
        for each in coverage.held_of(row.person_id, today)
    )
    if waits:
        return False
    try:
        commit([records.leave_write(row)], ids.new_id())
    except WriteRefused:  # already moved by another run
        return True
    log.info("left_waiting_list", campaign=campaign.code)
    return True


def _told(campaign: Campaign, promoted: int) -> int:
    if promoted:
        log.info("promoted", campaign=campaign.code, count=promoted)
    return promoted


def _open_policy(campaign: Campaign, policy: SponsorPolicy, actor: str) -> None:
    subject = audit.policy(policy.id)
    facts = {"campaign": campaign.code}
    writes = [
        *groups.policy_writes(policy.id, policy.holder, policy.name, campaign.code),
        *audit.entry_writes(subject, "policy_opened", actor=actor, facts=facts, head=None),
    ]
    try:
        commit(writes, ids.new_id())
    except WriteRefused:  # another operator opened it in the same moment
        if not groups.policy_exists(policy.id):
            raise


def _seat_write(policy_id: str) -> Write | None:
    if groups.seats_kept(policy_id):
        return groups.take_kept_seat_write(policy_id)
    counters = groups.counters_with_seats(policy_id)
    return groups.take_seat_write(policy_id, counters[0]) if counters else None


def _promote_one(campaign: Campaign, row: WaitingRow, seat_write: Write, today: ShanghaiDate) -> bool:
    """Whether this run promoted the person; if not, something else changed first."""
    catalogue = catalog.catalogue()
    day = min(max(today, campaign.window.first), campaign.window.last)  # seats may come after the last day
    seat = seat_of(campaign, catalogue.region(row.district), day)
    person, ticket = people.read(row.person_id), records.ticket_of(row)
    issued = [
        coverage.promote(
            row.person_id, person.name_masked, catalogue.product(code, today), seat, today, ticket
        )
        for code in campaign.products
    ]
    subject = audit.person(row.person_id)
    facts: dict[str, audit.Fact] = {"campaign": campaign.code, "policy": row.policy_id, "ticket": ticket}
    entry = audit.entry_writes(
        subject, "promoted", actor="schedule", facts=facts, head=audit.read_head(subject)
    )
    message = notify.sms_writes(
        "promoted",
        people.reveal(person, "mobile"),
        told(issued[0], seat),
        recipient=row.person_id,
        dedup_id=f"promoted-{issued[0].number}",
    )
    covers = [write for each in issued for write in each.writes]
    try:
        commit([seat_write, *records.promoted_writes(row), *covers, *message, *entry], ids.new_id())
    except WriteRefused:
        return False
    return True
