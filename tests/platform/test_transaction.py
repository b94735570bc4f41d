"""What a transaction may be is known before the store is asked."""

from __future__ import annotations

import pytest

from chalicelib.groups.records import SeatRow
from chalicelib.people.records import LockRow
from chalicelib.platform import ids, tables
from chalicelib.platform.transaction import MOST_ITEMS, Write, check, commit, delete, put, update
from tests.contract.store import recorded, rows

pytestmark = pytest.mark.usefixtures("aws_moto")


def lock(key: str, part: str = "lock") -> Write:
    row = LockRow(key, part, owner="p")
    return put(row, LockRow.person_id.does_not_exist())


def test_two_writes_to_one_item_are_refused_before_the_store_is_asked() -> None:
    """Guard: platform.transaction.check, the count of each item."""
    for second in (
        lock("id#1"),
        update(LockRow("id#1", "lock"), [LockRow.owner.set("q")], None),
        delete(LockRow("id#1", "lock"), None),
    ):
        with recorded() as calls, pytest.raises(ValueError, match="same item twice in: people"):
            commit([lock("id#1"), lock("id#2"), second], ids.new_id())
        assert calls == []
    assert rows("people") == []


def test_the_same_key_in_another_row_or_table_is_another_item() -> None:
    seat = SeatRow("id#1", "lock", left=1)
    commit([lock("id#1"), lock("id#1", "other"), put(seat, SeatRow.id.does_not_exist())], ids.new_id())
    assert (len(rows("people")), len(rows("groups"))) == (2, 1)


def test_a_hundred_items_are_written_and_one_more_is_refused_before_the_store_is_asked() -> None:
    """Guard: platform.transaction.check, MOST_ITEMS."""
    assert MOST_ITEMS == 100
    with recorded() as calls, pytest.raises(ValueError, match="101 writes"):
        commit([lock(f"id#{n}") for n in range(101)], ids.new_id())
    assert calls == []
    commit([lock(f"id#{n}") for n in range(100)], ids.new_id())
    assert len(rows("people")) == 100


def test_what_is_refused_names_tables_and_no_key() -> None:
    """A key may hold what nobody should read in a log."""
    with pytest.raises(ValueError, match="twice") as refused:
        check([lock("id#secret"), lock("id#secret")])
    assert "secret" not in str(refused.value)


def test_a_write_knows_its_item_whatever_it_does() -> None:
    item = ("people", "id#1", "lock")
    assert lock("id#1").item == item
    assert update(LockRow("id#1", "lock"), [LockRow.owner.set("q")], None).item == item
    assert delete(LockRow("id#1", "lock"), None).item == item
    assert tables.Row.store_key.fget(SeatRow("policy", "seats#0")) == ("policy", "seats#0")
