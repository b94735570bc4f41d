"""A crowd, ten seats, one moment: the campaign day on the real stack. A thousand people: tests/proof.

No limit is loosened; sessions are minted through access's own service.
"""

from __future__ import annotations

from collections import Counter

from chalicelib.enrollment import records
from chalicelib.groups import service as groups
from chalicelib.groups.records import SeatRow, open_seats, seat_part
from chalicelib.kernel import Masked
from chalicelib.people import service as people
from chalicelib.people.rules import read_id_number
from chalicelib.platform import cipher, clock
from infra.stack import Stack
from tests.house import add_seats, campaign
from tests.stack.riders import Rider, join_together, riders

CROWD, SEATS = 150, 10


def rows(stack: Stack, table: str) -> list[dict[str, dict[str, str]]]:
    pages = stack.session().client("dynamodb").get_paginator("scan")
    name = f"{stack.env['TABLE_PREFIX']}-{table}"
    return [item for page in pages.paginate(TableName=name, ConsistentRead=True) for item in page["Items"]]


def person_id(rider: Rider) -> str:
    number = read_id_number(rider.person.id_number, clock.today())
    found = people.find(number, cipher.blind_indexes("mobile", Masked(rider.person.mobile)))
    assert found.person_id is not None
    return found.person_id


def policy_id() -> str:
    """The sponsor's policy, whether or not it is open yet."""
    found = campaign().sponsor_policy
    assert found is not None
    return found


def leave_nobody_waiting_and_no_seat(policy: str) -> None:
    """Whatever other tests left on this stack: serve who waits, then give every open seat away."""
    waiting = sum(1 for _ in records.waiting(policy))
    if waiting:
        add_seats(waiting)
    for counter in open_seats(policy):
        SeatRow(policy, seat_part(counter)).update(actions=[SeatRow.left.set(0)])


def test_a_crowd_of_joins_for_ten_seats_ends_in_ten_covers_and_a_waiting_number_for_everybody_else(
    on_stack: Stack, origin: str
) -> None:
    race(on_stack, origin, CROWD)


def race(stack: Stack, origin: str, size: int) -> None:
    policy = policy_id()
    leave_nobody_waiting_and_no_seat(policy)
    add_seats(SEATS)
    assert groups.seats_open(policy) == SEATS
    crowd = riders(size)
    answers = join_together(origin, crowd, stack.api_id)

    assert Counter(answer.status_code for answer in answers) == {201: size}
    bodies = [answer.json() for answer in answers]
    assert Counter(body["state"] for body in bodies) == {"in_force_from": SEATS, "waiting": size - SEATS}
    assert groups.seats_open(policy) == 0

    people_of = {person_id(rider): body for rider, body in zip(crowd, bodies, strict=True)}
    assert len(people_of) == size
    covers = [row for row in rows(stack, "coverages") if "certificate_number" in row]
    covered = {row["person_id"]["S"]: row["certificate_number"]["S"] for row in covers}
    told = {who: each["number"] for who, body in people_of.items() for each in body["certificates"]}
    assert {who: number for who, number in covered.items() if who in people_of} == told

    waiting = {
        row["person_id"]["S"]: int(row["part"]["S"].partition("#")[2])
        for row in rows(stack, "groups")
        if row["part"]["S"].startswith("waiting#")
    }
    promised = {who: body["waiting"]["number"] for who, body in people_of.items() if body["waiting"]}
    assert waiting == promised
    assert len(set(waiting.values())) == size - SEATS

    # Asking again under the same key is the same answer, whoever won.
    again = join_together(origin, crowd[:40], stack.api_id)
    assert [answer.json() for answer in again] == bodies[:40]
