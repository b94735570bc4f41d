"""Seats added later, and the people who waited for them.

Added seats are kept apart until everybody who was waiting has been asked, in order; only what is left over is
opened to newcomers. Every step is one conditional transaction, so the command, the minute schedule and a
second operator may all run at once: each person moves once, each seat is given once.
"""

from __future__ import annotations

from enum import Enum

from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign, SponsorPolicy
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service as coverage
from chalicelib.enrollment import records
from chalicelib.enrollment.records import WaitingRow
from chalicelib.enrollment.service import seat_of, told
from chalicelib.groups import service as groups
from chalicelib.kernel import InvalidRequestError, ShanghaiDate, UnavailableError, completed_years
from chalicelib.notify import service as notify
from chalicelib.people import service as people
from chalicelib.people.rules import read_id_number
from chalicelib.platform import ids, log
from chalicelib.platform.transaction import Write, WriteRefused, commit


class Outcome(Enum):
    PROMOTED = "promoted"
    ENDED = "ended"  # their age no longer fits: off the list, no seat used
    REFUSED = "refused"  # something else changed first, and nothing was written


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
    promoted = 0
    for campaign in catalog.catalogue().campaigns:
        if campaign.sponsor_policy is not None:
            promoted += promote(campaign, today)
    return promoted


def promote(campaign: Campaign, today: ShanghaiDate) -> int:
    """Give seats to the people waiting, in order, from 00:00 tomorrow; then open what is left over.

    One person who cannot be served stops nobody behind: they keep their place and a seat is kept for them.
    Raises UnavailableError while the store or the keys are out of reach.
    """
    policy_id = policy_of(campaign)
    promoted = stuck = 0
    for row in records.waiting(policy_id):
        seat = _seat_write(policy_id)
        if seat is None:
            return _told(campaign, promoted)
        try:
            outcome = _serve(campaign, row, seat, today)
            promoted += outcome is Outcome.PROMOTED
            if outcome is Outcome.REFUSED and not _drop_if_covered(row, campaign, today):
                stuck += 1
        except UnavailableError:
            raise
        except Exception as error:  # told by type and place; the next minute tries again
            log.failure("promotion_failed", error, campaign=campaign.code)
            stuck += 1
    _open_kept(campaign, policy_id, stuck)
    return _told(campaign, promoted)


def policy_of(campaign: Campaign) -> str:
    """Raises InvalidRequestError for a campaign without a sponsor's policy."""
    if campaign.sponsor_policy is None:
        raise InvalidRequestError(
            "enrollments.no_policy", "这个活动没有预缴保单，不能加名额。请核对活动编号。"
        )
    return campaign.sponsor_policy.id


def _open_kept(campaign: Campaign, policy_id: str, stuck: int) -> None:
    kept = groups.seats_kept(policy_id)
    if kept <= stuck:
        return
    try:
        commit(groups.open_kept_writes(policy_id, kept, leave=stuck), ids.new_id())
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


def _serve(campaign: Campaign, row: WaitingRow, seat_write: Write, today: ShanghaiDate) -> Outcome:
    """Promote one person, or end their waiting.

    They get the terms they agreed to, not those of today: nobody is covered by a text they never saw. Age
    counts on the first day of cover (P13), which waiting may have moved past a birthday.
    """
    catalogue = catalog.catalogue()
    products = [catalogue.product_version(*each.split("@")) for each in row.agreed]
    person = people.read(row.person_id)
    birthday = read_id_number(people.reveal(person, "id_number").reveal(), today).birthday
    age = completed_years(birthday, coverage.effective_day(today))
    outgrown = next((product for product in products if age not in product.ages), None)
    if outgrown is not None:
        return _end_waiting(campaign, row, person, products, outgrown)
    day = min(max(today, campaign.window.first), campaign.window.last)  # seats may come after the last day
    seat = seat_of(campaign, products, catalogue.region(row.district), day)
    ticket = records.ticket_of(row)
    issued = [
        coverage.promote(row.person_id, person.name_masked, product, seat, today, ticket)
        for product in products
    ]
    message = notify.sms_writes(
        "promoted",
        people.reveal(person, "mobile"),
        told(issued[0], seat),
        recipient=row.person_id,
        dedup_id=f"promoted-{issued[0].number}",
    )
    covers = [write for each in issued for write in each.writes]
    entry = _entry_writes(campaign, row, "promoted")
    writes = [seat_write, *records.promoted_writes(row), *covers, *message, *entry]
    return Outcome.PROMOTED if _commits(writes) else Outcome.REFUSED


def _end_waiting(
    campaign: Campaign, row: WaitingRow, person: people.PersonRow, products: list[Product], outgrown: Product
) -> Outcome:
    """Too old, or not old enough, on the day cover would begin: off the list, told, no seat used."""
    ticket = records.ticket_of(row)
    message = notify.sms_writes(
        "waiting_ended",
        people.reveal(person, "mobile"),
        {
            "product": outgrown.name,
            "first": str(outgrown.ages.first),
            "last": str(outgrown.ages.last),
        },
        recipient=row.person_id,
        dedup_id=f"waiting-ended-{row.policy_id}-{ticket}",
    )
    heads = [
        write
        for product in products
        for write in coverage.leave_list_writes(row.person_id, product.code, row.policy_id, ticket)
    ]
    entry = _entry_writes(campaign, row, "waiting_ended")
    writes = [records.leave_write(row), *heads, *message, *entry]
    return Outcome.ENDED if _commits(writes) else Outcome.REFUSED


def _entry_writes(campaign: Campaign, row: WaitingRow, action: str) -> list[Write]:
    subject = audit.person(row.person_id)
    facts: dict[str, audit.Fact] = {
        "campaign": campaign.code,
        "policy": row.policy_id,
        "ticket": records.ticket_of(row),
        "terms": ",".join(row.agreed),
    }
    return audit.entry_writes(subject, action, actor="schedule", facts=facts, head=audit.read_head(subject))


def _commits(writes: list[Write]) -> bool:
    try:
        commit(writes, ids.new_id())
    except WriteRefused:
        return False
    return True
