"""Rows of the table of people that this domain owns; `enrollment` adds consents to the same partition.

person_id              part
P                      person    names and numbers, sealed
id#<version>#<hmac>    lock      this number belongs to `owner`
mobile#<version>#…     lock      this mobile belongs to `owner`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.platform.rows import PeopleRow

PERSON, LOCK = "person", "lock"
SEALED = ("name", "id_number", "mobile")


class PersonRow(PeopleRow):
    name_sealed = BinaryAttribute(legacy_encoding=False)
    id_number_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    # Masks are stored so that lists still work while the keys are out of reach (P25).
    name_masked = UnicodeAttribute()
    id_number_masked = UnicodeAttribute()
    mobile_masked = UnicodeAttribute()
    created_at = UnicodeAttribute()


class LockRow(PeopleRow):
    owner = UnicodeAttribute()


def id_lock(index: str) -> str:
    return f"id#{index}"


def mobile_lock(index: str) -> str:
    return f"mobile#{index}"


def owners(locks: Iterable[str]) -> dict[str, str]:
    """The owner of each lock that exists. One consistent batch read."""
    keys = [(lock, LOCK) for lock in locks]
    return {row.person_id: row.owner for row in LockRow.batch_get(keys, consistent_read=True)}


def everybody() -> Iterator[PersonRow]:
    """Walks the whole table: for the office's command line, never for a request."""
    yield from PersonRow.scan(PersonRow.part == PERSON, consistent_read=True)
