"""What one person has, had or waits for: rows read back through the one engine."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date

from chalicelib.benefits.rules import starts_of
from chalicelib.catalog import service as catalog
from chalicelib.coverage import records
from chalicelib.coverage.model import Cover, Endorsement, PersonCover
from chalicelib.coverage.records import WAITING, CertificateRow, HeadRow
from chalicelib.coverage.refusals import refusal
from chalicelib.coverage.rules import coverage, state_on
from chalicelib.platform.work import Work
from chalicelib.typed import read_number


def covers_of(work: Work, person_id: str) -> list[PersonCover]:
    """Everything a person has, had or waits for, newest first, as of the work's day. One query."""
    rows, heads = records.rows_of(person_id)
    by_number = covers_by_number(rows)
    covers = [_cover(work, row, by_number[row.certificate_number]) for row in rows]
    covers.sort(key=lambda each: each.period.first if each.period else date.min, reverse=True)
    return [*(_waiting_place(head) for head in heads if head.state == WAITING), *covers]


def certificate(work: Work, number: str, check: str) -> PersonCover:
    """The public check of a `number` that was read. Raises NotFoundError for an unknown one and for a wrong
    check code alike: the same calls, the same bytes (P03)."""
    typed = read_number(check).encode()
    for row in records.with_number(number):
        if hmac.compare_digest(row.check_code.encode(), typed):
            return _cover(work, row, covers_by_number([row])[row.certificate_number])
    raise refusal("certificates.unknown")


def endorsements_of(rows: Iterable[CertificateRow]) -> list[Endorsement]:
    return [each for row in rows for each in records.unpack(row.endorsements)]


def covers_by_number(rows: Iterable[CertificateRow]) -> dict[str, Cover]:
    """By certificate number."""
    return {cover.certificate: cover for cover in coverage(endorsements_of(rows))}


def _cover(work: Work, row: CertificateRow, cover: Cover) -> PersonCover:
    terms = catalog.of(work).product_version(row.product, cover.terms.version)
    return PersonCover(
        product=row.product,
        product_name=row.product_name,
        state=state_on(cover, work.today),
        campaign=row.campaign,
        policy_id=row.policy_id,
        sponsor=row.sponsor,
        period=cover.period,
        number=row.certificate_number,
        check=row.check_code,
        name_masked=row.name_masked,
        terms_version=cover.terms.version,
        terms_sha256=cover.terms.sha256,
        starts=starts_of(terms, cover.period.first, renewed=cover.continuous),
    )


def _waiting_place(head: HeadRow) -> PersonCover:
    return PersonCover(
        product=head.product,
        product_name=head.product_name,
        state=None,
        campaign=head.campaign,
        policy_id=head.policy_id,
        ticket=int(head.ticket or 0),
    )
