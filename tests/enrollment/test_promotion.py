"""Time passes on the waiting list: terms change, birthdays come, and one broken row must stop nobody."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import boto3
import pytest
import time_machine

from chalicelib.catalog import service as catalog
from chalicelib.kernel import Masked, ShanghaiDate, years_later
from chalicelib.people import service as people
from chalicelib.people.records import PersonRow
from chalicelib.platform import cipher, clock
from tests.enrollment.newer_terms import VERSION, newer_data, read_from
from tests.house import Phone, add_seats, phone, product

pytestmark = pytest.mark.usefixtures("aws_moto")


def at_noon(day: ShanghaiDate) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(4), UTC), tick=False)


def state(rider: Phone) -> str:
    items = rider.sign_in().call("GET", "/me/coverages").json_body["items"]
    return items[0]["state"] if items else "nothing"


def person_id(rider: Phone) -> str:
    found = people.person_of(cipher.blind_indexes("mobile", Masked(rider.person.mobile)))
    assert found is not None
    return found


def messages(kind: str) -> int:
    rows = boto3.client("dynamodb").scan(TableName="huzhu-test-outbox")["Items"]
    return sum(row["id"]["S"].startswith(kind) for row in rows)


def test_p31_somebody_promoted_is_covered_by_the_terms_they_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: enrollment.promotion._serve issues by the versions on the waiting row, not by today's."""
    agreed, rider = product().version, phone(1)
    assert rider.join().json_body["state"] == "waiting"
    read_from(newer_data(tmp_path), monkeypatch)
    assert product().version == VERSION != agreed
    assert add_seats(1) == 1
    (item,) = rider.call("GET", "/me/coverages").json_body["items"]
    assert (item["state"], item["terms_version"]) == ("not_yet", agreed)
    terms = catalog.catalogue().product_version("nef-accident", agreed)
    assert item["terms_sha256"] == terms.terms_sha256


@pytest.mark.parametrize(("days_before", "served"), [(2, True), (1, False), (0, False)])
def test_p13_age_counts_on_the_first_day_of_cover_also_after_waiting(days_before: int, served: bool) -> None:
    """Guard: the ages of the terms in enrollment.promotion._serve."""
    today = clock.today()
    birthday = years_later(today + timedelta(days=20), -(product().ages.last + 1))
    rider, other = phone(1, born=birthday), phone(2)
    assert rider.join().json_body["state"] == "waiting"
    assert other.join().json_body["state"] == "waiting"
    with at_noon(today + timedelta(days=20 - days_before)):
        assert add_seats(1) == 1  # the one seat goes to whoever may have it, in order
        assert state(rider) == ("not_yet" if served else "nothing")
        assert state(other) == ("waiting" if served else "not_yet")
    assert messages("waiting-ended-") == (0 if served else 1)


def test_one_person_who_cannot_be_served_stops_nobody_behind_and_keeps_their_seat() -> None:
    first, second = phone(1), phone(2)
    first.join()
    second.join()
    broken = people.read(person_id(first))
    broken.delete()
    assert add_seats(2) == 1
    assert state(second) == "not_yet"
    assert phone(3).join().json_body["state"] == "waiting"  # the second seat is not a newcomer's
    broken.save()
    assert add_seats(1) == 2
    assert state(first) == "not_yet"
    assert PersonRow.get(person_id(first), "person").name_masked
