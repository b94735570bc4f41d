"""Entering cover, waiting for it, leaving it, and asking what there is (`held`).

Days are worked out by `rules.coverage` alone; this room stores what the office did. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.terms import Product
from chalicelib.coverage import certificates, history, records
from chalicelib.coverage.held import Held, certificate, covers_of, endorsements_of, held_of
from chalicelib.coverage.model import Add, Correct, Cover, Grant, Remove, Source, Status, TermsRef
from chalicelib.coverage.records import COVERED, WAITING, CertificateRow, HeadRow
from chalicelib.coverage.rules import coverage, effective_day, first_period
from chalicelib.kernel import DateInterval, ShanghaiDate
from chalicelib.platform import clock, ids
from chalicelib.platform.transaction import Write, delete, put, update
from chalicelib.pricing.model import Share

__all__ = [
    "Held",
    "Issued",
    "Seat",
    "certificate",
    "effective_day",
    "endorse_writes",
    "enter",
    "held_of",
    "promote",
    "sequence_now",
    "wait_writes",
]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a cover comes from: a place in a sponsor's group policy, given out by a campaign."""

    policy_id: str
    campaign: str
    sponsor: str
    funding: tuple[Share, ...]  # who pays the campaign's fee for one person


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and the writes that make it true."""

    number: str
    check: str
    product: str
    product_name: str
    period: DateInterval
    writes: tuple[Write, ...]


def sequence_now() -> int:
    """Orders endorsements accepted on one day: the microsecond of acceptance, server time."""
    return int(clock.now().timestamp() * 1_000_000)


def enter(
    person_id: str, name_masked: str, product: Product, seat: Seat, accepted_on: ShanghaiDate
) -> Issued:
    """Cover from 00:00 of the day after `accepted_on`. Refused if the person holds this product then."""
    effective = effective_day(accepted_on)
    return _issue(person_id, name_masked, product, seat, accepted_on, records.may_enter(effective))


def promote(
    person_id: str, name_masked: str, product: Product, seat: Seat, accepted_on: ShanghaiDate, ticket: int
) -> Issued:
    """As `enter`, for somebody waiting: refused unless they still wait with exactly this ticket."""
    condition = records.may_be_promoted(seat.policy_id, ticket)
    return _issue(person_id, name_masked, product, seat, accepted_on, condition)


def leave_list_writes(person_id: str, product: str, policy_id: str, ticket: int) -> list[Write]:
    """Somebody waits no more and has no cover. Refused unless they still wait with exactly this ticket."""
    head = HeadRow(person_id, records.head_key(product))
    return [delete(head, records.may_be_promoted(policy_id, ticket))]


def _issue(
    person_id: str,
    name_masked: str,
    product: Product,
    seat: Seat,
    accepted_on: ShanghaiDate,
    condition: Condition,
) -> Issued:
    number, check = certificates.new_number(), ids.new_check_code()
    grant = Grant(
        certificate=number,
        person_id=person_id,
        product=product.code,
        period=first_period(effective_day(accepted_on), product.period_years),
        source=Source(seat.policy_id, seat.campaign),
        terms=TermsRef(product.version, product.terms_sha256),
    )
    add = Add(sequence=sequence_now(), accepted_on=accepted_on, grant=grant)
    (cover,) = coverage([add])
    row = CertificateRow(
        person_id,
        records.row_key(product.code, cover.period.first, number),
        certificate_number=number,
        check_code=check,
        name_masked=name_masked,
        product=product.code,
        product_name=product.name,
        policy_id=seat.policy_id,
        campaign=seat.campaign,
        sponsor=seat.sponsor,
        funding=[{"payer": s.payer, "label": s.label, "fee_fen": s.fee_fen} for s in seat.funding],
        endorsements=history.pack([add]),
    )
    head = HeadRow(
        person_id,
        records.head_key(product.code),
        product=product.code,
        product_name=product.name,
        state=COVERED,
        until=cover.period.last.isoformat(),
        policy_id=seat.policy_id,
        campaign=seat.campaign,
    )
    writes = (put(row, CertificateRow.person_id.does_not_exist()), put(head, condition))
    return Issued(number, check, product.code, product.name, cover.period, writes)


def wait_writes(
    person_id: str, product: Product, seat: Seat, ticket: int, today: ShanghaiDate
) -> list[Write]:
    """The head says: waiting with this ticket. Refused for somebody who waits or is covered already."""
    head = HeadRow(
        person_id,
        records.head_key(product.code),
        product=product.code,
        product_name=product.name,
        state=WAITING,
        ticket=ticket,
        policy_id=seat.policy_id,
        campaign=seat.campaign,
    )
    return [put(head, records.may_wait(effective_day(today)))]


def endorse_writes(person_id: str, change: Remove | Correct) -> list[Write]:
    """Leaving, or mending a mistake: the endorsement added to every certificate it changes, and the head
    moved with it. Refused as a whole if anything was endorsed meanwhile: ask again, it reads anew.

    Raises the engine's refusals; another person's certificate is an unknown one.
    """
    rows, heads = records.rows_of(person_id)
    before = covers_of(rows)
    after = {cover.certificate: cover for cover in coverage([*endorsements_of(rows), change])}
    touched = [
        row
        for row in rows
        if row.certificate_number == change.certificate
        or before[row.certificate_number] != after[row.certificate_number]
    ]
    moved = [_head_write(head, after.values()) for head in heads if head.state == COVERED]
    return [*(_told_write(row, change) for row in touched), *(write for write in moved if write is not None)]


def _told_write(row: CertificateRow, change: Remove | Correct) -> Write:
    told = history.pack([*history.unpack(row.endorsements), change])
    key = CertificateRow(row.person_id, row.product_start)
    return update(
        key, [CertificateRow.endorsements.set(told)], CertificateRow.endorsements == row.endorsements
    )


def _head_write(head: HeadRow, covers: Iterable[Cover]) -> Write | None:
    """The head follows the last day there is cover; without any it goes. None: it stays as it is."""
    lasts = [
        cover.period.last.isoformat()
        for cover in covers
        if cover.product == head.product and cover.status is not Status.WITHDRAWN
    ]
    key = HeadRow(head.person_id, head.product_start)
    if not lasts:
        return delete(key, records.unchanged(head))
    until = max(lasts)
    return None if until == head.until else update(key, [HeadRow.until.set(until)], records.unchanged(head))
