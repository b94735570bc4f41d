"""Joining through the routes, on the in-process store."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest

from chalicelib.coverage import service as coverage
from chalicelib.coverage.model import Seat
from chalicelib.enrollment.service import promotion
from chalicelib.groups import service as groups
from chalicelib.kernel import Masked, System, years_later
from chalicelib.people import service as people
from chalicelib.platform import cipher, clock
from chalicelib.platform.work import Work
from infra import demo
from tests.house import CAMPAIGN, Phone, add_seats, application, campaign, phone, product
from tests.typed_cases import full_width

pytestmark = pytest.mark.usefixtures("aws_moto")


def items(table: str) -> list[dict[str, dict[str, str]]]:
    return boto3.client("dynamodb").scan(TableName=f"huzhu-test-{table}")["Items"]


def test_a_rider_joins_and_is_covered_from_tomorrow_midnight_for_a_year() -> None:
    add_seats(1)
    answer = phone(1).join()
    assert answer.status_code == 201
    (certificate,) = answer.json_body["certificates"]
    tomorrow = clock.today() + timedelta(days=1)
    assert (answer.json_body["state"], answer.json_body["waiting"]) == ("in_force_from", None)
    assert (certificate["product"], certificate["already"]) == (product().code, False)
    assert certificate["effective_from"] == tomorrow.isoformat()
    assert certificate["effective_to"] == (years_later(tomorrow, 1) - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    "platform", ["美团、饿了么", "美团，饿了么", "美团/饿了么", "顺丰（同城）；京东", ""]
)
def test_platforms_are_named_as_people_list_them(platform: str) -> None:
    add_seats(1)
    assert phone(1).join(platform=platform).status_code == 201


@pytest.mark.parametrize("platform", ["=1+1", "<b>", "x" * 31])
def test_what_is_no_platforms_name_is_told_beside_its_field(platform: str) -> None:
    answer = phone(1).join(platform=platform)
    assert answer.status_code == 400
    assert "platform" in answer.json_body["fields"]


def test_what_was_pasted_along_is_not_kept() -> None:
    add_seats(1)
    rider = phone(1)
    name = rider.person.name
    spaced, wide = f"\u202d{name[0]}\u3000{name[1:]}\u202c", full_width(rider.person.id_number)
    assert rider.join(name=spaced, id_number=wide, platform="\ufeff某\u200b平台\xa0").status_code == 201
    kept = items("people")
    (person,) = {row["person_id"]["S"] for row in kept if "work_platform" in row}
    assert people.read(person).open("name").reveal() == name
    assert people.read(person).open("id_number").reveal() == rider.person.id_number
    assert {row["work_platform"]["S"] for row in kept if "work_platform" in row} == {"某平台"}


def test_my_cover_and_the_public_check_say_the_same() -> None:
    add_seats(1)
    rider = phone(1)
    (certificate,) = rider.join().json_body["certificates"]
    mine = rider.call("GET", "/me/coverages").json_body
    assert mine["covered_today"] is False
    (item,) = mine["items"]
    assert item["state"] == "not_yet"
    assert item["certificate_number"] == certificate["number"]
    assert item["qr_path"]["d"].startswith("M")
    public = Phone(rider.person)
    path = f"/certificates/{certificate['number']}?check={certificate['check']}"
    checked = public.call("GET", path).json_body
    assert checked["state"] == "not_yet"
    assert checked["name_masked"] == rider.person.name[0] + "**"
    assert (checked["from"], checked["to"]) == (item["from"], item["to"])


def test_without_a_seat_there_is_a_waiting_number_and_no_cover() -> None:
    first, second = phone(1), phone(2)
    assert first.join().json_body["waiting"]["number"] == 1
    answer = second.join()
    assert answer.status_code == 201
    assert answer.json_body["waiting"]["number"] == 2
    assert answer.json_body["waiting"]["products"] == [product().name]
    assert answer.json_body["certificates"] == []
    assert "尚未生效" in answer.json_body["waiting"]["note"]
    mine = second.call("GET", "/me/coverages").json_body
    assert (mine["covered_today"], mine["items"][0]["state"]) == (False, "waiting")
    assert "certificate_number" not in mine["items"][0]


def test_added_seats_go_to_waiting_people_in_order_and_only_the_rest_is_open() -> None:
    crowd = [phone(seed) for seed in range(4)]
    for rider in crowd:
        rider.join()
    assert add_seats(3) == 3
    states = [r.call("GET", "/me/coverages").json_body["items"][0]["state"] for r in crowd]
    assert states == ["not_yet", "not_yet", "not_yet", "waiting"]
    assert add_seats(2) == 1
    assert phone(9).join().json_body["state"] == "in_force_from"
    assert phone(10).join().json_body["state"] == "waiting"


def test_repeating_a_seat_request_adds_nothing() -> None:
    demo.open_policy(CAMPAIGN)
    for _ in range(3):
        promotion.add_seats(Work(demo.OFFICE), CAMPAIGN, 2, grant_id="once")
    policy = promotion.policy_of(campaign())
    assert (groups.seats_open(policy.id), policy.seats) == (2, 2)


def test_joining_again_gives_the_same_certificate_and_takes_no_seat() -> None:
    add_seats(2)
    rider = phone(1)
    first = rider.join()
    again = rider.join()
    assert again.status_code == 200
    (issued,), (shown,) = first.json_body["certificates"], again.json_body["certificates"]
    assert shown == {**issued, "already": True}
    assert phone(2).join().json_body["state"] == "in_force_from"


def test_somebody_waiting_who_asks_again_keeps_their_number() -> None:
    rider = phone(1)
    rider.join()
    phone(2).join()
    assert rider.join().json_body["waiting"]["number"] == 1


def test_another_persons_number_is_for_the_office_and_changes_nothing() -> None:
    add_seats(2)
    owner, other = phone(1), phone(2)
    owner.join()
    before = items("people")
    answer = other.call("POST", "/enrollments", application(owner.person))
    assert (answer.status_code, answer.json_body["code"]) == (409, "enrollments.needs_office_check")
    assert items("people") == before
    (check,) = items("desk")
    assert check["folder"]["S"] == f"office_check#{clock.today().isoformat()}"
    assert other.call("GET", "/me").json_body["person"] is None


def test_a_second_person_on_one_mobile_is_for_the_office_too() -> None:
    add_seats(2)
    owner = phone(1)
    owner.join()
    stranger = application(phone(2).person)
    answer = owner.call("POST", "/enrollments", stranger)
    assert answer.json_body["code"] == "enrollments.needs_office_check"


def test_the_office_is_asked_at_most_three_times_a_mobile_a_day() -> None:
    add_seats(1)
    owner, other = phone(1), phone(2)
    owner.join()
    stranger = application(owner.person)
    codes = [other.call("POST", "/enrollments", stranger).status_code for _ in range(4)]
    assert codes == [409, 409, 409, 429]
    assert len(items("desk")) == 3


def test_every_wrong_field_is_named_at_once() -> None:
    rider = phone(1)
    answer = rider.join(name="3", id_number="1", district="nowhere", occupation_group="pilot")
    assert answer.status_code == 400
    assert answer.json_body["fields"].keys() == {"name", "id_number", "district", "occupation_group"}


def test_a_campaign_that_does_not_exist_is_refused_kindly() -> None:
    answer = phone(1).join(campaign="no-such-campaign")
    assert (answer.status_code, "请" in answer.json_body["detail"]) == (400, True)


def test_somebody_covered_elsewhere_leaves_the_list_without_using_a_seat() -> None:
    one, two = phone(1), phone(2)
    one.join()
    two.join()
    person_id = people.person_of(cipher.blind_indexes("mobile", Masked(one.person.mobile)))
    assert person_id is not None
    work = Work(System())
    seat = Seat("another-policy", "another-campaign", "另一个工会（示范）")
    work.add(coverage.enter(work, person_id, "赵**", product(), seat, ())[1])
    work.commit()
    assert add_seats(1) == 1
    assert two.call("GET", "/me/coverages").json_body["items"][0]["state"] == "not_yet"


def test_the_inbox_shows_what_was_sent() -> None:
    add_seats(1)
    rider = phone(1)
    rider.join()
    (item,) = rider.call("GET", "/me/inbox").json_body["items"]
    assert item["kind"] == "joined"
    assert "零时起生效" in item["text"]
