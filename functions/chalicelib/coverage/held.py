"""What one person has, had or waits for: rows read back through the one engine."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.coverage import certificates, history, records
from chalicelib.coverage.model import Cover, Endorsement, State
from chalicelib.coverage.records import WAITING, CertificateRow, HeadRow
from chalicelib.coverage.refusals import refusal
from chalicelib.coverage.rules import coverage, state_on
from chalicelib.kernel import DateInterval, ShanghaiDate


@dataclass(frozen=True, slots=True)
class Held:
    """One cover on one day, or a waiting place: no period, no certificate."""

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

    def reaches(self, day: ShanghaiDate) -> bool:
        """Whether it covers `day` or a later one, so that new cover could not begin on `day`."""
        return self.period is not None and self.state is not State.WITHDRAWN and day <= self.period.last


def held_of(person_id: str, today: ShanghaiDate) -> list[Held]:
    """Everything a person has, had or waits for, newest first, as of `today`. One query."""
    rows, heads = records.rows_of(person_id)
    covers = covers_of(rows)
    held = [_held(row, covers[row.certificate_number], today) for row in rows]
    held.sort(key=lambda each: each.period.first if each.period else date.min, reverse=True)
    return [*(_place(head) for head in heads if head.state == WAITING), *held]


def certificate(number: str, check: str, today: ShanghaiDate) -> Held:
    """The public check. Raises NotFoundError for an unknown number and for a wrong check code alike: the
    same calls, the same bytes (P03)."""
    typed = check.strip().upper().encode()
    for row in records.with_number(certificates.lookup_key(number)):
        if hmac.compare_digest(row.check_code.encode(), typed):
            return _held(row, covers_of([row])[row.certificate_number], today)
    raise refusal("certificates.unknown")


def endorsements_of(rows: Iterable[CertificateRow]) -> list[Endorsement]:
    return [each for row in rows for each in history.unpack(row.endorsements)]


def covers_of(rows: Iterable[CertificateRow]) -> dict[str, Cover]:
    """By certificate number."""
    return {cover.certificate: cover for cover in coverage(endorsements_of(rows))}


def _held(row: CertificateRow, cover: Cover, today: ShanghaiDate) -> Held:
    return Held(
        product=row.product,
        product_name=row.product_name,
        state=state_on(cover, today),
        campaign=row.campaign,
        policy_id=row.policy_id,
        sponsor=row.sponsor,
        period=cover.period,
        number=row.certificate_number,
        check=row.check_code,
        name_masked=row.name_masked,
        terms_version=cover.terms.version,
        terms_sha256=cover.terms.sha256,
    )


def _place(head: HeadRow) -> Held:
    return Held(
        product=head.product,
        product_name=head.product_name,
        state=None,
        campaign=head.campaign,
        policy_id=head.policy_id,
        ticket=int(head.ticket or 0),
    )
