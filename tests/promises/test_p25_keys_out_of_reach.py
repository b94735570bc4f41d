"""P25: while KMS is down nothing is stored in the clear, and what needs no key still works."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine

from chalicelib.kernel import UnavailableError
from chalicelib.platform import aws, clock, keyring
from chalicelib.platform.settings import LIMITS
from tests.faults import seam
from tests.faults.hanging import hangs
from tests.house import Phone, add_seats, phone
from tests.promises.test_p18_submitted_twice import ONE_JOIN, facts

pytestmark = pytest.mark.usefixtures("served_store")
KEY = "one-key-for-one-join"
DOWN = [seam.BROKEN, "before", seam.Reply("AccessDeniedException"), seam.Reply("DisabledException")]
WRITES = {"PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem", "DeleteItem"}


@pytest.fixture
def rider(served_store: None) -> Phone:
    add_seats(2)
    return phone(1)


@pytest.mark.parametrize("fault", DOWN, ids=str)
def test_p25_without_keys_a_join_is_a_503_and_no_write_is_even_tried(
    rider: Phone, fault: str | seam.Reply
) -> None:
    """Guard: platform.keyring.keys raises UnavailableError before anything is sealed or stored."""
    keyring.forget()
    with seam.faults(seam.always(fault), "kms"), seam.faults() as seen:
        answer = rider.join(key=KEY)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert WRITES.isdisjoint(seen.calls)
    assert rider.join(key=KEY).status_code == 201
    assert facts() == ONE_JOIN


def test_p25_a_slow_key_service_is_a_503_within_the_budget(rider: Phone) -> None:
    """Guard: platform.aws.client bounds every call in time."""
    keyring.forget()
    began = time.monotonic()
    with hangs(aws.client("kms")), seam.faults() as seen:
        assert rider.join(key=KEY).status_code == 503
    assert time.monotonic() - began < LIMITS.aws_request_seconds
    assert WRITES.isdisjoint(seen.calls)


def test_p25_masked_pages_need_no_key(rider: Phone) -> None:
    """Guard: masks are stored beside the seals (people.records.PersonRow, coverage.records)."""
    rider.join(key=KEY)
    keyring.forget()
    with seam.faults(seam.always(seam.BROKEN), "kms") as kms:
        me = rider.call("GET", "/me")
        mine = rider.call("GET", "/me/coverages")
    assert kms.calls == []
    assert me.json_body["person"]["name_masked"] == rider.person.name[0] + "**"
    assert mine.json_body["items"][0]["name_masked"] == rider.person.name[0] + "**"


@pytest.mark.parametrize(("seconds", "works"), [(LIMITS.key_cache_seconds - 1, True), (301, False)])
def test_p25_a_key_is_forgotten_after_five_minutes(rider: Phone, seconds: int, works: bool) -> None:
    """Guard: the age of platform.keyring's cache."""
    assert LIMITS.key_cache_seconds <= 300
    keyring.forget()
    keyring.keys("field")
    start = clock.now()
    later = time_machine.travel(start + timedelta(seconds=seconds), tick=False)
    with later, seam.faults(seam.always(seam.BROKEN), "kms"):
        if works:
            assert keyring.keys("field")
        else:
            with pytest.raises(UnavailableError):
                keyring.keys("field")
