"""Real answers of every route, held to what openapi.json says of them, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from chalicelib.access.service.sign_in import open_session_for
from chalicelib.kernel import Masked
from infra import openapi
from infra.people import demo_person
from tests.access import door
from tests.access.desk_door import code_now, hire
from tests.contract.bodies import GOOD
from tests.contract.wire import Reply, routes, send
from tests.house import CAMPAIGN, Phone, add_seats, application, campaign, phone

DOCUMENT = openapi.document()


def sign_in() -> Iterator[tuple[str, Reply]]:
    yield "GET /sign-in/challenge", send("GET /sign-in/challenge")
    body = {"mobile": demo_person(9).mobile, "altcha": door.solved()}
    sent = send("POST /sign-in/codes", body)
    yield "POST /sign-in/codes", sent
    code = door.code_of(door.Reply(sent.status, sent.json))
    opened = {"challenge_id": sent.json["challenge_id"], "code": code}
    yield "POST /sign-in/sessions", send("POST /sign-in/sessions", opened)
    yield "DELETE /sign-in/sessions", send("DELETE /sign-in/sessions")


def questions() -> Iterator[tuple[str, Reply]]:
    from chalicelib.catalog import service
    from chalicelib.platform import clock

    offer, known = campaign(), service.catalogue()
    quote = {"products": list(offer.products), "region": offer.regions[0], "people": 3}
    for chosen in (CAMPAIGN, None):
        body = {**quote, "on": clock.today().isoformat(), "campaign": chosen}
        yield "POST /quotes", send("POST /quotes", body)
    for band in known.age_bands:
        check = {
            "occupation_group": offer.occupation_groups[0],
            "age_band": band.code,
            "region": offer.regions[0],
            "medical_insurance": "unknown",
        }
        yield "POST /eligibility-checks", send("POST /eligibility-checks", check)
    for grade in (None, 10):  # with a line that pays nothing, and without
        yield "POST /estimates", send("POST /estimates", estimate(grade))
    yield "POST /suggestions", send("POST /suggestions", GOOD["POST /suggestions"]())
    yield "GET /health", send("GET /health")
    yield "GET /desk/health", send("GET /desk/health")
    yield "GET /campaigns/{code}", send("GET /campaigns/{code}", path={"code": CAMPAIGN})


def estimate(grade: int | None) -> dict[str, Any]:
    told = GOOD["POST /estimates"]()
    return {**told, "facts": {**told["facts"], "death": True, "disability_grade": grade}}


def members(caller: Phone) -> Iterator[tuple[str, Reply]]:
    for name in ("GET /me", "GET /me/coverages", "GET /me/inbox"):
        yield name, send(name, token=caller.token)


def at_the_desk() -> Iterator[tuple[str, Reply]]:
    person = demo_person(8)
    hired = hire(person.mobile)
    proved = open_session_for(Masked(person.mobile))
    opened = send("POST /desk/sessions", {"code": code_now(hired)}, token=proved)
    yield "POST /desk/sessions", opened
    (cookie,) = opened.headers["set-cookie"]
    yield "GET /desk/me", send("GET /desk/me", desk_token=cookie.partition("=")[2].partition(";")[0])
    yield "DELETE /desk/sessions", send("DELETE /desk/sessions")


def joins(caller: Phone) -> Reply:
    return send("POST /enrollments", application(caller.person), token=caller.token)


def answers() -> Iterator[tuple[str, Reply]]:
    """Each route's success, in every form it has: nothing yet, covered, covered again, waiting."""
    yield from sign_in()
    yield from questions()
    yield from at_the_desk()
    covered, waits = phone(1), phone(2)
    yield from members(covered)
    add_seats(1)
    first = joins(covered)
    yield "POST /enrollments", first
    again = send("POST /enrollments", application(covered.person), token=covered.token, key="k" * 16)
    assert (first.status, again.status) == (201, 200)
    yield "POST /enrollments", again
    yield "POST /enrollments", joins(waits)
    yield from members(covered)
    yield from members(waits)
    certificate: dict[str, Any] = first.json["certificates"][0]
    path, query = {"number": certificate["number"]}, [("check", certificate["check"])]
    yield "GET /certificates/{number}", send("GET /certificates/{number}", path=path, query=query)


@pytest.mark.usefixtures("aws_moto")
def test_every_success_is_as_it_is_described() -> None:
    seen = set()
    for name, reply in answers():
        assert reply.status < 300, (name, reply)
        described = DOCUMENT["paths"][name.partition(" ")[2]][name.partition(" ")[0].lower()]["responses"]
        response = described[str(reply.status)]
        if "content" not in response:
            assert reply.text == "", name
        else:
            assert reply.headers["content-type"] == ("application/json",), name
            schema = response["content"]["application/json"]["schema"]
            schema_and_parts = {**schema, "components": DOCUMENT["components"]}
            jsonschema_rs.validate(closed(schema_and_parts), reply.json)
        seen.add((name, reply.status))
    assert seen == {(f"{r.method} {r.path}", status) for r in routes() for status in r.answers}


def closed(schema: Any) -> Any:
    """The same schema where no object may hold a field it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(each) for name, each in schema.items()}
    return {**made, "additionalProperties": False} if schema.get("type") == "object" else made
