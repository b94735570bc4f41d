"""P18: submitting twice joins once, whatever breaks in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from chalicelib.enrollment.model import Joined
from chalicelib.groups import service as groups
from chalicelib.platform import ids, work
from chalicelib.platform.settings import settings
from chalicelib.platform.transaction import commit
from infra import demo
from tests.faults import seam
from tests.house import add_seats, application, campaign, phone

pytestmark = pytest.mark.usefixtures("served_store")
KEY = "one-key-for-one-join"


class Killed(BaseException):
    """The function died here; no handler may catch it."""


def facts() -> dict[str, int]:
    """What a join leaves behind, counted over all tables."""
    client = boto3.client("dynamodb")

    def rows(table: str) -> list[dict[str, Any]]:
        return list(client.scan(TableName=settings().table(table))["Items"])

    people, coverages, groups_rows = rows("people"), rows("coverages"), rows("groups")
    policy = campaign().sponsor_policy
    assert policy is not None
    return {
        "people": sum(row["part"]["S"] == "person" for row in people),
        "consents": sum(row["part"]["S"].startswith("consent#") for row in people),
        "certificates": sum("certificate_number" in row for row in coverages),
        "heads": sum(row["product_start"]["S"].startswith("cover#") for row in coverages),
        "waiting": sum(row["part"]["S"].startswith("waiting#") for row in groups_rows),
        "messages": len(rows("outbox")),
        "seats": groups.seats_open(policy),
    }


ONE_JOIN = {
    "people": 1,
    "consents": 3,
    "certificates": 1,
    "heads": 1,
    "waiting": 0,
    "messages": 1,
    "seats": 1,  # of the two that were opened
}


def together(count: int, call: Callable[[int], Joined]) -> list[Joined]:
    """`count` calls released at one moment."""
    gate = threading.Barrier(count)

    def run(number: int) -> Joined:
        gate.wait()
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def certificates(answers: list[Joined]) -> set[str]:
    return {cover.number for answer in answers for cover in answer.covers}


def test_p18_a_double_click_is_one_join_and_one_answer() -> None:
    """Guard: platform.idempotency.Attempt.record in the transaction of enrollment.service.join."""
    add_seats(2)
    rider = phone(1)
    answers = together(6, lambda _: rider.enter(key=KEY))
    assert len(set(answers)) == 1
    assert answers[0].first
    assert len(certificates(answers)) == 1
    assert facts() == ONE_JOIN


def test_p18_two_tabs_are_one_join_and_name_one_certificate() -> None:
    """Guard: the lock items of people.service.bind_writes; enrollment.service.join._decide."""
    add_seats(2)
    rider = phone(1)
    answers = together(6, lambda number: rider.enter(key=f"tab-number-{number}-of-six"))
    assert sorted(answer.first for answer in answers) == [False] * 5 + [True]
    assert sorted(cover.already for answer in answers for cover in answer.covers) == [False] + [True] * 5
    assert len(certificates(answers)) == 1
    assert facts() == ONE_JOIN


def test_p18_the_same_key_with_another_body_is_refused() -> None:
    """Guard: platform.idempotency.Attempt.earlier compares the body's hash."""
    add_seats(2)
    rider = phone(1)
    assert rider.join(key=KEY).status_code == 201
    answer = rider.join(key=KEY, platform="另一个平台")
    assert (answer.status_code, answer.json_body["code"]) == (422, "request.key_reused")
    assert facts() == ONE_JOIN


@pytest.mark.parametrize("key", ["", "short", "spaces are not a key", "x" * 65])
def test_p18_without_a_proper_key_nothing_happens(key: str) -> None:
    """Guard: platform.http._read demands an Idempotency-Key of every write."""
    add_seats(2)
    rider = phone(1)
    rider.headers["Idempotency-Key"] = key
    answer = rider.call("POST", "/enrollments", {}, key=key or " ")
    assert (answer.status_code, answer.json_body["code"]) == (400, "request.no_idempotency_key")
    assert facts()["people"] == 0


def test_p18_a_reply_lost_after_commit_is_the_same_join() -> None:
    """Guard: one request token a commit (platform.transaction, and botocore where none is given), so that the
    SDK's own retry is answered as the first try would have been."""
    add_seats(2)
    rider = phone(1)
    with seam.faults(seam.once("TransactWriteItems", "after")) as seen:
        answer = rider.join(key=KEY)
    assert seen.calls[-2:] == ["TransactWriteItems", "TransactWriteItems"]  # and nothing had to be read back
    assert answer.status_code == 201
    assert rider.join(key=KEY).body == answer.body
    assert facts() == ONE_JOIN


def test_p18_when_every_reply_is_lost_the_retry_finds_what_was_stored() -> None:
    """Guard: enrollment.service.join asks Attempt.earlier before it enters anybody known."""
    add_seats(2)
    rider = phone(1)
    with seam.faults(seam.always("after", operations=("TransactWriteItems",))):
        assert rider.join(key=KEY).status_code == 503
    assert facts() == ONE_JOIN
    answer = rider.join(key=KEY)
    assert answer.status_code == 201
    assert [each["already"] for each in answer.json_body["certificates"]] == [False]
    assert facts() == ONE_JOIN


@pytest.mark.parametrize("died", ["before", "after"])
def test_p18_a_function_killed_around_the_commit_loses_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    """Guard: all facts of a join stand in one transaction (enrollment.service.join)."""
    add_seats(2)
    rider = phone(1)

    def dying(writes: Any, attempt_id: str) -> None:
        if died == "after":
            commit(writes, attempt_id)
        raise Killed

    monkeypatch.setattr(work, "commit", dying)
    with pytest.raises(Killed):
        rider.join(key=KEY)
    monkeypatch.setattr(work, "commit", commit)
    assert rider.join(key=KEY).status_code == 201
    assert facts() == ONE_JOIN


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("seats", [0, 2])
def test_p18_a_join_broken_at_any_call_to_the_store_ends_as_a_clean_one(side: str, seats: int) -> None:
    """Guard: every write of a join is conditional and in one transaction (crash-point sweep)."""
    demo.open_policy(demo.CAMPAIGN)
    if seats:
        add_seats(seats)
    with seam.faults() as seen:
        assert phone(0).join().status_code == 201
    clean = facts()
    calls = len(seen.calls)
    assert calls >= 3
    for number in range(1, calls + 1):
        if seats:
            add_seats(1)
        rider, key = phone(number), ids.new_id()

        def broken(name: str, call: int, number: int = number) -> str | None:
            return side if call == number else None

        before = facts()
        with seam.faults(broken):
            rider.join(key=key)  # the SDK may have saved it, or the rider has to press again
        assert rider.join(key=key).status_code == 201
        gained = {name: count - before[name] for name, count in facts().items()}
        assert gained == {**clean, "seats": -1 if seats else 0}, f"broken {side} call {number}"


def office_checks() -> int:
    rows = boto3.client("dynamodb").scan(TableName=settings().table("desk"))["Items"]
    return sum(row["folder"]["S"].startswith("office_check#") for row in rows)


def test_p18_an_item_for_the_office_is_filed_once_whatever_is_lost() -> None:
    """Guard: service.office_checks.leave files item and count in one transaction, known by the key."""
    add_seats(2)
    owner, other = phone(1), phone(2)
    owner.join()
    stranger = application(owner.person)
    with seam.faults(seam.once("TransactWriteItems", "after")):
        answer = other.call("POST", "/enrollments", stranger, key=KEY)
    assert (answer.status_code, answer.json_body["code"]) == (409, "enrollments.needs_office_check")
    with seam.faults(seam.always("after", operations=("TransactWriteItems",))):
        assert other.call("POST", "/enrollments", stranger, key="another-key-for-it").status_code == 503
    for key in (KEY, "another-key-for-it", KEY):
        assert other.call("POST", "/enrollments", stranger, key=key).body == answer.body
    assert office_checks() == 2
    third = other.call("POST", "/enrollments", stranger)
    assert third.status_code == 409  # the repeats above were not counted against the three a day
    assert other.call("POST", "/enrollments", stranger).status_code == 429


def test_p18_an_item_for_the_office_under_the_same_key_with_another_body_is_refused() -> None:
    """Guard: enrollment.service.office_checks.leave compares the body's hash."""
    add_seats(2)
    owner, other = phone(1), phone(2)
    owner.join()
    stranger = application(owner.person)
    assert other.call("POST", "/enrollments", stranger, key=KEY).status_code == 409
    changed = {**stranger, "platform": "另一个平台"}
    answer = other.call("POST", "/enrollments", changed, key=KEY)
    assert (answer.status_code, answer.json_body["code"]) == (422, "request.key_reused")
    assert office_checks() == 1
