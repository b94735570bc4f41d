"""What may be announced, what is taken for what, and what to do where record and bucket disagree."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import ids
from chalicelib.uploads import rules
from chalicelib.uploads.model import (
    FILES,
    PURPOSES,
    SHELVES,
    Announced,
    Arrived,
    FileAction,
    FileState,
    Recorded,
    Repair,
    Version,
    key,
    read_key,
    shelf,
)

MIB = 1024 * 1024
SHA = hashlib.sha256(b"x").hexdigest()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOON = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("purpose", "filename", "content_type", "mib"),
    [
        ("roster", "七月.xlsx", XLSX, 20),
        ("roster", "七月.CSV", "text/csv", 20),
        ("unit_document", "执照.jpg", "image/jpeg", 16),
        ("unit_document", "执照.jpeg", "image/jpeg", 16),
        ("unit_document", "执照.png", "image/png", 16),
        ("unit_document", "执照.pdf", "application/pdf", 16),
        ("claim_photo", "发票.jpg", "image/jpeg", 16),
        ("claim_photo", "发票.png", "image/png", 16),
        ("bank_file", "回单.csv", "text/csv", 5),
        ("bank_file", "回单.xlsx", XLSX, 5),
    ],
)
def test_each_purpose_takes_its_kinds_up_to_its_size(
    purpose: str, filename: str, content_type: str, mib: int
) -> None:
    for size in (1, mib * MIB):
        assert rules.announced(PURPOSES[purpose], filename, content_type, size, SHA).bytes == size
    for size, words in ((0, "空文件"), (-1, "空文件"), (mib * MIB + 1, f"{mib}MB")):
        with pytest.raises(InvalidRequestError) as refused:
            rules.announced(PURPOSES[purpose], filename, content_type, size, SHA)
        assert words in refused.value.fields["bytes"]


@pytest.mark.parametrize(
    ("purpose", "filename", "content_type", "sha256", "field"),
    [
        ("roster", "七月.xls", XLSX, SHA, "filename"),
        ("roster", "xlsx", XLSX, SHA, "filename"),
        ("roster", "七月.xlsx", "text/csv", SHA, "filename"),
        ("roster", "七月.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", SHA, "content_type"),
        ("roster", "七月.pdf", "application/pdf", SHA, "content_type"),
        ("claim_photo", "发票.pdf", "application/pdf", SHA, "content_type"),
        ("claim_photo", "发票.svg", "image/svg+xml", SHA, "content_type"),
        ("unit_document", "执照.html", "text/html", SHA, "content_type"),
        ("unit_document", "执照.jpg", "image/jpeg; charset=x", SHA, "content_type"),
        ("bank_file", "回单.csv", "text/csv", "", "sha256"),
        ("bank_file", "回单.csv", "text/csv", SHA.upper(), "sha256"),
        ("bank_file", "回单.csv", "text/csv", SHA + "0", "sha256"),
        ("bank_file", "回单.csv", "text/csv", SHA + "\n", "sha256"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(
    purpose: str, filename: str, content_type: str, sha256: str, field: str
) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        rules.announced(PURPOSES[purpose], filename, content_type, 10, sha256)
    assert list(refused.value.fields) == [field]
    assert refused.value.detail.endswith("。")


def test_a_key_is_read_back_and_nothing_else_is_a_key() -> None:
    for purpose in PURPOSES:
        file_id = ids.new_id()
        assert read_key(key(purpose, file_id)) == (purpose, file_id)
        assert shelf(purpose, file_id) in SHELVES
        assert key(purpose, file_id).startswith(shelf(purpose, file_id))
    for other in ("", "roster", "roster/", f"other/{ids.new_id()}", f"roster/x/{ids.new_id()}", "roster/UP"):
        assert read_key(other) is None


WANTED = Announced(PURPOSES["roster"], "text/csv", 10, SHA)


@pytest.mark.parametrize(
    ("arrived", "fault"),
    [
        (Arrived("text/csv", 10, SHA), ""),
        (Arrived("text/csv", 11, SHA), "bytes"),
        (Arrived("text/html", 10, SHA), "content_type"),
        (Arrived("text/csv", 10, "0" * 64), "sha256"),
    ],
)
def test_what_came_is_compared_in_every_part(arrived: Arrived, fault: str) -> None:
    assert rules.fault(WANTED, arrived) == fault


def recorded(state: FileState, version_id: str = "") -> Recorded:
    return Recorded(state, version_id, NOON)


def test_p23_a_slot_is_over_an_hour_after_its_form_though_nobody_wrote_it_down() -> None:
    waiting, last = recorded(FileState.AWAITING_UPLOAD), NOON + HOUR - timedelta(seconds=1)
    assert rules.standing(waiting, last) is FileState.AWAITING_UPLOAD
    assert rules.standing(waiting, NOON + HOUR) is FileState.EXPIRED
    for state in set(FileState) - {FileState.AWAITING_UPLOAD}:
        assert rules.standing(recorded(state), NOON + 9 * HOUR) is state


def test_of_a_file_that_is_stored_nothing_is_changed_any_more() -> None:
    allowed = {action for action in FileAction if FILES.allows(FileState.STORED, action)}
    assert allowed == {FileAction.VIEW}


def version(name: str, hours: float) -> Version:
    return Version("f", name, NOON - hours * HOUR)


YOUNG, OLD, ANCIENT = version("young", 1), version("old", 1.1), version("ancient", 24.1)
STORED = recorded(FileState.STORED, "old")
LATER = NOON + HOUR


@pytest.mark.parametrize(
    ("record", "versions", "todo"),
    [
        (None, [ANCIENT], [(Repair.REMOVE, ANCIENT)]),
        (None, [version("day", 24)], []),
        (recorded(FileState.AWAITING_UPLOAD), [OLD], [(Repair.RECEIVE, OLD)]),
        (recorded(FileState.AWAITING_UPLOAD), [YOUNG], []),
        (recorded(FileState.AWAITING_UPLOAD), [], []),
        (recorded(FileState.REFUSED), [OLD], [(Repair.RECEIVE, OLD)]),
        (recorded(FileState.REFUSED), [], []),
        (recorded(FileState.EXPIRED), [OLD], [(Repair.RECEIVE, OLD)]),
        (recorded(FileState.EXPIRED), [], []),
        (STORED, [OLD], []),
        (STORED, [YOUNG, OLD], []),
        (STORED, [OLD, ANCIENT], [(Repair.RECEIVE, ANCIENT)]),
        (STORED, [], [(Repair.REPORT, None)]),
        (STORED, [YOUNG], [(Repair.REPORT, None)]),
    ],
)
def test_where_record_and_bucket_disagree(
    record: Recorded | None, versions: list[Version], todo: list[tuple[Repair, Version | None]]
) -> None:
    assert rules.repairs(record, versions, NOON) == todo


def test_a_slot_expires_only_once_no_form_can_put_anything_there() -> None:
    waiting = recorded(FileState.AWAITING_UPLOAD)
    assert rules.repairs(waiting, [], LATER) == [(Repair.EXPIRE, None)]
    assert rules.repairs(waiting, [version("v", -1)], LATER) == []


@given(st.lists(st.sampled_from("abcde")), st.sets(st.sampled_from("abcde")))
def test_both_sides_are_read_in_one_pass_and_nothing_is_left_out(
    objects: list[str], records: set[str]
) -> None:
    """Guard: none to remove; it holds the comparison itself."""
    lying = [Version(name, str(n), NOON) for n, name in enumerate(sorted(objects))]
    seen = list(rules.side_by_side(((name, name.upper()) for name in sorted(records)), lying))
    assert [name for name, _, _ in seen] == sorted(records | set(objects))
    for name, record, versions in seen:
        assert record == (name.upper() if name in records else None)
        assert versions == [each for each in lying if each.file_id == name]
