"""A use case's work: one reading of the clock, rounds that end, writes that are committed once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from chalicelib.kernel import ForbiddenError, System, UnavailableError
from chalicelib.people.records import LockRow
from chalicelib.platform.transaction import Write, WriteRefused, put
from chalicelib.platform.work import ROUNDS, Work, retry
from tests.contract.store import rows

EVE = datetime(2026, 11, 22, 15, 59, 59, 999_999, tzinfo=UTC)  # the last microsecond of a Shanghai day


def lock(key: str) -> Write:
    return put(LockRow(key, "lock", owner="p"), LockRow.person_id.does_not_exist())


def test_day_sequence_seconds_and_stamp_come_from_one_reading_of_the_clock() -> None:
    with time_machine.travel(EVE, tick=False) as clock:
        work = Work(System())
        clock.shift(timedelta(hours=5))  # the use case takes its time, and midnight passes
        again = Work(System())
        seen = (work.now, work.today, work.seconds, work.sequence, work.stamp)
    at = int(EVE.timestamp())
    assert seen == (EVE, date(2026, 11, 22), at, at * 1_000_000 + 999_999, "2026-11-22T15:59:59Z")
    assert again.today == date(2026, 11, 23)


def test_a_microsecond_later_is_later_and_may_be_another_day() -> None:
    before, after = (Work(System(), now=EVE + timedelta(microseconds=n)) for n in (0, 1))
    assert after.sequence == before.sequence + 1
    assert (before.today, after.today) == (date(2026, 11, 22), date(2026, 11, 23))


def test_another_transaction_of_the_same_work_has_its_time_and_none_of_its_writes() -> None:
    catalogue = object()
    work = Work(System(), now=EVE, catalogue=catalogue)
    work.add(lock("a"))
    other = work.for_another()
    assert (other.now, other.actor, other.catalogue) == (EVE, work.actor, catalogue)
    assert (other.writes, other.attempt) == ([], None)


def test_writes_are_added_singly_and_as_lists() -> None:
    work = Work(System())
    work.add(lock("a"), [lock("b"), lock("c")], [], (lock(key) for key in "de"))
    assert [write.item[1] for write in work.writes] == list("abcde")


@pytest.mark.usefixtures("aws_moto")
def test_commit_writes_everything_and_leaves_nothing_behind() -> None:
    work = Work(System())
    work.add(lock("a"), lock("b"))
    work.commit()
    assert work.writes == []
    assert len(rows("people")) == 2
    work.add(lock("a"))
    with pytest.raises(WriteRefused):
        work.commit()
    assert work.writes == []
    assert len(rows("people")) == 2


@pytest.mark.usefixtures("aws_moto")
def test_a_round_begins_without_the_writes_of_the_one_before() -> None:
    """Guard: platform.work.retry empties `writes`; else a second round would write both rounds' rows."""
    taken = Work(System())
    taken.add(lock("taken"))
    taken.commit()
    work, tried = Work(System()), []

    def one_round() -> str:
        tried.append(len(work.writes))
        work.add(lock("mine"))
        if len(tried) == 1:
            raise WriteRefused  # a look at the store said so, before anything was committed
        if len(tried) == 2:
            work.add(lock("taken"))
        work.commit()
        return "done"

    assert retry(work, one_round) == "done"
    assert tried == [0, 0, 0]
    assert sorted(row["person_id"]["S"] for row in rows("people")) == ["mine", "taken"]


def test_rounds_end_with_a_pause_and_not_with_a_loop() -> None:
    """Guard: platform.work.retry, ROUNDS."""
    rounds = []

    def refused() -> None:
        rounds.append(1)
        raise WriteRefused

    with pytest.raises(UnavailableError) as busy:
        retry(Work(System()), refused)
    assert len(rounds) == ROUNDS == 4
    assert busy.value.code == "platform.busy"
    assert busy.value.retry_after_seconds > 0


def test_what_is_no_refusal_of_the_store_ends_the_rounds_at_once() -> None:
    rounds = []

    def forbidden() -> None:
        rounds.append(1)
        raise ForbiddenError("test.no", "不行。")

    with pytest.raises(ForbiddenError):
        retry(Work(System()), forbidden)
    assert len(rounds) == 1
