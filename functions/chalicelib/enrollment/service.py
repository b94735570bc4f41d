"""Joining, and getting a seat later.

Nobody is "covered" before cover exists. One transaction takes the seat and writes the person, the cover, the
consents, the message and the audit entry, or none of them:

    seat taken ──► in force from 00:00 tomorrow, certificate
    no seat    ──► waiting list, 「尚未生效」, promoted in order when seats are added

Whatever refuses the transaction, the next round reads what stands now and decides again; a repeat under the
same Idempotency-Key finds its record and gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.access.model import Member
from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.model import Region
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service as coverage
from chalicelib.coverage.service import Held, Issued, Seat
from chalicelib.enrollment import answers, checks, consents, office_checks, records
from chalicelib.enrollment.model import Application, Waiting
from chalicelib.groups import service as groups
from chalicelib.kernel import Masked, ShanghaiDate
from chalicelib.notify import service as notify
from chalicelib.people import service as people
from chalicelib.people.service import Standing
from chalicelib.platform import aws, ids
from chalicelib.platform.http import Answer
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.transaction import Write, WriteRefused, commit
from chalicelib.pricing import rules as pricing

_ROUNDS = 4  # a refusal teaches one new fact each round: a seat, a lock, a head; four is more than there are


@dataclass(frozen=True, slots=True)
class Joiner:
    """An application that passed every check that needs no store."""

    member: Member
    application: Application
    campaign: Campaign
    products: tuple[Product, ...]
    facts: checks.Facts
    seat: Seat
    today: ShanghaiDate


def join(member: Member, application: Application, attempt: Attempt, today: ShanghaiDate) -> Answer:
    """Join a prepaid campaign. 201 the first time, 200 for somebody already covered or waiting.

    Raises InvalidRequestError (fields), ForbiddenError (a consent or acknowledgement is missing),
    ConflictError (`enrollments.needs_office_check`, `needs_unit`), TooManyError, UnavailableError.
    """
    joiner = _read(member, application, today)
    for _ in range(_ROUNDS):
        found = people.find(joiner.facts.id_number, member.mobile_indexes)
        if found.standing is not Standing.NEW:
            again = attempt.earlier(answers.JoinAnswer)
            if again is not None:
                return again
        if found.standing is Standing.OFFICE_CHECK:
            raise office_checks.leave(member, application, joiner.facts, attempt)
        if found.person_id is not None:
            standing = _standing(joiner, found.person_id)
            if standing is not None:
                return Answer(200, answers.standing(standing, joiner.facts.name_masked))
        answer = _enter(joiner, found.person_id, attempt)
        if answer is not None:
            return answer
    raise aws.busy()


def seat_of(campaign: Campaign, products: Sequence[Product], region: Region, today: ShanghaiDate) -> Seat:
    """What a seat of this campaign is, and who pays for it today."""
    shares = pricing.quote(products, campaign, 1, region, today).shares
    policy = campaign.sponsor_policy
    assert policy is not None  # checks.read refuses a campaign without one
    return Seat(policy.id, campaign.code, policy.holder, shares)


def told(issued: Issued, seat: Seat) -> dict[str, str | Masked]:
    """The words of the message about a new certificate."""
    payer = next((share.label for share in seat.funding if share.fee_fen), seat.sponsor)
    return {
        "product": issued.product_name,
        "from": issued.period.first.isoformat(),
        "to": issued.period.last.isoformat(),
        "certificate": issued.number,
        "payer": payer,
    }


def _read(member: Member, application: Application, today: ShanghaiDate) -> Joiner:
    catalogue = catalog.catalogue()
    campaign, products, facts = checks.read(catalogue, application, today)
    consents.refuse_incomplete(catalogue, products, application, today)
    seat = seat_of(campaign, products, catalogue.region(application.district), today)
    return Joiner(member, application, campaign, products, facts, seat, today)


def _standing(joiner: Joiner, person_id: str) -> Held | None:
    """What already answers this application: cover on its first day, or a place on this campaign's list."""
    first = coverage.effective_day(joiner.today)
    codes = {product.code for product in joiner.products}
    held = [each for each in coverage.held_of(person_id, joiner.today) if each.product in codes]
    covered = next((each for each in held if each.reaches(first)), None)
    waits = (each for each in held if each.ticket and each.policy_id == joiner.seat.policy_id)
    return covered or next(waits, None)


def _enter(joiner: Joiner, known: str | None, attempt: Attempt) -> Answer | None:
    """One round: a seat if there is one, else a place on the list. None: something changed, look again."""
    person_id = known or ids.new_id()
    common = _common_writes(joiner, person_id, known)
    head = audit.read_head(audit.person(person_id)) if known else None
    counter: int | None = ids.pick(groups.counters_for(joiner.campaign.seats))
    while counter is not None:
        try:
            return _take_seat(joiner, person_id, counter, common, head, attempt)
        except WriteRefused as refused:
            if not groups.only_seats_refused(refused):
                return None
        counter = next(iter(groups.counters_with_seats(joiner.seat.policy_id)), None)
    try:
        return _wait(joiner, person_id, common, head, attempt)
    except WriteRefused:
        return None


def _take_seat(
    joiner: Joiner,
    person_id: str,
    counter: int,
    common: list[Write],
    head: audit.Head | None,
    attempt: Attempt,
) -> Answer:
    issued = [
        coverage.enter(person_id, joiner.facts.name_masked, product, joiner.seat, joiner.today)
        for product in joiner.products
    ]
    answer = answers.in_force(issued[0], joiner.facts.name_masked)
    message = notify.sms_writes(
        "joined",
        joiner.member.mobile,
        told(issued[0], joiner.seat),
        recipient=person_id,
        dedup_id=f"joined-{issued[0].number}",
    )
    commit(
        [
            attempt.record(201, answer),
            groups.take_seat_write(joiner.seat.policy_id, counter),
            *common,
            *(write for each in issued for write in each.writes),
            *message,
            *_audit_writes(joiner, person_id, "joined", head),
        ],
        ids.new_id(),
    )
    return Answer(201, answer)


def _wait(
    joiner: Joiner, person_id: str, common: list[Write], head: audit.Head | None, attempt: Attempt
) -> Answer:
    policy_id = joiner.seat.policy_id
    ticket = records.next_ticket(policy_id)
    answer = answers.waiting(ticket, joiner.facts.name_masked)
    message = notify.sms_writes(
        "waiting",
        joiner.member.mobile,
        {"product": joiner.products[0].name, "number": str(ticket)},
        recipient=person_id,
        dedup_id=f"waiting-{policy_id}-{ticket}",
    )
    heads = [
        write
        for product in joiner.products
        for write in coverage.wait_writes(person_id, product, joiner.seat, ticket, joiner.today)
    ]
    agreed = tuple(f"{product.code}@{product.version}" for product in joiner.products)
    application = joiner.application
    place = Waiting(
        policy_id, ticket, person_id, joiner.campaign.code, application.district, agreed, joiner.today
    )
    commit(
        [
            attempt.record(201, answer),
            records.wait_write(place),
            *common,
            *heads,
            *message,
            *_audit_writes(joiner, person_id, "waiting", head),
        ],
        ids.new_id(),
    )
    return Answer(201, answer)


def _common_writes(joiner: Joiner, person_id: str, known: str | None) -> list[Write]:
    """What every join writes, seat or not: the person if new, and what they agreed to."""
    agreed = consents.writes(person_id, joiner.products, joiner.application)
    if known:
        return agreed
    member, facts = joiner.member, joiner.facts
    bound = people.bind_writes(person_id, facts.name, facts.id_number, member.mobile, member.mobile_masked)
    return [*bound, *agreed]


def _audit_writes(joiner: Joiner, person_id: str, action: str, head: audit.Head | None) -> list[Write]:
    facts = {
        "campaign": joiner.campaign.code,
        "policy": joiner.seat.policy_id,
        "terms": ",".join(f"{product.code}@{product.version}" for product in joiner.products),
    }
    return audit.entry_writes(audit.person(person_id), action, actor="self", facts=facts, head=head)
