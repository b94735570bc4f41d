"""Seats added later, and the people who waited for them.

Added seats are reserved until everybody who was waiting has been asked, in order; only what is left over is
opened to newcomers. Every step is one conditional transaction, so the command, the minute schedule and a
second operator may all run at once: each person moves once, each seat is given once.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from chalicelib.access.model import Action
from chalicelib.access.rules import require
from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service as coverage
from chalicelib.coverage.model import Issued, Seat
from chalicelib.enrollment import records
from chalicelib.enrollment.records import WaitingRow
from chalicelib.enrollment.service import seats
from chalicelib.groups import service as groups
from chalicelib.groups.model import GroupPolicy
from chalicelib.kernel import InvalidRequestError, Masked, UnavailableError, completed_years
from chalicelib.notify import service as notify
from chalicelib.people import service as people
from chalicelib.people.rules import read_id_number
from chalicelib.platform import log
from chalicelib.platform.transaction import Write, WriteRefused
from chalicelib.platform.work import Work, retry


class Outcome(Enum):
    PROMOTED = "promoted"
    ENDED = "ended"  # their age no longer fits, or they are covered by now: off the list, no seat used
    REFUSED = "refused"  # something else changed first, and nothing was written


def add_seats(work: Work, campaign_code: str, added: int, *, grant_id: str) -> int:
    """Add seats to a campaign's policy and promote who waits. Returns how many were promoted.

    Repeating a `grant_id` adds nothing more. Raises ForbiddenError; InvalidRequestError for no such campaign,
    a campaign without a stored policy, or fewer than one seat.
    """
    campaign = catalog.of(work).campaign(campaign_code)
    policy = policy_of(campaign)
    require(work.actor, Action.ADD_SEATS, groups.thing(work, policy))
    if added < 1:
        raise InvalidRequestError("enrollments.seats", "名额至少加1个。请核对后重试。")

    def one_round() -> None:
        standing = policy_of(campaign)
        subject = audit.policy(policy.id)
        facts: dict[str, audit.Fact] = {"campaign": campaign.code, "seats": added, "grant": grant_id}
        if groups.grant_exists(policy.id, grant_id):
            return
        work.add(
            groups.reserve_seats_writes(work, standing, added, grant_id),
            audit.entry_writes(work, subject, "seats_added", facts=facts, head=audit.read_head(subject)),
        )
        work.commit()

    retry(work, one_round)
    return promote(work, campaign)


def promote_everywhere(work: Work) -> int:
    """Promote who waits in every campaign with seats. The schedule calls this each minute."""
    promoted = 0
    for campaign in catalog.of(work).campaigns:
        if campaign.sponsor_policy is not None and groups.policy(campaign.sponsor_policy) is not None:
            promoted += promote(work, campaign)
    return promoted


def promote(work: Work, campaign: Campaign) -> int:
    """Give seats to the people waiting, in order, from 00:00 tomorrow; then open what is left over.

    One person who cannot be served stops nobody behind: they keep their place and a seat is reserved for
    them. Raises ForbiddenError; UnavailableError while the store or the keys are out of reach.
    """
    policy = policy_of(campaign)
    require(work.actor, Action.PROMOTE_WAITING, groups.thing(work, policy))
    promoted = stuck = 0
    for row in records.waiting(policy.id):
        seat_write = _seat_write(policy.id)
        if seat_write is None:
            return _logged(campaign, promoted)
        try:
            outcome = _serve(work.for_another(), campaign, policy, row, seat_write)
            promoted += outcome is Outcome.PROMOTED
            stuck += outcome is Outcome.REFUSED
        except UnavailableError:
            raise
        except Exception as error:  # logged by type and place; the next minute tries again
            log.failure("promotion_failed", error, campaign=campaign.code)
            stuck += 1
    _open_reserved(work, campaign, policy, stuck)
    return _logged(campaign, promoted)


def policy_of(campaign: Campaign) -> GroupPolicy:
    """The stored policy whose seats a campaign gives out. Raises InvalidRequestError if there is none."""
    policy = groups.policy(campaign.sponsor_policy) if campaign.sponsor_policy else None
    if policy is None:
        raise InvalidRequestError(
            "enrollments.no_policy", "这个活动没有已开立的预缴保单，不能加名额。请先开立保单，再加名额。"
        )
    return policy


def _open_reserved(work: Work, campaign: Campaign, policy: GroupPolicy, stuck: int) -> None:
    reserved = groups.seats_reserved(policy.id)
    if reserved <= stuck:
        return
    standing = policy_of(campaign)  # its counters may have grown since
    work.add(groups.open_reserved_writes(standing, reserved, leave=stuck))
    if not _commits(work):  # seats were added or taken meanwhile: the next run opens them
        log.info("reserved_seats_changed", campaign=campaign.code)


def _logged(campaign: Campaign, promoted: int) -> int:
    if promoted:
        log.info("promoted", campaign=campaign.code, count=promoted)
    return promoted


def _seat_write(policy_id: str) -> Write | None:
    if groups.seats_reserved(policy_id):
        return groups.take_reserved_seat_write(policy_id)
    counter = groups.counter_with_seats(policy_id)
    return None if counter is None else groups.take_seat_write(policy_id, counter)


def _serve(
    work: Work, campaign: Campaign, policy: GroupPolicy, row: WaitingRow, seat_write: Write
) -> Outcome:
    """Promote one person, or end their waiting.

    They get the terms they agreed to, not those of today: nobody is covered by a text they never saw. A
    product they got elsewhere while waiting is left out. Age counts on the first day of cover (P13), which
    waiting may have moved past a birthday.
    """
    catalogue, ticket = catalog.of(work), records.ticket_of(row)
    products = [catalogue.product_version(*each.split("@")) for each in row.agreed]
    waits_for = {
        each.product
        for each in coverage.covers_of(work, row.person_id)
        if each.ticket == ticket and each.policy_id == row.id
    }
    wanted = [each for each in products if each.code in waits_for]
    if not wanted:
        work.add(records.leave_write(row))
        return Outcome.ENDED if _commits(work) else Outcome.REFUSED
    person = people.read(row.person_id)
    birthday = read_id_number(person.open("id_number").reveal(), work.today).birthday
    age = completed_years(birthday, coverage.effective_day(work.today))
    outgrown = [each for each in wanted if age not in each.ages]
    if outgrown:
        return _end_waiting(work, campaign, row, person.open("mobile"), wanted, outgrown)
    day = min(max(work.today, campaign.window.first), campaign.window.last)  # seats may come after it
    funding = seats.funding_of(campaign, products, catalogue.region(row.district), day)
    seat = Seat(policy.id, campaign.code, policy.holder)
    issued: list[Issued] = []
    for product in wanted:
        one, writes = coverage.promote(
            work, row.person_id, person.name_masked, product, seat, funding[product.code], ticket
        )
        issued.append(one)
        work.add(writes)
    work.add(
        seat_write,
        records.promoted_writes(row),
        notify.sms_writes(
            work,
            "promoted",
            person.open("mobile"),
            seats.message_params(issued, funding, policy.holder),
            recipient=row.person_id,
            dedup_id=f"promoted-{issued[0].number}",
        ),
        _entry_writes(work, campaign, row, "promoted"),
    )
    return Outcome.PROMOTED if _commits(work) else Outcome.REFUSED


def _end_waiting(
    work: Work,
    campaign: Campaign,
    row: WaitingRow,
    mobile: Masked,
    products: Sequence[Product],
    outgrown: Sequence[Product],
) -> Outcome:
    """Too old, or not old enough, on the day cover would begin: off the list, told, no seat used."""
    ticket = records.ticket_of(row)
    for product in products:
        work.add(coverage.leave_list_writes(row.person_id, product.code, row.id, ticket))
    work.add(
        records.leave_write(row),
        notify.sms_writes(
            work,
            "waiting_ended",
            mobile,
            {
                "product": seats.in_words(each.name for each in outgrown),
                "first": str(max(each.ages.first for each in outgrown)),
                "last": str(min(each.ages.last for each in outgrown)),
            },
            recipient=row.person_id,
            dedup_id=f"waiting-ended-{row.id}-{ticket}",
        ),
        _entry_writes(work, campaign, row, "waiting_ended"),
    )
    return Outcome.ENDED if _commits(work) else Outcome.REFUSED


def _entry_writes(work: Work, campaign: Campaign, row: WaitingRow, action: str) -> list[Write]:
    subject = audit.person(row.person_id)
    facts: dict[str, audit.Fact] = {
        "campaign": campaign.code,
        "policy": row.id,
        "ticket": records.ticket_of(row),
        "terms": ",".join(row.agreed),
    }
    return audit.entry_writes(work, subject, action, facts=facts, head=audit.read_head(subject))


def _commits(work: Work) -> bool:
    try:
        work.commit()
    except WriteRefused:
        return False
    return True
