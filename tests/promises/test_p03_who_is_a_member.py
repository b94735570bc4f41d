"""P03: nobody can learn who is a member.

Each test asks the same thing twice, once about somebody the office knows and once about nobody, and compares
status, headers and body byte for byte, and the AWS calls with their tables, indexes and expressions: what the
calls are is stable where their timing is noisy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from chalicelib.coverage.rules import numbers
from chalicelib.platform import ids
from chalicelib.platform.settings import LIMITS, settings
from infra.people import demo_person
from tests.access import door
from tests.contract import wire
from tests.contract.store import recorded
from tests.contract.wire import Reply, routes, send
from tests.house import CAMPAIGN, Phone, add_seats, application, phone

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MEMBER, STRANGER = 1, 10_001  # the same mask: 199****0001

Ask = Callable[[], Reply]


@pytest.fixture(autouse=True)
def house(aws_moto: None) -> Iterator[None]:
    """One member, covered; time stands still so that waits in answers are equal."""
    with time_machine.travel(NOON, tick=False):
        add_seats(5)
        assert phone(MEMBER).join().status_code == 201
        yield


def looks_the_same(*asked: Ask, random: tuple[str, ...] = ()) -> Reply:
    """Ask each; every answer and list of calls must be the first one's. `random` names what may differ."""
    seen = []
    for ask in asked:
        with recorded() as calls:
            reply = ask()
        seen.append((reply.without(*random) if random else reply, calls))
    assert len(seen) >= 2
    for reply, calls in seen[1:]:
        assert reply == seen[0][0]
        assert calls == seen[0][1]
    return seen[0][0]


# --- which routes are compared ---------------------------------------------------------------------------

COMPARED = {
    "POST /sign-in/codes",
    "POST /sign-in/sessions",
    "DELETE /sign-in/sessions",
    "GET /certificates/{number}",
}
ASKS_NOTHING_PERSONAL = {
    "GET /health",
    "GET /sign-in/challenge",
    "POST /quotes",
    "POST /eligibility-checks",
    "POST /estimates",
    "POST /suggestions",  # looks at nothing that is stored but its own limits
    "GET /desk/health",
    "DELETE /desk/sessions",
}
ASKS_FOR_SEATS = {"GET /campaigns/{code}"}  # of a policy, which belongs to no person


def test_p03_every_public_route_is_compared_or_asks_nothing_personal() -> None:
    """Guard: none to remove; a new public route has to be placed in one of the three sets above."""
    public = {f"{route.method} {route.path}" for route in routes() if route.guard == "public"}
    assert public == COMPARED | ASKS_NOTHING_PERSONAL | ASKS_FOR_SEATS


@pytest.mark.parametrize("route", sorted(ASKS_NOTHING_PERSONAL))
def test_p03_a_route_that_asks_nothing_personal_asks_no_store_either(route: str) -> None:
    """Guard: these routes answer from the catalogue and the keys alone."""
    door.solved()  # the keys are in memory
    with recorded() as calls:
        assert send(route, {} if route.startswith("POST") else None).status in (200, 204, 400)
    assert calls == []


def test_p03_a_campaigns_seats_are_told_alike_to_everybody() -> None:
    """Guard: enrollment.service.offer.campaign_today reads the policy and its counters, and no person."""

    def looks(token: str = "") -> Ask:
        return lambda: send("GET /campaigns/{code}", path={"code": CAMPAIGN}, token=token)

    member, stranger = phone(MEMBER).token, phone(STRANGER).token
    assert looks_the_same(looks(member), looks(stranger), looks(), looks("0" * 64)).status == 200
    with recorded() as calls:
        looks(member)()
    tables = {str(shape["TableName"]) for _, shape in calls if "TableName" in shape}
    assert tables <= {settings().table("groups")}
    assert all("RequestItems" not in shape or set(shape["RequestItems"]) <= tables for _, shape in calls)


# --- signing in ------------------------------------------------------------------------------------------


def asks_code(seed: int) -> Ask:
    def ask() -> Reply:
        body = {"mobile": demo_person(seed).mobile, "altcha": door.solved()}
        return send("POST /sign-in/codes", body, key=ids.new_id())

    return ask


def test_p03_asking_for_a_code_tells_nothing_of_the_mobile() -> None:
    """Guard: access.service.codes.send_code, where no line looks at `people`."""
    sent = looks_the_same(asks_code(MEMBER), asks_code(STRANGER), random=("challenge_id",))
    assert sent.status == 202


def test_p03_asking_again_too_soon_tells_nothing_of_the_mobile() -> None:
    """Guard: access.service.codes._Sends counts messages, not members."""
    asks_code(MEMBER)(), asks_code(STRANGER)()
    refused = looks_the_same(asks_code(MEMBER), asks_code(STRANGER))
    assert (refused.status, refused.code) == (429, "sign_in.too_soon")


def enters_code(seed: int, *, right: bool) -> Ask:
    sent = asks_code(seed)()
    code = door.code_of(door.Reply(sent.status, sent.json))
    body = {"challenge_id": sent.json["challenge_id"], "code": code if right else door.another(code)}
    return lambda: send("POST /sign-in/sessions", body, key=ids.new_id())


def test_p03_a_wrong_code_is_as_wrong_for_a_member() -> None:
    """Guard: access.service.sign_in.open_session, where no line looks at `people`."""
    member, stranger = enters_code(MEMBER, right=False), enters_code(STRANGER, right=False)
    for _ in range(LIMITS.code_tries + 1):
        refused = looks_the_same(member, stranger)
        assert refused.status == 400
    assert "作废" in refused.json["fields"]["code"]


def test_p03_signing_in_does_not_say_whether_the_mobile_has_joined() -> None:
    """Guard: access.service.sign_in.open_session, the answer that holds the mobile's mask alone."""
    opened = looks_the_same(
        enters_code(MEMBER, right=True), enters_code(STRANGER, right=True), random=("set-cookie",)
    )
    assert opened.json == {"mobile_masked": "199****0001"}


def test_p03_signing_out_does_not_say_whether_there_was_a_session() -> None:
    """Guard: access.service.sign_in.end_session deletes without asking."""
    member = Phone(demo_person(MEMBER)).sign_in()
    looks_the_same(
        lambda: send("DELETE /sign-in/sessions", token=member.token),
        lambda: send("DELETE /sign-in/sessions", token="0" * 64),
    )


# --- certificates ----------------------------------------------------------------------------------------


def new_number() -> str:
    """A number nobody has."""
    return numbers.number(ids.new_digits(11))


def checks(number: str, check: str | None) -> Ask:
    query = [] if check is None else [("check", check)]
    return lambda: send("GET /certificates/{number}", path={"number": number}, query=query)


def test_p03_a_wrong_check_code_is_an_unknown_number() -> None:
    """Guard: coverage.service.read.certificate, one refusal after one query."""
    certificate = phone(MEMBER).call("GET", "/me/coverages").json_body["items"][0]
    number, check = certificate["certificate_number"], certificate["check"]
    assert checks(number, check)().status == 200
    unknown = new_number()
    assert unknown != number
    wrong = "22222222" if check != "22222222" else "33333333"
    refused = looks_the_same(
        checks(unknown, check),
        checks(number, wrong),
        checks(number, None),
        checks(number, ""),
        checks(number, check[:-1]),
        checks(number, check + check),
        checks(unknown, None),
        checks(unknown, "校验"),
    )
    assert (refused.status, refused.code) == (404, "certificates.unknown")


def test_p03_what_no_certificate_can_have_is_told_without_asking_the_store_for_it() -> None:
    """Guard: coverage.routes.check_certificate refuses by the digits alone, which anybody can reckon."""
    certificate = phone(MEMBER).call("GET", "/me/coverages").json_body["items"][0]
    number, check = certificate["certificate_number"], certificate["check"]
    last = int(number[-1])
    with recorded() as calls:
        refused = looks_the_same(
            checks(number[:-1] + str((last + 1) % 10), check),
            checks(number[:-1] + str((last + 2) % 10), None),
            checks("1", check),
            checks("-", check),  # nothing is left of it
            checks("凭证" * 40, "校验"),
        )
    assert (refused.status, refused.code) == (400, "certificates.mistyped")
    assert not [name for name, _ in calls if name == "dynamodb:Query"]


def test_p03_looking_too_often_is_refused_alike_for_a_number_that_exists() -> None:
    """Guard: coverage.routes.check_certificate counts before it looks."""
    number = phone(MEMBER).call("GET", "/me/coverages").json_body["items"][0]["certificate_number"]
    unknown = new_number()
    for nth in range(LIMITS.certificate_checks_per_number_hour):
        for each in (number, unknown):
            checked = send("GET /certificates/{number}", path={"number": each}, ip=f"203.0.{nth // 2}.7")
            assert checked.status == 404
    refused = looks_the_same(checks(number, "22222222"), checks(unknown, "22222222"))
    assert refused.status == 429


# --- joining ---------------------------------------------------------------------------------------------


def joins(caller: Phone, number_of: int) -> Ask:
    body = application(demo_person(number_of))
    return lambda: send("POST /enrollments", body, token=caller.token, key=ids.new_id())


def test_p03_a_number_that_is_not_this_mobiles_is_for_the_office_whoever_is_known() -> None:
    """Guards: people.service.find, one batch read; enrollment.service.office_checks.leave, one answer."""
    other = phone(2)
    assert other.join().status_code == 201
    refused = looks_the_same(
        joins(phone(3), MEMBER),  # the number is a member's, the mobile nobody's
        joins(phone(MEMBER), 3),  # the mobile is a member's, the number nobody's
        joins(other, MEMBER),  # both are members', not the same one's
    )
    assert (refused.status, refused.code) == (409, "enrollments.needs_office_check")
    member = demo_person(MEMBER)
    for text in (member.name, member.name[0] + "**", member.mobile, member.id_number, "HZ"):
        assert text not in refused.text


def test_p03_asking_the_office_too_often_is_refused_whoever_is_known() -> None:
    """Guard: enrollment.service.office_checks.leave spends before it files."""
    stranger, member = phone(3), phone(MEMBER)
    for _ in range(LIMITS.office_checks_per_mobile_day):
        joins(stranger, MEMBER)(), joins(member, 3)()
    refused = looks_the_same(joins(stranger, MEMBER), joins(member, 3))
    assert refused.status == 429


def test_p03_what_the_terms_refuse_is_refused_before_anybody_is_looked_up() -> None:
    """Guard: enrollment.service.join.join reads the application before it asks `people`."""
    member, stranger = application(demo_person(MEMBER)), application(demo_person(3))
    caller = phone(4)

    def refused(body: dict[str, object]) -> Ask:
        wrong = {**body, "consents": []}
        return lambda: send("POST /enrollments", wrong, token=caller.token, key=wire.KEY)

    assert looks_the_same(refused(member), refused(stranger)).status == 403
