"""Rows of joining, in the tables of people, groups and desk.

people    person_id                      part
          P                              consent#<scope>#<text>#<version>#<time>     one text agreed to, then
          P                              acknowledged#<product>#<version>#<time>     exclusions, one by one
groups    id                             part
          P                              ticket                                      last waiting number given
          P                              waiting#<ticket>                            waits for a seat
          P                              promoted#<ticket>                           got one
desk      folder                         part
          office_check#<Shanghai day>    <attempt key>                               for the desk to look at
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.enrollment.model import Waiting
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.rows import DeskRow, GroupsRow, PeopleRow
from chalicelib.platform.transaction import Write, delete, put

OFFICE_CHECK = "office_check#"
OFFICE_CHECK_SEALED = ("name", "id_number", "mobile")
_TICKET, _WAITING, _PROMOTED = "ticket", "waiting#", "promoted#"


class ConsentRow(PeopleRow):
    scope = UnicodeAttribute()
    text = UnicodeAttribute()  # which text of the scope: a product's code, or a privacy text's
    version = UnicodeAttribute()
    sha256 = UnicodeAttribute()
    at = UnicodeAttribute()
    channel = UnicodeAttribute()
    given_by = UnicodeAttribute(default="self")  # self | guardian | proxy
    withdrawn_at = UnicodeAttribute(null=True)


class AcknowledgementRow(PeopleRow):
    exclusions = ListAttribute[Any](of=UnicodeAttribute)
    terms_sha256 = UnicodeAttribute()
    at = UnicodeAttribute()
    # How the worker described their work when joining; it decided eligibility, so it is kept with the proof.
    occupation_group = UnicodeAttribute()
    work_platform = UnicodeAttribute(default="")
    district = UnicodeAttribute()


class OfficeCheckRow(DeskRow):
    """Somebody's number or mobile belongs to another pair. Nothing was told to them; the desk looks."""

    id_number_sealed = BinaryAttribute(legacy_encoding=False)
    name_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    body_hash = UnicodeAttribute()
    campaign = UnicodeAttribute()
    at = UnicodeAttribute()


class TicketRow(GroupsRow):
    last = NumberAttribute()


class WaitingRow(GroupsRow):
    person_id = UnicodeAttribute()
    campaign = UnicodeAttribute()
    district = UnicodeAttribute()
    agreed = ListAttribute[Any](of=UnicodeAttribute)  # `<product>@<version>`: the terms they agreed to
    since = UnicodeAttribute()


def consent_part(scope: str, text: str, version: str, at: str) -> str:
    return f"consent#{scope}#{text}#{version}#{at}"


def acknowledged_part(product: str, version: str, at: str) -> str:
    return f"acknowledged#{product}#{version}#{at}"


def office_check_folder(on: ShanghaiDate) -> str:
    return f"{OFFICE_CHECK}{on.isoformat()}"


def waiting_part(ticket: int) -> str:
    return f"{_WAITING}{ticket:09}"


def promoted_part(ticket: int) -> str:
    return f"{_PROMOTED}{ticket:09}"


def ticket_of(row: WaitingRow) -> int:
    return int(row.part.partition("#")[2])


def next_ticket(policy_id: str) -> int:
    """The next waiting number. One atomic add; a number whose join then fails is never given again."""
    row = TicketRow(policy_id, _TICKET)
    # No condition: the first number makes the row, which is what is wanted.
    row.update(actions=[TicketRow.last.add(1)])
    return int(row.last)


def waiting(policy_id: str) -> Iterator[WaitingRow]:
    """Everybody waiting, in order, page by page. Rows may be moved while it runs; none is given twice."""
    rows: Iterator[WaitingRow] = WaitingRow.query(
        policy_id, WaitingRow.part.startswith(_WAITING), page_size=25, consistent_read=True
    )
    return rows


def office_check(folder: str, part: str) -> OfficeCheckRow | None:
    try:
        return OfficeCheckRow.get(folder, part, consistent_read=True)
    except OfficeCheckRow.DoesNotExist:
        return None


def wait_write(place: Waiting) -> Write:
    row = WaitingRow(
        place.policy_id,
        waiting_part(place.ticket),
        person_id=place.person_id,
        campaign=place.campaign,
        district=place.district,
        agreed=list(place.agreed),
        since=place.since.isoformat(),
    )
    return put(row, WaitingRow.id.does_not_exist())


def promoted_writes(row: WaitingRow) -> list[Write]:
    """Move one person from the waiting to the promoted. Refused if somebody else has moved them."""
    promoted = WaitingRow(
        row.id,
        promoted_part(ticket_of(row)),
        person_id=row.person_id,
        campaign=row.campaign,
        district=row.district,
        agreed=row.agreed,
        since=row.since,
    )
    return [leave_write(row), put(promoted, WaitingRow.id.does_not_exist())]


def leave_write(row: WaitingRow) -> Write:
    """Take one person off the waiting list."""
    return delete(WaitingRow(row.id, row.part), WaitingRow.person_id == row.person_id)
