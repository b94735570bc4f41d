"""What a campaign gives out is the stored policy's: its days, its holder, its seats, whatever a page says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from chalicelib.coverage import service as coverage
from chalicelib.enrollment import worker
from chalicelib.groups import service as groups
from chalicelib.groups.model import GroupPolicy
from chalicelib.kernel import SHANGHAI, DateInterval, Masked, System
from chalicelib.people import service as people
from chalicelib.platform import cipher
from chalicelib.platform.work import Work
from infra.demo import OFFICE
from tests.contract.store import dump, rows
from tests.house import Phone, add_seats, campaign, phone

pytestmark = pytest.mark.usefixtures("aws_moto")

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
A_DAY = timedelta(days=1)


def at(day: date, clock: time) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, clock, SHANGHAI), tick=False)


@pytest.fixture
def march_only(aws_moto: None) -> None:
    """The campaign runs all year; its sponsor's policy gives seats out in March."""
    assert (campaign().window.first, campaign().window.last) < (FIRST, LAST)
    assert campaign().window.last > LAST
    policy_id = campaign().sponsor_policy
    assert policy_id is not None
    policy = GroupPolicy(
        policy_id, "三月协议（示范）", "三月工会（示范）", "henan", DateInterval(FIRST, LAST)
    )
    assert groups.open_policy(Work(OFFICE), policy)
    add_seats(3)


def joins(rider: Phone) -> tuple[int, str]:
    answer = rider.sign_in().join()
    return answer.status_code, answer.json_body.get("code", answer.json_body.get("state"))


@pytest.mark.usefixtures("march_only")
@pytest.mark.parametrize(
    ("day", "clock"),
    [(FIRST - A_DAY, time(23, 59, 59)), (LAST + A_DAY, time(0)), (date(2027, 1, 10), time(12))],
)
def test_outside_the_policys_days_nothing_is_given_out_and_nothing_stored(day: date, clock: time) -> None:
    """Guard: enrollment.service.join._take_seat, `today not in policy.window`."""
    with at(day, clock):
        rider = phone(1)
        before = dump()
        answer = rider.join()
        assert (answer.status_code, answer.json_body["code"]) == (409, "enrollments.policy_closed")
        assert "12351" in answer.json_body["detail"]
        assert dump() == before


@pytest.mark.usefixtures("march_only")
@pytest.mark.parametrize(("day", "clock"), [(FIRST, time(0)), (LAST, time(23, 59, 59))])
def test_its_first_and_last_day_are_open_and_the_certificate_names_its_holder(day: date, clock: time) -> None:
    with at(day, clock):
        rider = phone(1)
        assert joins(rider) == (201, "in_force_from")
        (item,) = rider.call("GET", "/me/coverages").json_body["items"]
    assert (item["sponsor"], item["from"]) == ("三月工会（示范）", (day + A_DAY).isoformat())


@pytest.mark.usefixtures("march_only")
def test_who_is_covered_is_shown_their_cover_also_when_the_policy_is_closed() -> None:
    with at(LAST, time(12)):
        assert joins(phone(1))[0] == 201
    with at(LAST + A_DAY, time(12)):
        assert joins(phone(1)) == (200, "in_force_from")


def test_without_a_stored_policy_one_waits_and_is_never_covered() -> None:
    """Guard: enrollment.service.join._take_seat and promotion.promote_everywhere: no policy, no seat."""
    rider = phone(1)
    assert joins(rider) == (201, "waiting")
    for _ in range(2):
        worker.on_schedule()
    person_id = people.person_of(cipher.blind_indexes("mobile", Masked(rider.person.mobile)))
    assert person_id is not None
    later = Work(System(), now=datetime(2030, 1, 1, tzinfo=UTC))
    states = [each.state for each in coverage.covers_of(later, person_id)]
    assert states == [None]
    assert not [row for row in rows("coverages") if "certificate_number" in row]
