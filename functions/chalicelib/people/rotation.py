"""The rotation job: every person sealed and locked under the newest keys. Safe to stop and to repeat.

    1. `keyring.add_version("field")` / `("index")`: from now on new rows use the newest key, old ones open.
    2. `reseal_people()`: one transaction a person, conditioned on what was read. Killed anywhere, a second
       run does what is left. Look-ups try every key version, so a person is found exactly once throughout.

A room of its own because it is neither a request's use case nor a worker's: the office's command line runs
it, and it walks the whole table.
"""

from __future__ import annotations

from chalicelib.people import records
from chalicelib.people import service as people
from chalicelib.people.records import LOCK, PERSON, SEALED, LockRow, PersonRow
from chalicelib.platform import ids, keyring
from chalicelib.platform.transaction import Write, WriteRefused, commit, put, update


def reseal_people() -> int:
    """Bring every person to the newest keys. Returns how many rows were changed in this run."""
    changed = 0
    for person in records.everybody():
        writes = [*_reseal_writes(person), *_lock_writes(person)]
        if not writes:
            continue
        try:
            commit(writes, ids.new_id())
            changed += 1
        except WriteRefused:  # changed meanwhile, by a correction or another run: the next run sees it
            continue
    return changed


def rows_behind() -> int:
    """People not yet sealed and locked under the newest keys: 0 once a rotation is complete."""
    newest = keyring.newest("field").version
    return sum(
        1 for person in records.everybody() if person.oldest_seal(SEALED) < newest or _lock_writes(person)
    )


def _reseal_writes(person: PersonRow) -> list[Write]:
    if person.oldest_seal(SEALED) == keyring.newest("field").version:
        return []
    unchanged = PersonRow.id_number_sealed == person.id_number_sealed
    return [update(PersonRow(person.person_id, PERSON), person.resealed(SEALED), unchanged)]


def _lock_writes(person: PersonRow) -> list[Write]:
    """Locks of key versions this person has none of yet."""
    wanted = people.lock_keys(person.open("id_number"), person.open("mobile"))
    present = records.owners(wanted)
    return [
        put(LockRow(key, LOCK, owner=person.person_id), LockRow.person_id.does_not_exist())
        for key in wanted
        if key not in present
    ]
