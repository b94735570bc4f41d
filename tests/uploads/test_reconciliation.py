"""The night: record and bucket side by side, repaired where a rule can repair, reported where none can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.kernel import System, UnavailableError
from chalicelib.platform import aws, clock, ids
from chalicelib.platform.work import Work
from chalicelib.uploads import bucket, reconciliation, records, worker
from chalicelib.uploads.model import SHELVES, FileState, key
from tests.uploads.slots import (
    OTHER,
    found,
    log_of,
    opened,
    pinned,
    place,
    put,
    tell,
    versions,
)

pytestmark = pytest.mark.usefixtures("upload_bucket")
HOURS, DAYS = timedelta(hours=2), timedelta(days=2)
FEW = ("claim_photo/a", "roster/a", "roster/b")


@pytest.fixture
def few_shelves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three instead of 128, and every id on the middle one of them."""
    monkeypatch.setattr(reconciliation, "SHELVES", FEW)
    made = ids.new_id
    monkeypatch.setattr(ids, "new_id", lambda: "a" + made()[1:])


def night(later: timedelta = HOURS) -> bool:
    return reconciliation.reconcile(Work(System(), now=clock.now() + later))


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_every_shelf_there_is_is_walked() -> None:
    assert len(SHELVES) == 4 * 32 == len(set(SHELVES))
    assert list(SHELVES) == sorted(SHELVES)


@pytest.mark.usefixtures("few_shelves")
def test_a_file_whose_event_was_lost_is_received() -> None:
    right, wrong = opened(), opened()
    first = put(right)
    put(wrong, OTHER)
    assert night(timedelta(minutes=59))
    assert found(right).state is FileState.AWAITING_UPLOAD  # the event may still come
    assert night()
    assert (found(right).state, pinned(right), log_of(right)) == (FileState.STORED, first, ["file_stored"])
    assert (found(wrong).refusal, versions(wrong)) == ("sha256", [])


@pytest.mark.usefixtures("few_shelves")
def test_a_slot_nobody_used_is_written_down_as_expired() -> None:
    slot = opened()
    assert night(timedelta(minutes=64))
    row = records.read(slot.file_id)
    assert row is not None
    assert row.state == FileState.AWAITING_UPLOAD.value
    assert night()
    row = records.read(slot.file_id)
    assert row is not None
    assert row.state == FileState.EXPIRED.value
    tell(slot, put(slot))  # nothing can come any more; if it does, it is not kept
    assert (found(slot).state, versions(slot)) == (FileState.EXPIRED, [])


@pytest.mark.usefixtures("few_shelves")
def test_versions_nobody_will_see_are_removed_and_the_pinned_one_never() -> None:
    slot = opened()
    first = put(slot)
    tell(slot, first)
    put(slot)
    put(slot, OTHER)
    assert night()
    assert versions(slot) == [first] == [pinned(slot)]


@pytest.mark.usefixtures("few_shelves")
def test_an_object_without_a_record_goes_after_a_day(upload_bucket: str) -> None:
    store, name = aws.client("s3"), key("roster", "a" + ids.new_id()[1:])
    store.put_object(Bucket=upload_bucket, Key=name, Body=b"x")
    for later, left in ((timedelta(hours=23), 1), (DAYS, 0)):
        assert night(later)
        assert len(store.list_object_versions(Bucket=upload_bucket).get("Versions", [])) == left


@pytest.mark.usefixtures("few_shelves")
def test_a_record_the_index_does_not_show_yet_keeps_its_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: uploads.reconciliation:_repair reads the row again before it removes anything."""
    slot = opened()
    version_id = put(slot)
    tell(slot, version_id)
    monkeypatch.setattr(records, "on_shelf", lambda name, after: iter(()))
    assert night(DAYS)
    assert versions(slot) == [version_id]


@pytest.mark.usefixtures("few_shelves")
def test_a_record_whose_object_is_gone_rings(capfd: pytest.CaptureFixture[str]) -> None:
    slot = opened()
    version_id = put(slot)
    tell(slot, version_id)
    bucket.remove(place(slot), version_id)
    capfd.readouterr()
    assert night()
    assert [(each["event"], each["file_id"]) for each in lines(capfd)] == [
        ("upload_object_missing", slot.file_id)
    ]
    assert found(slot).state is FileState.STORED  # what was received is not denied


@pytest.mark.usefixtures("few_shelves")
def test_a_second_night_finds_nothing_to_do(capfd: pytest.CaptureFixture[str]) -> None:
    for data in (b"a", b"b"):
        put(opened(data), data)
    opened()
    assert night()
    capfd.readouterr()
    assert night()
    assert lines(capfd) == []


@pytest.mark.usefixtures("few_shelves")
def test_it_stops_in_time_and_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = sorted((opened() for _ in range(5)), key=lambda slot: slot.file_id)
    looked_at: list[str] = []
    repair = reconciliation._repair

    def see(work: Work, shelf: str, file_id: str, *rest: object) -> None:
        looked_at.append(file_id)
        repair(work, shelf, file_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reconciliation, "_repair", see)
    later = clock.now() + HOURS
    for n in range(1, 6):
        assert not reconciliation.reconcile(Work(System(), now=later), seconds=0)
        assert looked_at == [slot.file_id for slot in slots[:n]]
    assert reconciliation.reconcile(Work(System(), now=later), seconds=0)
    assert len(looked_at) == 5
    assert records.cursor().place == ""


@pytest.mark.usefixtures("few_shelves")
def test_a_file_that_cannot_be_dealt_with_hides_no_other(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Guard: uploads.reconciliation:_walk, its except."""
    first, second = sorted((opened() for _ in range(2)), key=lambda slot: slot.file_id)
    put(first)
    put(second)
    read = bucket.arrived

    def fail(where: str, version_id: str, most: int) -> object:
        if where == place(first):
            raise ValueError("13800000000")
        return read(where, version_id, most)

    monkeypatch.setattr(bucket, "arrived", fail)
    assert night()
    assert (found(first).state, found(second).state) == (FileState.AWAITING_UPLOAD, FileState.STORED)
    told = lines(capfd)
    assert [each["file_id"] for each in told if each["event"] == "upload_repair_failed"] == [first.file_id]
    assert "13800000000" not in json.dumps(told)


@pytest.mark.usefixtures("few_shelves")
def test_while_the_store_is_down_the_night_ends_and_begins_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = opened()
    put(slot)
    read = records.read

    def down(file_id: str) -> object:
        raise aws.busy()

    monkeypatch.setattr(records, "read", down)
    with pytest.raises(UnavailableError):
        night()
    monkeypatch.setattr(records, "read", read)
    assert night()
    assert found(slot).state is FileState.STORED


@pytest.mark.usefixtures("few_shelves")
def test_of_two_runs_at_once_one_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    walk, within = records.on_shelf, []

    def and_another_run(name: str, after: str) -> Iterator[tuple[str, records.FileRow]]:
        if not within:
            within.append(name)
            assert night()
        return walk(name, after)

    monkeypatch.setattr(records, "on_shelf", and_another_run)
    assert not night()
    assert len(within) == 1


@pytest.mark.usefixtures("few_shelves")
def test_the_night_says_whether_it_came_to_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    worker.on_schedule()
    assert [(each["event"], each["state"]) for each in lines(capfd)] == [("uploads_reconciled", "whole")]


def test_a_page_of_the_list_is_followed_by_the_next() -> None:
    """Guard: uploads.bucket:on_shelf reads page by page, from behind the last file."""
    made = sorted(place(opened()) for _ in range(4))
    for name in made:
        for _ in range(2):
            aws.client("s3").put_object(Bucket="huzhu-test-uploads", Key=name, Body=b"x")
    listed = [each.file_id for first in SHELVES for each in bucket.on_shelf(first, "")]
    assert listed == [name.partition("/")[2] for name in made for _ in range(2)]
    shelf, last = made[0][:8], made[0].partition("/")[2]
    assert last not in [each.file_id for each in bucket.on_shelf(shelf, last)]
