"""Entering cover, waiting for it, and asking what there is.

Days are worked out by `rules.coverage` alone; this room stores what was granted and reads it back through it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.rules import Share
from chalicelib.catalog.terms import Product
from chalicelib.coverage import certificates, records
from chalicelib.coverage.model import Add, Cover, Grant, Source, State, TermsRef
from chalicelib.coverage.records import COVERED, WAITING, CertificateRow, HeadRow
from chalicelib.coverage.refusals import refusal
from chalicelib.coverage.rules import coverage, effective_day, first_period, state_on
from chalicelib.kernel import DateInterval, ShanghaiDate
from chalicelib.platform import clock, ids
from chalicelib.platform.transaction import Write, put

__all__ = [
    "Held",
    "Issued",
    "Seat",
    "certificate",
    "effective_day",
    "enter",
    "held_of",
    "promote",
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


@dataclass(frozen=True, slots=True)
class Held:
    """What one person has, had or waits for, on one day. Waiting: no period, no certificate."""

    product: str
    product_name: str
    state: State | None  # None: waiting, nothing is covered
    campaign: str
    policy_id: str
    sponsor: str = ""
    period: DateInterval | None = None
    number: str = ""
    check: str = ""
    name_masked: str = ""
    terms_version: str = ""
    terms_sha256: str = ""
    ticket: int | None = None


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
    (cover,) = coverage([Add(sequence=1, accepted_on=accepted_on, grant=grant)])
    row = CertificateRow(
        person_id,
        records.row_key(product.code, cover.period.first),
        certificate_number=number,
        check_code=check,
        name_masked=name_masked,
        product=product.code,
        product_name=product.name,
        terms_version=cover.terms.version,
        terms_sha256=cover.terms.sha256,
        policy_id=seat.policy_id,
        campaign=seat.campaign,
        sponsor=seat.sponsor,
        from_day=cover.period.first.isoformat(),
        to_day=cover.period.last.isoformat(),
        accepted_on=accepted_on.isoformat(),
        funding=[{"payer": s.payer, "label": s.label, "fee_fen": s.fee_fen} for s in seat.funding],
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
    return [put(head, records.may_wait(today))]


def held_of(person_id: str, today: ShanghaiDate) -> list[Held]:
    """Everything a person has, had or waits for, newest first, as of `today`. One query."""
    rows, heads = records.rows_of(person_id)
    covers = {cover.certificate: cover for cover in coverage(_adds(rows))}
    held = [_held(row, covers[row.certificate_number], today) for row in rows]
    held.sort(key=lambda each: each.period.first if each.period else date.min, reverse=True)
    waiting = [
        Held(
            product=head.product,
            product_name=head.product_name,
            state=None,
            campaign=head.campaign,
            policy_id=head.policy_id,
            ticket=int(head.ticket or 0),
        )
        for head in heads
        if head.state == WAITING
    ]
    return [*waiting, *held]


def certificate(number: str, check: str) -> Held:
    """The public check. Raises NotFoundError for an unknown number and for a wrong check code alike: the
    same calls, the same bytes (P03)."""
    row = records.find_certificate(certificates.normalised(number))
    expected = row.check_code if row is not None else "-" * 8
    right = hmac.compare_digest(expected.encode(), check.strip().upper().encode())
    if row is None or not right:
        raise refusal("certificates.unknown")
    (cover,) = coverage(_adds([row]))
    return _held(row, cover, clock.today())


def _adds(rows: Sequence[CertificateRow]) -> list[Add]:
    return [
        Add(
            sequence=order,
            accepted_on=date.fromisoformat(row.accepted_on),
            grant=Grant(
                certificate=row.certificate_number,
                person_id=row.person_id,
                product=row.product,
                period=DateInterval(date.fromisoformat(row.from_day), date.fromisoformat(row.to_day)),
                source=Source(row.policy_id, row.campaign),
                terms=TermsRef(row.terms_version, row.terms_sha256),
            ),
        )
        for order, row in enumerate(rows, start=1)
    ]


def _held(row: CertificateRow, cover: Cover, today: ShanghaiDate) -> Held:
    return Held(
        product=row.product,
        product_name=row.product_name,
        state=State.WITHDRAWN if row.withdrawn else state_on(cover, today),
        campaign=row.campaign,
        policy_id=row.policy_id,
        sponsor=row.sponsor,
        period=cover.period,
        number=row.certificate_number,
        check=row.check_code,
        name_masked=row.name_masked,
        terms_version=row.terms_version,
        terms_sha256=row.terms_sha256,
    )
