"""P15: a form cannot be reused to swap evidence. On the real stack: tests/stack/test_uploads.py."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.platform.work import Work
from chalicelib.uploads import service
from chalicelib.uploads.model import FileState, Slot
from tests.uploads.slots import CLERK, OTHER, PAPER, found, log_of, opened, pinned, put, tell, versions

pytestmark = pytest.mark.usefixtures("upload_bucket")


def seen_by_a_reviewer(slot: Slot) -> str:
    """The version a link gives."""
    address = urlsplit(service.link(Work(CLERK), slot.file_id).url)
    return parse_qs(address.query)["versionId"][0]


@pytest.mark.parametrize("later", [PAPER, OTHER, PAPER + b"x"])
def test_p15_what_is_posted_after_the_receipt_is_never_seen_and_goes(later: bytes) -> None:
    """Guards: uploads.service:_receive, `FILES.allows(state, RECEIVE)`; the link names the pinned version."""
    slot = opened()
    first = put(slot)
    tell(slot, first)
    receipt = found(slot).receipt
    second = put(slot, later)
    assert seen_by_a_reviewer(slot) == first  # while the second lies above it
    assert service.content(slot.file_id) == PAPER
    tell(slot, second)
    assert seen_by_a_reviewer(slot) == first
    assert found(slot).receipt == receipt
    assert versions(slot) == [first]


def test_p15_a_slot_is_used_once_however_often_it_is_told() -> None:
    """Guard: uploads.records:store_write, its condition; `row.version_id == version_id` in service."""
    slot = opened()
    first = put(slot)
    for _ in range(3):
        tell(slot, first, first)
    assert (pinned(slot), versions(slot), log_of(slot)) == (first, [first], ["file_stored"])


def test_p15_the_pin_is_a_condition_of_the_store_and_not_only_a_check() -> None:
    """Guard: uploads.records:store_write, `move.condition`."""
    from chalicelib.kernel import System
    from chalicelib.platform.transaction import WriteRefused
    from chalicelib.uploads import records

    slot = opened()
    first, second = put(slot), put(slot)
    stale = records.read(slot.file_id)
    assert stale is not None
    tell(slot, first)
    work = Work(System())
    work.add(records.store_write(stale, second, work.now))
    with pytest.raises(WriteRefused):
        work.commit()
    assert pinned(slot) == first


def test_p15_other_bytes_first_keep_no_place_for_themselves() -> None:
    """Guard: uploads.service:_receive compares what it read."""
    slot = opened()
    tell(slot, put(slot, OTHER))
    assert (found(slot).state, versions(slot)) == (FileState.REFUSED, [])
    with pytest.raises(LookupError):
        service.content(slot.file_id)
