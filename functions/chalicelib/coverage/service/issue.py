"""Giving a certificate, keeping a waiting place, and the endorsements that change a cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pynamodb.expressions.condition import Condition

from chalicelib.benefits.rules import starts_of
from chalicelib.catalog.terms import Product
from chalicelib.coverage import records
from chalicelib.coverage.model import (
    Add,
    Correct,
    Cover,
    Grant,
    Issued,
    Remove,
    Seat,
    Source,
    Status,
    TermsRef,
)
from chalicelib.coverage.records import COVERED, WAITING, CertificateRow, HeadRow
from chalicelib.coverage.rules import coverage, effective_day, first_period, numbers
from chalicelib.coverage.service.read import covers_by_number, endorsements_of
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform import ids
from chalicelib.platform.transaction import Write, delete, put, update
from chalicelib.platform.work import Work
from chalicelib.pricing.model import Share


def enter(
    work: Work,
    person_id: str,
    name_masked: str,
    product: Product,
    seat: Seat,
    funding: Sequence[Share],
) -> tuple[Issued, list[Write]]:
    """Cover from 00:00 tomorrow. Refused if the person holds this product then.

    `funding`: who pays this product's fee for this person.
    """
    condition = records.may_enter(effective_day(work.today))
    return _issue(work, person_id, name_masked, product, seat, funding, condition)


def promote(
    work: Work,
    person_id: str,
    name_masked: str,
    product: Product,
    seat: Seat,
    funding: Sequence[Share],
    ticket: int,
) -> tuple[Issued, list[Write]]:
    """As `enter`, for somebody waiting: refused unless they still wait with exactly this ticket."""
    condition = records.may_be_promoted(seat.policy_id, ticket)
    return _issue(work, person_id, name_masked, product, seat, funding, condition)


def leave_list_writes(person_id: str, product: str, policy_id: str, ticket: int) -> list[Write]:
    """Somebody waits no more and has no cover. Refused unless they still wait with exactly this ticket."""
    head = HeadRow(person_id, records.head_key(product))
    return [delete(head, records.may_be_promoted(policy_id, ticket))]


def _issue(
    work: Work,
    person_id: str,
    name_masked: str,
    product: Product,
    seat: Seat,
    funding: Sequence[Share],
    condition: Condition,
) -> tuple[Issued, list[Write]]:
    number, check = numbers.number(ids.new_digits(11)), ids.new_check_code()
    grant = Grant(
        certificate=number,
        person_id=person_id,
        product=product.code,
        period=first_period(effective_day(work.today), product.period_years),
        source=Source(seat.policy_id, seat.campaign),
        terms=TermsRef(product.version, product.terms_sha256),
    )
    add = Add(sequence=work.sequence, accepted_on=work.today, grant=grant)
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
        funding=[{"payer": s.payer, "label": s.label, "fee_fen": s.fee_fen} for s in funding],
        endorsements=records.pack([add]),
    )
    starts = starts_of(product, cover.period.first, renewed=cover.continuous)
    head = _head(person_id, product, seat)
    head.state, head.until = COVERED, cover.period.last.isoformat()
    writes = [put(row, CertificateRow.person_id.does_not_exist()), put(head, condition)]
    return Issued(number, check, product.code, product.name, cover.period, starts), writes


def wait_writes(
    person_id: str, product: Product, seat: Seat, ticket: int, today: ShanghaiDate
) -> list[Write]:
    """The head says: waiting with this ticket. Refused for somebody who waits or is covered already."""
    head = _head(person_id, product, seat)
    head.state, head.ticket = WAITING, ticket
    return [put(head, records.may_wait(effective_day(today)))]


def _head(person_id: str, product: Product, seat: Seat) -> HeadRow:
    return HeadRow(
        person_id,
        records.head_key(product.code),
        product=product.code,
        product_name=product.name,
        policy_id=seat.policy_id,
        campaign=seat.campaign,
    )


def endorse_writes(person_id: str, change: Remove | Correct) -> list[Write]:
    """Leaving, or mending a mistake: the endorsement added to every certificate it changes, and the head
    moved with it. Refused as a whole if anything was endorsed meanwhile: ask again, it reads anew.

    Raises the engine's refusals; another person's certificate is an unknown one.
    """
    rows, heads = records.rows_of(person_id)
    before = covers_by_number(rows)
    after = {cover.certificate: cover for cover in coverage([*endorsements_of(rows), change])}
    touched = [
        row
        for row in rows
        if row.certificate_number == change.certificate
        or before[row.certificate_number] != after[row.certificate_number]
    ]
    moved = [_head_write(head, after.values()) for head in heads if head.state == COVERED]
    return [
        *(_endorsed_write(row, change) for row in touched),
        *(write for write in moved if write is not None),
    ]


def _endorsed_write(row: CertificateRow, change: Remove | Correct) -> Write:
    endorsements = records.pack([*records.unpack(row.endorsements), change])
    key = CertificateRow(row.person_id, row.product_start)
    return update(
        key,
        [CertificateRow.endorsements.set(endorsements)],
        CertificateRow.endorsements == row.endorsements,
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
