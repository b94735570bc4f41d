"""Rows of joining, in the tables of people and groups.

    people    person_id                      part
              P                              consent#<scope>#<version>           one text agreed to
              P                              acknowledged#<product>#<version>    exclusions, one by one
              office_check#<Shanghai day>    <attempt key>                       for the desk to look at
    groups    policy_id                      part
              P                              ticket                              last waiting number given
              P                              waiting#<ticket>                    waits for a seat
              P                              promoted#<ticket>                   got one
"""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.platform.tables import Table


class ConsentRow(Table):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    scope = UnicodeAttribute()
    version = UnicodeAttribute()
    sha256 = UnicodeAttribute()
    at = UnicodeAttribute()
    channel = UnicodeAttribute()
    given_by = UnicodeAttribute(default="self")  # self | guardian | proxy
    withdrawn_at = UnicodeAttribute(null=True)


class AcknowledgementRow(Table):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    exclusions = ListAttribute[str](of=UnicodeAttribute)
    terms_sha256 = UnicodeAttribute()
    at = UnicodeAttribute()
    # How the worker described their work when joining; it decided eligibility, so it is kept with the proof.
    occupation_group = UnicodeAttribute()
    work_platform = UnicodeAttribute(default="")
    district = UnicodeAttribute()


class OfficeCheckRow(Table):
    """Somebody's number or mobile belongs to another pair. Nothing was told to them; the desk looks."""

    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    id_number_sealed = BinaryAttribute(legacy_encoding=False)
    name_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    campaign = UnicodeAttribute()
    at = UnicodeAttribute()


class TicketRow(Table):
    class Meta:
        name = "groups"

    policy_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True, default="ticket")
    last = NumberAttribute()


class WaitingRow(Table):
    class Meta:
        name = "groups"

    policy_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    person_id = UnicodeAttribute()
    campaign = UnicodeAttribute()
    since = UnicodeAttribute()


def waiting_part(ticket: int) -> str:
    return f"waiting#{ticket:09}"


def promoted_part(ticket: int) -> str:
    return f"promoted#{ticket:09}"


def ticket_of(row: WaitingRow) -> int:
    return int(row.part.partition("#")[2])


def next_ticket(policy_id: str) -> int:
    """The next waiting number. One atomic add; a number whose join then fails is never given again."""
    row = TicketRow(policy_id)
    row.update(actions=[TicketRow.last.add(1)])
    return int(row.last)


def first_waiting(policy_id: str, count: int) -> list[WaitingRow]:
    """The first `count` people waiting, in order."""
    rows: Iterable[WaitingRow] = WaitingRow.query(
        policy_id, WaitingRow.part.startswith("waiting#"), limit=count, consistent_read=True
    )
    return list(rows)
