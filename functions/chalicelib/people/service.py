"""Who is who: one random id a person, bound to one number and one mobile.

Uniqueness is a lock item for each, put in the same transaction as the person. Names and birthdays never
merge people (docs/decisions/0002). During a rotation of the index key every version is looked up and locked.

    number bound to   mobile bound to   the caller is
    nobody            nobody            new: this join binds both
    P                 P                 P
    anything else                       for the office to check; nothing is read out, nothing changes
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.kernel import Masked
from chalicelib.people.rules import IdNumber, mask_name
from chalicelib.platform import cipher, clock
from chalicelib.platform.settings import settings
from chalicelib.platform.tables import Table
from chalicelib.platform.transaction import Write, put


class PersonRow(Table):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True, default="person")
    name_sealed = BinaryAttribute(legacy_encoding=False)
    id_number_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    # Masks are stored so that lists still work while the keys are out of reach (P25).
    name_masked = UnicodeAttribute()
    id_number_masked = UnicodeAttribute()
    mobile_masked = UnicodeAttribute()
    created_at = UnicodeAttribute()


class LockRow(Table):
    """`id#<version>#<hmac>` or `mobile#<version>#<hmac>`: this number or mobile belongs to `owner`."""

    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True, default="lock")
    owner = UnicodeAttribute()


class Standing(Enum):
    NEW = "new"
    KNOWN = "known"
    OFFICE_CHECK = "office_check"


@dataclass(frozen=True, slots=True)
class Found:
    standing: Standing
    person_id: str | None = None


def find(id_number: IdNumber, mobile_indexes: list[str]) -> Found:
    """Where this number and this mobile stand. One consistent batch read, whatever the answer (P03)."""
    ids = [f"id#{index}" for index in cipher.blind_indexes("id:resident", id_number.number)]
    mobiles = [f"mobile#{index}" for index in mobile_indexes]
    keys = [(key, "lock") for key in (*ids, *mobiles)]
    owners = {row.person_id: row.owner for row in LockRow.batch_get(keys, consistent_read=True)}
    by_number = {owners[key] for key in ids if key in owners}
    by_mobile = {owners[key] for key in mobiles if key in owners}
    if not by_number and not by_mobile:
        return Found(Standing.NEW)
    if by_number == by_mobile and len(by_number) == 1:
        return Found(Standing.KNOWN, by_number.pop())
    return Found(Standing.OFFICE_CHECK)


def person_of(mobile_indexes: list[str]) -> str | None:
    """The person a mobile is bound to, if any."""
    keys = [(f"mobile#{index}", "lock") for index in mobile_indexes]
    owners = {row.owner for row in LockRow.batch_get(keys, consistent_read=True)}
    return owners.pop() if len(owners) == 1 else None


def bind_writes(
    person_id: str, name: Masked, id_number: IdNumber, mobile: Masked, mobile_masked: str
) -> list[Write]:
    """The person and every lock. Refused as a whole if the number or the mobile is somebody's already."""
    row = PersonRow(
        person_id,
        name_sealed=_seal(person_id, "name", name),
        id_number_sealed=_seal(person_id, "id_number", id_number.number),
        mobile_sealed=_seal(person_id, "mobile", mobile),
        name_masked=mask_name(name),
        id_number_masked=id_number.masked,
        mobile_masked=mobile_masked,
        created_at=clock.stamp(clock.now()),
    )
    locks = [LockRow(key, owner=person_id) for key in lock_keys(id_number.number, mobile)]
    return [
        put(row, PersonRow.person_id.does_not_exist()),
        *(put(lock, LockRow.person_id.does_not_exist()) for lock in locks),
    ]


def read(person_id: str) -> PersonRow:
    return PersonRow.get(person_id, "person", consistent_read=True)


def reveal(person: PersonRow, field: str) -> Masked:
    """Open `name`, `id_number` or `mobile`. Raises UnavailableError while keys are out of reach."""
    sealed: bytes = getattr(person, f"{field}_sealed")
    return cipher.unseal(sealed, table=settings().table("people"), row=person.person_id, field=field)


def lock_keys(number: Masked, mobile: Masked) -> list[str]:
    """The keys that lock a normalised number and a mobile, one of each for every key version."""
    return [
        *(f"id#{index}" for index in cipher.blind_indexes("id:resident", number)),
        *(f"mobile#{index}" for index in cipher.blind_indexes("mobile", mobile)),
    ]


def _seal(person_id: str, field: str, text: Masked) -> bytes:
    return cipher.seal(text, table=settings().table("people"), row=person_id, field=field)
