"""Rings of data keys: a table of their own, made once, added to by one, never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.kernel import UnavailableError
from chalicelib.platform import keyring
from tests.contract.store import dump, rows


def stored(purpose: str) -> dict[int, bytes]:
    """What the store holds of a ring: {version: wrapped}."""
    found = rows("keys", purpose=purpose)
    return {int(row["version"]["N"]): bytes(row["wrapped"]["B"]) for row in found}


def test_rings_lie_in_their_own_table_and_no_other(aws_moto: None) -> None:
    assert {name for name, held in dump().items() if held} == {"keys"}
    assert {row["purpose"]["S"] for row in rows("keys")} == set(keyring.PURPOSES)
    assert all(set(row) == {"purpose", "version", "wrapped"} for row in rows("keys"))


def test_making_sure_of_rings_again_changes_nothing(aws_moto: None) -> None:
    before = dump()
    for _ in range(3):
        keyring.ensure()
    assert dump() == before
    assert set(stored("field")) == {1}


def test_two_that_make_sure_at_once_make_one_ring(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "_rows", lambda purpose: [])  # each saw the ring before it was made
    before = stored("field")
    keyring.ensure()
    assert stored("field") == before


def test_a_new_version_is_the_newest_and_the_old_ones_stay(aws_moto: None) -> None:
    first = keyring.newest("field")
    assert [keyring.add_version("field") for _ in range(10)] == list(range(2, 12))
    ring = keyring.keys("field")
    assert [key.version for key in ring] == list(range(1, 12))  # by number: 10 is after 9
    assert ring[0] == first
    assert len({key.secret for key in ring}) == 11
    assert [key.version for key in keyring.keys("index")] == [1]


def test_of_two_that_add_a_version_at_once_one_is_refused_and_no_key_is_lost(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: platform.keyring._put, the condition. A key written over would lose all it had sealed."""
    barrier, making = Barrier(2), keyring._new_wrapped

    def both_have_read(purpose: str) -> bytes:
        barrier.wait()
        return making(purpose)

    def turn(_: int) -> str:
        try:
            return str(keyring.add_version("field"))
        except UnavailableError as error:
            return error.code

    monkeypatch.setattr(keyring, "_new_wrapped", both_have_read)
    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(turn, range(2)))
    assert outcomes == ["2", "platform.keys_turned_twice"]
    assert set(stored("field")) == {1, 2}


def test_a_version_that_is_there_is_never_written_over(
    aws_moto: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: platform.keyring._put, the condition."""
    read_early = keyring._rows("field")
    keyring.add_version("field")
    before = stored("field")
    monkeypatch.setattr(keyring, "_rows", lambda purpose: read_early)
    with pytest.raises(UnavailableError):
        keyring.add_version("field")
    assert stored("field") == before


def test_a_ring_without_a_key_is_a_pause_and_not_an_empty_ring(
    aws_moto: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.forget()
    monkeypatch.setattr(keyring, "_rows", lambda purpose: [])
    with pytest.raises(UnavailableError) as refused:
        keyring.keys("field")
    assert refused.value.code == "platform.keys_unavailable"
