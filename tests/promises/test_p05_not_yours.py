"""P05: nobody reads or uses what is another's: every route with an id or a session, by every caller.

"Not yours" and "unknown" are the same bytes. A route that is in neither set below fails the first test.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.coverage.rules import numbers
from chalicelib.kernel import Masked, System
from chalicelib.notify import service as notify
from chalicelib.platform import ids
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from infra.people import demo_person
from tests.contract.store import dump, rows
from tests.contract.wire import Reply, routes, send
from tests.house import Phone, add_seats, application, phone

OWNER, OTHER, NOBODY, EMPTY = 1, 2, 3, 4
JOIN_KEY = "the-key-of-the-owners-join"

# Public routes that neither hold an id nor answer with anything stored about a person.
NOTHING_TO_READ = {
    "GET /health",
    "GET /sign-in/challenge",
    "POST /quotes",
    "POST /eligibility-checks",
    "POST /estimates",
    "POST /suggestions",  # what is written is never read back by any route
    "POST /sign-in/codes",  # answers the same for every mobile (P03)
    "POST /sign-in/sessions",  # a challenge is opened by its code alone (P01)
    "DELETE /sign-in/sessions",  # ends the session whose cookie it gets (P04)
    "GET /campaigns/{code}",  # a published code; what is stored about its policy is told to everybody (P03)
}
PUBLISHED = {"GET /campaigns/{code}"}  # an address that names a page, not somebody's thing


@dataclass(frozen=True)
class World:
    """The owner is covered and has more messages than a page; `other` is a member too, covered as well;
    `empty` is signed in with a mobile that has never joined."""

    owner: Phone
    other: Phone
    empty: Phone
    certificate: dict[str, Any]
    cursor: str  # `next` of the owner's first page

    @property
    def secrets(self) -> list[str]:
        """What only the owner may read."""
        person = self.owner.person
        messages = rows("outbox", recipient=self.person_id)
        assert len(messages) > LIMITS.inbox_page
        return [
            person.name,
            person.name[0] + "**",
            person.mobile,
            person.id_number,
            self.certificate["certificate_number"],
            self.certificate["check"],
            self.person_id,
            *(row["id"]["S"] for row in messages),
        ]

    @property
    def person_id(self) -> str:
        number = self.certificate["certificate_number"]
        (row,) = rows("coverages", certificate_number=number)
        return str(row["person_id"]["S"])


@pytest.fixture
def world(aws_moto: None) -> World:
    add_seats(3)
    owner, other = phone(OWNER), phone(OTHER)
    assert owner.join(key=JOIN_KEY).status_code == 201
    assert other.join().status_code == 201
    certificate = owner.call("GET", "/me/coverages").json_body["items"][0]
    (row,) = rows("coverages", certificate_number=certificate["certificate_number"])
    for _ in range(LIMITS.inbox_page):
        work = Work(System())
        work.add(
            notify.sms_writes(
                work,
                "waiting",
                Masked(owner.person.mobile),
                {"products": "意外伤害", "number": "1"},
                recipient=row["person_id"]["S"],
                dedup_id=ids.new_id(),
            )
        )
        work.commit()
    cursor = owner.call("GET", "/me/inbox").json_body["next"]
    assert cursor is not None
    return World(owner, other, phone(EMPTY), certificate, cursor)


def new_number() -> str:
    """A number nobody has."""
    return numbers.number(ids.new_digits(11))


def personal_routes() -> set[str]:
    """Of the desk's routes the matrix is another: roles and regions (tests/access)."""
    members = {f"{route.method} {route.path}" for route in routes() if not route.path.startswith("/desk/")}
    return members - NOTHING_TO_READ


def test_p05_every_route_with_an_id_or_a_session_is_in_the_matrix() -> None:
    """Guard: none to remove; a new route has to be placed."""
    assert personal_routes() == set(PROBES)
    members = [route for route in routes() if not route.path.startswith("/desk/")]
    with_id_or_guard = {f"{r.method} {r.path}" for r in members if "{" in r.path or r.guard != "public"}
    assert with_id_or_guard - PUBLISHED <= set(PROBES)


# --- the matrix: how a caller asks for what is the owner's -----------------------------------------------


@dataclass(frozen=True)
class Probe:
    """A request for the owner's things, `asked`, and its twin about things that do not exist, `unknown`."""

    asked: dict[str, Any]
    unknown: dict[str, Any]


def of_certificate(world: World) -> list[Probe]:
    number, check = world.certificate["certificate_number"], world.certificate["check"]
    theirs = world.other.call("GET", "/me/coverages").json_body["items"][0]["check"]
    unknown = {"path": {"number": new_number()}}
    asked: list[list[tuple[str, str]]] = [[], [("check", "")], [("check", theirs)], [("check", check[1:])]]
    return [
        Probe({"path": {"number": number}, "query": query}, {**unknown, "query": query}) for query in asked
    ]


def of_inbox(world: World) -> list[Probe]:
    made_up = f"{world.cursor.partition('#')[0]}#{ids.new_id()}"
    return [
        Probe({}, {}),
        Probe({"query": [("before", world.cursor)]}, {"query": [("before", made_up)]}),
    ]


def of_join(world: World) -> list[Probe]:
    """With the owner's own key and body: only the session differs."""
    theirs = application(world.owner.person)
    nobodys = application(demo_person(NOBODY))
    return [Probe({"body": theirs, "key": JOIN_KEY}, {"body": nobodys, "key": ids.new_id()})]


PROBES = {
    "GET /certificates/{number}": of_certificate,
    "GET /me": lambda world: [Probe({}, {})],
    "GET /me/coverages": lambda world: [Probe({}, {})],
    "GET /me/inbox": of_inbox,
    "POST /enrollments": of_join,
}


@pytest.mark.parametrize("route", PROBES)
def test_p05_without_a_session_every_request_is_the_same_refusal(route: str, world: World) -> None:
    """Guards: access.guards.member on each member route; coverage.service.read.certificate on the other."""
    before = dump()
    for probe in PROBES[route](world):
        asked, unknown = send(route, **probe.asked), send(route, **probe.unknown)
        assert asked == unknown
        assert asked.status == (404 if route.startswith("GET /certificates") else 401)
        assert not leaks(asked, world)
    assert without_counters(dump()) == without_counters(before)


@pytest.mark.parametrize("caller", ["other", "empty"])
@pytest.mark.parametrize("route", PROBES)
def test_p05_another_member_gets_what_somebody_unknown_would_get(
    route: str, caller: str, world: World
) -> None:
    """Guards: people.service.person_of by the session's own mobile; me.routes.inbox;
    platform.idempotency.Attempt, the actor in the key's scope; people.service.find;
    coverage.service.read.certificate."""
    token = getattr(world, caller).token
    for probe in PROBES[route](world):
        asked = send(route, token=token, **probe.asked)
        assert not leaks(asked, world)
        if (route, caller) == ("POST /enrollments", "empty"):
            # A mobile that never joined binds an unknown number, so the twin's answer is a join of its own.
            assert (asked.status, asked.code) == (409, "enrollments.needs_office_check")
        else:
            assert asked == send(route, token=token, **probe.unknown)
    assert world.owner.call("GET", "/me/coverages").json_body["items"] == [world.certificate]


def test_p05_the_owner_reads_their_own(world: World) -> None:
    """So that the refusals above are of the caller, not of the route."""
    token, own = world.owner.token, world.certificate
    path, query = {"number": own["certificate_number"]}, [("check", own["check"])]
    assert (
        send("GET /certificates/{number}", path=path, query=query).json["name_masked"] == own["name_masked"]
    )
    assert send("GET /me", token=token).json["person"] == {"name_masked": own["name_masked"]}
    inbox = send("GET /me/inbox", token=token).json
    assert len(inbox["items"]) == LIMITS.inbox_page
    older = send("GET /me/inbox", token=token, query=[("before", inbox["next"])]).json
    assert [item["kind"] for item in older["items"]] == ["joined"]
    again = send("POST /enrollments", application(world.owner.person), token=token, key=JOIN_KEY)
    assert [each["number"] for each in again.json["certificates"]] == [own["certificate_number"]]


def test_p05_a_certificate_opens_with_its_own_check_code_only(world: World) -> None:
    """Guard: coverage.service.read.certificate, the line `hmac.compare_digest`."""
    mine, theirs = world.certificate, world.other.call("GET", "/me/coverages").json_body["items"][0]
    answers = {
        (number, check): send(
            "GET /certificates/{number}", path={"number": number}, query=[("check", check)]
        ).status
        for number in (mine["certificate_number"], theirs["certificate_number"])
        for check in (mine["check"], theirs["check"])
    }
    assert sorted(answers.values()) == [200, 200, 404, 404]
    assert answers[mine["certificate_number"], mine["check"]] == 200


def test_p05_ids_cannot_be_counted_up(world: World) -> None:
    """Guard: platform.ids, random ids; platform.ids.digits, random digits."""
    drawn = [new_number() for _ in range(200)]
    assert len({number[:6] for number in drawn}) > 100
    assert {len(ids.new_id()) for _ in range(9)} == {26}
    assert len({ids.new_id()[:4] for _ in range(200)}) > 150


def leaks(reply: Reply, world: World) -> list[str]:
    """The owner's facts that stand in an answer to somebody else."""
    whole = reply.text + json.dumps(dict(reply.headers), ensure_ascii=False)
    return [secret for secret in world.secrets if secret in whole]


def without_counters(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Looking up counts against the limits; nothing else may change."""
    kept = [row for row in tables["codes"] if not row["key"]["S"].startswith("counter#")]
    return {**tables, "codes": kept}
