"""The log in the store: appended with the fact or not at all, never overwritten, checked end to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.audit import records
from chalicelib.audit import service as audit
from chalicelib.audit.model import Break, Fault
from chalicelib.kernel import Actor, System
from chalicelib.platform import ids, tables
from chalicelib.platform.transaction import WriteRefused, commit
from chalicelib.platform.work import Work

pytestmark = pytest.mark.usefixtures("aws_moto")
SUBJECT = audit.person("p1")
SELF = Actor("member#1", "self")


def append(action: str, head: audit.Head | None) -> None:
    commit(audit.entry_writes(Work(SELF), SUBJECT, action, {"campaign": "nef"}, head), ids.new_id())


def three_entries() -> None:
    for action in ("joined", "viewed", "left"):
        append(action, audit.read_head(SUBJECT))


def raw() -> Any:
    return boto3.resource("dynamodb").Table("huzhu-test-audit")


def test_a_new_subject_begins_without_a_read() -> None:
    operations: list[str] = []
    tables.connection().client.meta.events.register(
        "before-call.dynamodb.*", lambda model, **_: operations.append(model.name)
    )
    append("joined", None)
    assert operations == ["TransactWriteItems"]
    assert [(entry.seq, entry.action) for entry in audit.entries(SUBJECT)] == [(1, "joined")]


def test_entries_are_chained_and_the_head_follows() -> None:
    three_entries()
    first, second, third = audit.entries(SUBJECT)
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert audit.read_head(SUBJECT) == audit.Head(3, third.hash)
    assert audit.verify(SUBJECT) is None
    assert audit.verify(audit.person("nobody")) is None


def test_two_writers_after_the_same_head_one_is_refused() -> None:
    append("joined", None)
    head = audit.read_head(SUBJECT)
    append("viewed", head)
    with pytest.raises(WriteRefused):
        append("left", head)
    assert [entry.action for entry in audit.entries(SUBJECT)] == ["joined", "viewed"]


def test_a_subject_begun_by_another_writer_is_not_begun_again() -> None:
    append("joined", None)
    with pytest.raises(WriteRefused):
        append("joined", None)
    assert len(audit.entries(SUBJECT)) == 1


def test_a_lost_head_does_not_let_an_old_entry_be_overwritten() -> None:
    append("joined", None)
    before = audit.entries(SUBJECT)
    raw().delete_item(Key={"subject": SUBJECT, "seq": 0})
    with pytest.raises(WriteRefused):
        append("something else", None)
    assert audit.entries(SUBJECT) == before


def test_an_entry_that_is_there_is_never_replaced_even_with_the_right_head() -> None:
    append("joined", None)
    head = audit.read_head(SUBJECT)
    assert head is not None
    raw().put_item(Item={"subject": SUBJECT, "seq": 2, "action": "planted"})
    with pytest.raises(WriteRefused):
        append("viewed", head)


def test_nothing_is_written_when_the_rest_of_the_transaction_is_refused() -> None:
    append("joined", None)
    head = audit.read_head(SUBJECT)
    taken = audit.entry_writes(Work(SELF), SUBJECT, "viewed", {}, head)
    refused = audit.entry_writes(Work(SELF), audit.person("p2"), "joined", {}, audit.Head(1, "f" * 64))
    with pytest.raises(WriteRefused):
        commit([*taken, *refused], ids.new_id())
    assert audit.read_head(SUBJECT) == head
    assert audit.verify(SUBJECT) is None


def test_rows_are_only_ever_put() -> None:
    """So the functions' policy may refuse UpdateItem and DeleteItem on this table."""
    bodies: list[str] = []
    tables.connection().client.meta.events.register(
        "before-call.dynamodb.TransactWriteItems",
        lambda params, **_: bodies.append(
            params["body"] if isinstance(params["body"], str) else params["body"].decode()
        ),
    )
    three_entries()
    assert len(bodies) == 3
    assert all('"Put"' in body and '"Update"' not in body and '"Delete"' not in body for body in bodies)


@pytest.mark.parametrize(
    ("seq", "change", "found"),
    [
        (2, {"actor": "staff#1"}, Break(SUBJECT, 2, Fault.CHANGED)),
        (2, None, Break(SUBJECT, 2, Fault.MISSING)),
        (3, None, Break(SUBJECT, 3, Fault.MISSING)),
        (0, None, Break(SUBJECT, 1, Fault.UNANCHORED)),
        (0, {"last_seq": 2}, Break(SUBJECT, 2, Fault.UNANCHORED)),
    ],
)
def test_what_was_done_to_the_table_is_named(seq: int, change: dict[str, Any] | None, found: Break) -> None:
    three_entries()
    key = {"subject": SUBJECT, "seq": seq}
    if change is None:
        raw().delete_item(Key=key)
    else:
        item = raw().get_item(Key=key)["Item"]
        raw().put_item(Item={**item, **change})
    assert audit.verify(SUBJECT) == found


def test_an_entry_added_while_the_log_is_read_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    three_entries()
    real, added = records.entries_of, []

    def read_then_write(subject: str) -> list[audit.Entry]:
        if not added:
            added.append(True)
            append("viewed", audit.read_head(SUBJECT))
        return real(subject)

    monkeypatch.setattr(records, "entries_of", read_then_write)
    assert audit.verify(SUBJECT) is None


def test_an_entry_says_who_and_when_as_its_work_does() -> None:
    """The fact and its entry can never tell two times: both read the work's clock."""
    at = datetime(2026, 11, 22, 15, 59, 59, 123456, tzinfo=UTC)
    work = Work(System(), now=at)
    work.add(audit.entry_writes(work, SUBJECT, "promoted", {}, None))
    work.commit()
    (entry,) = audit.entries(SUBJECT)
    assert (entry.actor, entry.at) == ("schedule", "2026-11-22T15:59:59.123456+00:00")
