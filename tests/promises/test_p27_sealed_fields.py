"""P27: fields are sealed to their place, keys turn, and everybody is found exactly once while they do."""

from __future__ import annotations

from datetime import date

import boto3
import pytest

from chalicelib.enrollment.records import OfficeCheckRow
from chalicelib.enrollment.service import office_checks
from chalicelib.kernel import Masked, System
from chalicelib.people import rotation
from chalicelib.people import service as people
from chalicelib.people.model import Found, Standing
from chalicelib.people.records import PersonRow
from chalicelib.people.rules import read_id_number
from chalicelib.platform import cipher, keyring
from chalicelib.platform.cipher import SealBroken
from chalicelib.platform.transaction import commit
from chalicelib.platform.work import Work
from infra.people import DemoPerson, demo_person
from tests.house import add_seats, application, phone

TODAY = date(2026, 11, 22)
PLACE = {"table": "people", "row": "p1", "field": "name"}


def bind(person_id: str, person: DemoPerson) -> None:
    number = read_id_number(person.id_number, TODAY)
    name, mobile = Masked(person.name), Masked(person.mobile)
    work = Work(System())
    work.add(people.bind_writes(work, person_id, name, number, mobile, "199****0000"))
    work.commit()


def find(person: DemoPerson) -> Found:
    number = read_id_number(person.id_number, TODAY)
    return people.find(number, cipher.blind_indexes("mobile", Masked(person.mobile)))


@pytest.mark.parametrize("moved", [{"table": "codes"}, {"row": "p2"}, {"field": "mobile"}])
def test_p27_a_field_moved_to_another_place_does_not_open(aws_moto: None, moved: dict[str, str]) -> None:
    """Guard: platform.cipher._context binds table, row and field."""
    sealed = cipher.seal(Masked("赵安"), **PLACE)
    assert cipher.unseal(sealed, **PLACE) == Masked("赵安")
    with pytest.raises(SealBroken):
        cipher.unseal(sealed, **{**PLACE, **moved})


def test_p27_two_people_cannot_have_their_fields_swapped(aws_moto: None) -> None:
    """Guard: platform.rows.SealedRow._place names the row."""
    bind("p1", demo_person(1))
    bind("p2", demo_person(2))
    one, two = people.read("p1"), people.read("p2")
    one.id_number_sealed, two.id_number_sealed = two.id_number_sealed, one.id_number_sealed
    for person in (one, two):
        with pytest.raises(SealBroken):
            person.open("id_number")


def test_p27_every_changed_byte_is_noticed(aws_moto: None) -> None:
    """Guard: AES-GCM's tag in platform.cipher.unseal."""
    sealed = cipher.seal(Masked("赵安"), **PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            cipher.unseal(bytes(changed), **PLACE)


def test_p27_equal_values_seal_differently_and_index_alike(aws_moto: None) -> None:
    """Guard: the random nonce of platform.cipher.seal; the keyed digest of blind_indexes."""
    mobile = Masked("19900000001")
    assert cipher.seal(mobile, **PLACE) != cipher.seal(mobile, **PLACE)
    assert cipher.blind_indexes("mobile", mobile) == cipher.blind_indexes("mobile", mobile)
    assert cipher.blind_indexes("mobile", mobile) != cipher.blind_indexes("id:resident", mobile)
    assert cipher.blind_indexes("mobile", mobile) == cipher.blind_indexes("mobile", Masked("１９９00000001"))


def test_p27_the_index_key_is_not_the_field_key(aws_moto: None) -> None:
    """Guard: platform.keyring keeps one ring a purpose."""
    assert keyring.newest("field").secret != keyring.newest("index").secret


def test_p27_keys_turn_and_everybody_is_found_exactly_once_throughout(aws_moto: None) -> None:
    """Guard: platform.cipher looks up every key version; people.rotation re-seals and re-locks."""
    crowd = [demo_person(seed) for seed in range(5)]
    for seed, person in enumerate(crowd):
        bind(f"p{seed}", person)
    assert keyring.add_version("field") == 2
    assert keyring.add_version("index") == 2
    late = demo_person(99)
    bind("late", late)
    expected = {f"p{seed}": person for seed, person in enumerate(crowd)} | {"late": late}
    for person_id, person in expected.items():
        assert find(person) == Found(Standing.KNOWN, person_id)
    assert rotation.rows_behind() == len(crowd)
    assert rotation.reseal_people() == len(crowd)
    assert rotation.rows_behind() == 0
    assert rotation.reseal_people() == 0
    for person_id, person in expected.items():
        assert find(person) == Found(Standing.KNOWN, person_id)
        row = people.read(person_id)
        assert row.open("id_number") == Masked(person.id_number)
        assert cipher.seal_version(row.name_sealed) == 2


class Killed(BaseException):
    """The process died here; no handler may catch it."""


@pytest.mark.parametrize("side", ["before", "after"])
def test_p27_a_rotation_killed_at_any_call_finishes_on_the_next_run(
    aws_moto: None, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    """Guard: people.rotation writes a person in one transaction conditioned on what it read."""
    crowd = {f"p{seed}": demo_person(seed) for seed in range(3)}
    for person_id, person in crowd.items():
        bind(person_id, person)
    for deadly in range(1, 4):
        keyring.add_version("field")
        keyring.add_version("index")
        calls = 0

        def dying(writes: object, attempt_id: str, deadly: int = deadly) -> None:
            nonlocal calls
            calls += 1
            if calls == deadly and side == "before":
                raise Killed
            commit(writes, attempt_id)  # type: ignore[arg-type]
            if calls == deadly:
                raise Killed

        monkeypatch.setattr(rotation, "commit", dying)
        with pytest.raises(Killed):
            rotation.reseal_people()
        monkeypatch.setattr(rotation, "commit", commit)
        for person_id, person in crowd.items():
            assert find(person) == Found(Standing.KNOWN, person_id)
        rotation.reseal_people()
        assert rotation.rows_behind() == 0
    for person_id, person in crowd.items():
        assert people.read(person_id).open("mobile") == Masked(person.mobile)


def test_p27_nothing_readable_stands_in_the_table(aws_moto: None) -> None:
    """Guard: people.service.bind_writes seals name, number and mobile."""
    person = demo_person(7)
    bind("p1", person)
    dump = repr(boto3.client("dynamodb").scan(TableName="huzhu-test-people")["Items"])
    for secret in (person.name, person.id_number, person.mobile):
        assert secret not in dump
    assert PersonRow.get("p1", "person").name_masked == person.name[0] + "**"


def test_p27_what_waits_for_the_desk_turns_too(aws_moto: None) -> None:
    """Guard: platform.resealing.reseal."""
    add_seats(1)
    owner, other = phone(1), phone(2)
    owner.join()
    other.call("POST", "/enrollments", application(owner.person))
    keyring.add_version("field")
    assert (office_checks.reseal(), office_checks.reseal()) == (1, 0)
    (row,) = OfficeCheckRow.scan(OfficeCheckRow.folder.startswith("office_check#"))
    assert cipher.seal_version(row.id_number_sealed) == 2
    assert row.open("id_number") == Masked(owner.person.id_number)
