"""The rotation job: every person sealed and locked under the newest keys. Safe to stop and to repeat.

    1. `keyring.add_version("field")` / `("index")`: from now on new rows use the newest key, old ones open.
    2. `reseal_people()`: one transaction a person, conditioned on what was read. Killed anywhere, a second
       run does what is left. Look-ups try every key version, so a person is found exactly once throughout.

Run by the office's command line, never by a request: it walks the whole table.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.people import service as people
from chalicelib.people.service import LockRow, PersonRow
from chalicelib.platform import cipher, ids, keyring
from chalicelib.platform.settings import settings
from chalicelib.platform.transaction import Write, WriteRefused, commit, put, update

_FIELDS = ("name", "id_number", "mobile")


def reseal_people() -> int:
    """Bring every person to the newest keys. Returns how many rows were changed in this run."""
    changed = 0
    for person in _everybody():
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
    return sum(1 for person in _everybody() if _oldest_seal(person) < newest or _lock_writes(person))


def _everybody() -> Iterator[PersonRow]:
    yield from PersonRow.scan(PersonRow.part == "person", consistent_read=True)


def _oldest_seal(person: PersonRow) -> int:
    return min(cipher.seal_version(getattr(person, f"{field}_sealed")) for field in _FIELDS)


def _reseal_writes(person: PersonRow) -> list[Write]:
    if _oldest_seal(person) == keyring.newest("field").version:
        return []
    table, actions = settings().table("people"), []
    for field in _FIELDS:
        text = people.reveal(person, field)
        column = getattr(PersonRow, f"{field}_sealed")
        actions.append(column.set(cipher.seal(text, table=table, row=person.person_id, field=field)))
    unchanged = PersonRow.id_number_sealed == person.id_number_sealed
    return [update(PersonRow(person.person_id, "person"), actions, unchanged)]


def _lock_writes(person: PersonRow) -> list[Write]:
    """Locks of key versions this person has none of yet."""
    number, mobile = people.reveal(person, "id_number"), people.reveal(person, "mobile")
    wanted = people.lock_keys(number, mobile)
    present = {
        row.person_id for row in LockRow.batch_get([(k, "lock") for k in wanted], consistent_read=True)
    }
    return [
        put(LockRow(key, owner=person.person_id), LockRow.person_id.does_not_exist())
        for key in wanted
        if key not in present
    ]
