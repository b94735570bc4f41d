"""One error shape, whatever refused: our rules, our wrapper, Chalice, or the API's edge (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from chalice.app import Response

from chalicelib import kernel
from chalicelib.coverage.refusals import _REFUSALS
from chalicelib.platform.http import problem_response, reshape
from infra import openapi
from infra.people import demo_person
from infra.resources import api
from tests.contract.wire import Reply, send
from tests.house import application, phone
from tests.typed_cases import NUMBER

PROBLEM = openapi.document()["components"]["schemas"]["Problem"]
CHINESE = re.compile("[\u4e00-\u9fff]")


def has_the_shape(problem: dict[str, Any]) -> None:
    jsonschema_rs.validate(PROBLEM, problem)
    for sentence in (problem["detail"], *problem.get("fields", {}).values()):
        assert CHINESE.search(sentence), sentence
        assert sentence.endswith(("。", "！")), sentence
        assert not re.search(r"Error|Traceback|/var/|\.py|None|null", sentence), sentence


def joins(**changes: Any) -> Callable[[], Reply]:
    def ask() -> Reply:
        body = {**application(demo_person(1)), **changes}
        return send("POST /enrollments", body, token=phone(1).token)

    return ask


# Status and code -> a request that is answered so, from every place that can refuse.
REFUSED: dict[tuple[int, str], Callable[[], Reply]] = {
    (400, "request.not_json"): lambda: send("POST /quotes", raw=b"{"),
    (400, "request.invalid"): lambda: send("GET /health", query=[("a", "b")]),
    (400, "request.too_large"): lambda: send("POST /quotes", raw=b" " * 70_000),
    (400, "request.no_idempotency_key"): lambda: send("POST /sign-in/codes", {}, key=""),
    (400, "sign_in.mobile"): lambda: send("POST /sign-in/codes", {"mobile": "12", "altcha": ""}),
    (400, "sign_in.code_expired"): lambda: send(
        "POST /sign-in/sessions", {"challenge_id": "a" * 26, "code": "000000"}
    ),
    (400, "catalog.unknown_campaign"): joins(campaign="nobodys"),
    (400, "enrollments.invalid"): joins(id_number="1"),
    (400, "enrollments.not_eligible"): joins(district="beijing"),
    (401, "sign_in.required"): lambda: send("GET /me"),
    (403, "enrollments.consent_missing"): joins(consents=[]),
    (403, "request.foreign_origin"): lambda: send("GET /me", headers={"origin": "https://evil.example"}),
    (404, "request.no_such_address"): lambda: send("GET /desk/nothing"),
    (404, "catalog.unknown_campaign"): lambda: send("GET /campaigns/{code}", path={"code": "nobodys"}),
    (400, "certificates.mistyped"): lambda: send("GET /certificates/{number}", path={"number": "1"}),
    (404, "certificates.unknown"): lambda: send("GET /certificates/{number}", path={"number": NUMBER}),
    (405, "request.refused_405"): lambda: send("DELETE /health"),
    (415, "request.refused_415"): lambda: send("GET /health", headers={"content-type": "text/html"}),
}


@pytest.mark.usefixtures("aws_moto")
@pytest.mark.parametrize("expected", REFUSED, ids=lambda each: f"{each[0]}-{each[1]}")
def test_every_refusal_has_one_shape(expected: tuple[int, str]) -> None:
    reply = REFUSED[expected]()
    assert (reply.status, reply.code) == expected
    assert reply.json["status"] == reply.status
    assert reply.headers["content-type"] == ("application/problem+json",)
    assert reply.headers["cache-control"] == ("no-store",)
    has_the_shape(reply.json)


def test_every_branch_of_the_error_tree_has_a_status_of_its_own() -> None:
    """The tree is drawn in the kernel's docstring; `DomainError` itself is our fault."""
    kinds = [each for each in vars(kernel).values() if isinstance(each, type)]
    tree = [each for each in kinds if issubclass(each, kernel.DomainError)]
    statuses = [each.status for each in tree]
    assert len(set(statuses)) == len(statuses) == 9
    for each in tree:
        response = problem_response(each("room.what", "出了点问题。"))
        problem = json.loads(response.body)
        has_the_shape(problem)
        assert response.status_code == problem["status"] == each.status
        assert ("Retry-After" in response.headers) == (each.status in (429, 503))


@pytest.mark.parametrize("code", _REFUSALS)
def test_every_refusal_of_cover_says_what_to_do(code: str) -> None:
    kind, detail = _REFUSALS[code]
    has_the_shape(json.loads(problem_response(kind(code, detail)).body))


@pytest.mark.parametrize("status", [400, 404, 405, 415, 500])
def test_what_chalice_refuses_by_itself_is_told_in_our_words(status: int) -> None:
    """Guard: platform.http.one_error_shape."""
    chalices_own = Response(
        body={"Code": "SomeError", "Message": "Traceback: /var/task/app.py"},
        status_code=status,
        headers={"Content-Type": "application/json"},
    )
    ours = reshape(chalices_own, status)
    has_the_shape(json.loads(ours.body))
    assert "Traceback" not in ours.body
    assert ours.status_code == status


@pytest.mark.parametrize("name", api.PROBLEMS)
def test_the_edge_speaks_as_the_functions_do(name: str) -> None:
    status, code, detail = api.PROBLEMS[name]
    problem = api.problem(status or 400, code, detail)
    has_the_shape(problem)
