"""Rows of the coverages table.

    person_id   product_start                    row
    P           <product>#<first day>#<number>   one certificate: the endorsements its cover follows from
    P           cover#<product>                  the head: what P has or waits for of this product

The head is what makes double cover impossible: two joins of one person read different pasts, but both move
the same head, each under a condition on what it read.

    head before                        enter (first day F)     wait (F)    promote (policy, ticket T)
    absent                             yes                     yes         no
    waiting, this policy, ticket T     yes (another campaign)  no          yes
    waiting, anything else             yes                     no          no
    covered, until < F                 yes                     yes         no
    covered, until >= F                no                      no          no
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.coverage.model import Add, Correct, Endorsement, Kind, Remove, Renew, Substitute
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.rows import CoveragesRow

WAITING, COVERED = "waiting", "covered"
_HEAD = "cover#"


class ByCertificate(GlobalSecondaryIndex["CertificateRow"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_certificate"
        projection = AllProjection()

    certificate_number = UnicodeAttribute(hash_key=True)


class CertificateRow(CoveragesRow, discriminator="certificate"):
    certificate_number = UnicodeAttribute()
    check_code = UnicodeAttribute()
    name_masked = UnicodeAttribute()  # stored, so that the public check opens no seal
    product = UnicodeAttribute()
    product_name = UnicodeAttribute()
    policy_id = UnicodeAttribute()
    campaign = UnicodeAttribute()
    sponsor = UnicodeAttribute()
    funding = JSONAttribute()  # [{payer, label, fee_fen}]: who paid this product's fee for this person
    endorsements = UnicodeAttribute()  # `pack`: days, terms and how it ended all follow from these
    by_certificate = ByCertificate()


class HeadRow(CoveragesRow, discriminator="head"):
    product = UnicodeAttribute()
    product_name = UnicodeAttribute()
    state = UnicodeAttribute()
    until = UnicodeAttribute(null=True)  # last day of cover, ISO
    ticket = NumberAttribute(null=True)
    policy_id = UnicodeAttribute(attr_name="head_policy_id")  # its own name: not for the index by policy
    campaign = UnicodeAttribute()


def row_key(product: str, first: ShanghaiDate, number: str) -> str:
    """The number is there for somebody whose cover was withdrawn and who joins again on the same day."""
    return f"{product}#{first.isoformat()}#{number}"


def head_key(product: str) -> str:
    return f"{_HEAD}{product}"


def may_enter(first: ShanghaiDate) -> Condition:
    condition: Condition = may_wait(first) | (HeadRow.state == WAITING)
    return condition


def may_wait(first: ShanghaiDate) -> Condition:
    """`first`: the earliest day cover could begin."""
    ended = (HeadRow.state == COVERED) & (HeadRow.until < first.isoformat())
    condition: Condition = HeadRow.person_id.does_not_exist() | ended
    return condition


def may_be_promoted(policy_id: str, ticket: int) -> Condition:
    this_place = (HeadRow.policy_id == policy_id) & (HeadRow.ticket == ticket)
    condition: Condition = (HeadRow.state == WAITING) & this_place
    return condition


def unchanged(head: HeadRow) -> Condition:
    condition: Condition = (HeadRow.state == head.state) & (HeadRow.until == head.until)
    return condition


def rows_of(person_id: str) -> tuple[list[CertificateRow], list[HeadRow]]:
    """Everything a person has or waits for. One consistent query; a person has a handful of rows."""
    rows = list(CoveragesRow.query(person_id, consistent_read=True))
    certificates = [row for row in rows if isinstance(row, CertificateRow)]
    return certificates, [row for row in rows if isinstance(row, HeadRow)]


def with_number(number: str) -> list[CertificateRow]:
    """The certificates of this number: one, or none; two only if chance gave one number out twice, which the
    check code then tells apart. One query, whatever the answer (P03)."""
    found: Iterable[CertificateRow] = CertificateRow.by_certificate.query(number)
    return list(found)


_KINDS: dict[Kind, type[Endorsement]] = {
    Kind.ADD: Add,
    Kind.REMOVE: Remove,
    Kind.SUBSTITUTE: Substitute,
    Kind.CORRECT: Correct,
    Kind.RENEW: Renew,
}


class _Packed(msgspec.Struct):
    kind: Kind
    facts: msgspec.Raw


def pack(endorsements: Iterable[Endorsement]) -> str:
    """A row keeps every endorsement its cover follows from, and nothing it can work out from them.

    JSON: `[{"kind": "add", "facts": {…}}, …]`.
    """
    packed = [{"kind": each.kind, "facts": each} for each in endorsements]
    return msgspec.json.encode(packed).decode()


def unpack(text: str) -> list[Endorsement]:
    """What `pack` was given. Raises msgspec.ValidationError for anything else."""
    packed = msgspec.json.decode(text, type=list[_Packed])
    return [msgspec.json.decode(each.facts, type=_KINDS[each.kind]) for each in packed]
