"""Who is who: one random id a person, bound to one number and one mobile.

Uniqueness is a lock item for each, put in the same transaction as the person. Names and birthdays never
merge people (docs/decisions/0002). During a rotation of the index key every version is looked up and locked.

    number bound to   mobile bound to   the caller is
    nobody            nobody            new: this join binds both
    P                 P                 P
    anything else                       for the office to check; nothing is read out, nothing changes
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.kernel import Masked
from chalicelib.people import records
from chalicelib.people.model import Found, IdNumber, Standing
from chalicelib.people.records import LOCK, PERSON, LockRow, PersonRow
from chalicelib.people.rules import mask_name
from chalicelib.platform import cipher
from chalicelib.platform.transaction import Write, put
from chalicelib.platform.work import Work


def find(id_number: IdNumber, mobile_indexes: Sequence[str]) -> Found:
    """Where this number and this mobile stand. One consistent batch read, whatever the answer (P03)."""
    ids = [records.id_lock(index) for index in cipher.blind_indexes("id:resident", id_number.number)]
    mobiles = [records.mobile_lock(index) for index in mobile_indexes]
    owners = records.owners([*ids, *mobiles])
    by_number = {owners[key] for key in ids if key in owners}
    by_mobile = {owners[key] for key in mobiles if key in owners}
    if not by_number and not by_mobile:
        return Found(Standing.NEW)
    if by_number == by_mobile and len(by_number) == 1:
        return Found(Standing.KNOWN, by_number.pop())
    return Found(Standing.OFFICE_CHECK)


def person_of(mobile_indexes: Sequence[str]) -> str | None:
    """The person a mobile is bound to, if any."""
    owners = set(records.owners(records.mobile_lock(index) for index in mobile_indexes).values())
    return owners.pop() if len(owners) == 1 else None


def bind_writes(
    work: Work, person_id: str, name: Masked, id_number: IdNumber, mobile: Masked, mobile_masked: str
) -> list[Write]:
    """The person and every lock. Refused as a whole if the number or the mobile is somebody's already."""
    row = PersonRow(
        person_id,
        PERSON,
        name_masked=mask_name(name),
        id_number_masked=id_number.masked,
        mobile_masked=mobile_masked,
        created_at=work.stamp,
    ).seal(name=name, id_number=id_number.number, mobile=mobile)
    locks = [LockRow(key, LOCK, owner=person_id) for key in lock_keys(id_number.number, mobile)]
    return [
        put(row, PersonRow.person_id.does_not_exist()),
        *(put(lock, LockRow.person_id.does_not_exist()) for lock in locks),
    ]


def read(person_id: str) -> PersonRow:
    """A person's row; `row.open("name")`, `"id_number"` and `"mobile"` open what is sealed."""
    return PersonRow.get(person_id, PERSON, consistent_read=True)


def lock_keys(number: Masked, mobile: Masked) -> list[str]:
    """The keys that lock a normalised number and a mobile, one of each for every key version."""
    return [
        *(records.id_lock(index) for index in cipher.blind_indexes("id:resident", number)),
        *(records.mobile_lock(index) for index in cipher.blind_indexes("mobile", mobile)),
    ]
