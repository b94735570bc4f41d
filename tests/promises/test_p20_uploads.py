"""P20 for files: events come twice, late, in any order, or after a worker died; the end is the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.platform import aws
from chalicelib.uploads import bucket, worker
from chalicelib.uploads.model import FileState
from tests.uploads.slots import OTHER, PAPER, found, log_of, message, opened, pinned, put, versions

pytestmark = pytest.mark.usefixtures("upload_bucket")
RIGHT, WRONG, TYPE = (PAPER, "text/csv"), (OTHER, "text/csv"), (PAPER, "text/html")


class Died(BaseException):
    """As a function that was cut off."""


def told(event: dict[str, Any]) -> None:
    with contextlib.suppress(Died):
        assert worker.on_queue(event) == {"batchItemFailures": []}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_p20_whatever_the_order_and_however_often_the_end_is_the_same(data: st.DataObject) -> None:
    """Guards: uploads.model:FILES, refused and then received; uploads.service:_receive, safe to repeat."""
    posted = data.draw(st.lists(st.sampled_from([RIGHT, WRONG, TYPE]), max_size=3))
    slot = opened()
    lying = [(put(slot, *each), each is RIGHT) for each in posted]
    once = [version_id for version_id, _ in lying]
    repeats = data.draw(st.lists(st.sampled_from(once), max_size=4)) if once else []
    deaths = data.draw(st.lists(st.integers(0, 5), max_size=3))
    order = data.draw(st.permutations(once + repeats))
    with dying(deaths):
        for version_id in order:
            told({"Records": [message(slot, version_id)]})
    for version_id in order:  # what was not answered comes again
        told({"Records": [message(slot, version_id)]})

    right = [version_id for version_id, is_right in lying if is_right]
    if right:
        assert (found(slot).state, found(slot).refusal) == (FileState.STORED, "")
        assert versions(slot) == [pinned(slot)]
        assert pinned(slot) in right
        assert log_of(slot) == ["file_stored"]
    else:
        assert found(slot).state is (FileState.REFUSED if lying else FileState.AWAITING_UPLOAD)
        assert (versions(slot), log_of(slot)) == ([], [])


@contextlib.contextmanager
def dying(after: list[int]) -> Any:
    """The worker is cut off after so many calls of the store, once for each number; then it lives."""
    left = list(after)
    calls = [0]

    def count(**_: Any) -> None:
        calls[0] += 1
        if left and calls[0] > left[0]:
            left.pop(0)
            calls[0] = 0
            raise Died

    from chalicelib.platform import tables

    emitters = [aws.client("s3").meta.events, tables.connection().client.meta.events]
    for each in emitters:
        each.register("before-send", count, unique_id="dying")
    try:
        yield
    finally:
        for each in emitters:
            each.unregister("before-send", unique_id="dying")


@pytest.mark.parametrize("step", ["arrived", "remove"])
def test_p20_a_worker_that_dies_between_two_steps_leaves_what_the_next_one_ends(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Guard: uploads.service:_receive, in which a refusal is written down before its bytes go."""
    slot = opened()
    wrong, right = put(slot, OTHER), put(slot)
    do: Callable[..., Any] = getattr(bucket, step)

    def die(*_: Any) -> None:
        raise Died

    monkeypatch.setattr(bucket, step, die)
    for version_id in (wrong, right):
        told({"Records": [message(slot, version_id)]})
    monkeypatch.setattr(bucket, step, do)
    for version_id in (right, wrong):
        told({"Records": [message(slot, version_id)]})
    assert (found(slot).state, pinned(slot), versions(slot)) == (FileState.STORED, right, [right])
