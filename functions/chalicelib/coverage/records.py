"""Rows of the coverages table.

    person_id   product_start            row
    P           <product>#<first day>    one certificate: what was granted, and how it ended
    P           cover#<product>          the head: what P has or waits for of this product, one row for ever

The head is what makes double cover impossible: two joins of one person read different pasts, but both move
the same head, each under a condition on what it read.

    head before                        enter (first day F)     wait        promote (ticket T)
    absent                             yes                     yes         no
    waiting, ticket T                  yes (another campaign)  no          yes
    waiting, another ticket            yes                     no          no
    covered, until < F                 yes                     yes         no
    covered, until >= F                no                      no          no
"""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.tables import Table

WAITING, COVERED = "waiting", "covered"


class ByCertificate(GlobalSecondaryIndex["CertificateRow"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_certificate"
        projection = AllProjection()

    certificate_number = UnicodeAttribute(hash_key=True)


class CertificateRow(Table):
    class Meta:
        name = "coverages"

    person_id = UnicodeAttribute(hash_key=True)
    product_start = UnicodeAttribute(range_key=True)
    certificate_number = UnicodeAttribute()
    check_code = UnicodeAttribute()
    name_masked = UnicodeAttribute()  # stored, so that the public check opens no seal
    product = UnicodeAttribute()
    product_name = UnicodeAttribute()
    terms_version = UnicodeAttribute()
    terms_sha256 = UnicodeAttribute()
    policy_id = UnicodeAttribute()
    campaign = UnicodeAttribute()
    sponsor = UnicodeAttribute()
    from_day = UnicodeAttribute()
    to_day = UnicodeAttribute()
    accepted_on = UnicodeAttribute()
    funding = JSONAttribute()  # [{payer, label, fee_fen}]: who paid the campaign's fee for this person
    withdrawn = BooleanAttribute(default=False)
    by_certificate = ByCertificate()


class HeadRow(Table):
    class Meta:
        name = "coverages"

    person_id = UnicodeAttribute(hash_key=True)
    product_start = UnicodeAttribute(range_key=True)
    product = UnicodeAttribute()
    product_name = UnicodeAttribute()
    state = UnicodeAttribute()
    until = UnicodeAttribute(null=True)  # last day of cover, ISO
    ticket = NumberAttribute(null=True)
    policy_id = UnicodeAttribute()
    campaign = UnicodeAttribute()


def row_key(product: str, first: ShanghaiDate) -> str:
    return f"{product}#{first.isoformat()}"


def head_key(product: str) -> str:
    return f"cover#{product}"


def may_enter(first: ShanghaiDate) -> Condition:
    condition: Condition = (
        HeadRow.person_id.does_not_exist()
        | (HeadRow.state == WAITING)
        | ((HeadRow.state == COVERED) & (HeadRow.until < first.isoformat()))
    )
    return condition


def may_wait(today: ShanghaiDate) -> Condition:
    ended = (HeadRow.state == COVERED) & (HeadRow.until <= today.isoformat())
    condition: Condition = HeadRow.person_id.does_not_exist() | ended
    return condition


def may_be_promoted(policy_id: str, ticket: int) -> Condition:
    this_place = (HeadRow.policy_id == policy_id) & (HeadRow.ticket == ticket)
    condition: Condition = (HeadRow.state == WAITING) & this_place
    return condition


def rows_of(person_id: str) -> tuple[list[CertificateRow], list[HeadRow]]:
    """Everything a person has or waits for. One consistent query; a person has a handful of rows."""
    certificates: list[CertificateRow] = []
    heads: list[HeadRow] = []
    answer = CertificateRow._get_connection().query(person_id, consistent_read=True)
    for raw in answer["Items"]:
        if raw["product_start"]["S"].startswith("cover#"):
            heads.append(HeadRow.from_raw_data(raw))
        else:
            certificates.append(CertificateRow.from_raw_data(raw))
    return certificates, heads


def find_certificate(number: str) -> CertificateRow | None:
    found: Iterable[CertificateRow] = CertificateRow.by_certificate.query(number, limit=1)
    return next(iter(found), None)
