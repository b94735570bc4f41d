"""The desk's own function, behind the deployed API: everything below /desk is its, and nothing else is."""

from __future__ import annotations

import json
import time

import httpx

from infra.stack import Stack
from tests.patience import PATIENCE_SECONDS


def ask(stack: Stack, path: str) -> httpx.Response:
    return httpx.get(stack.api_url + path, timeout=30, trust_env=False)


def served(stack: Stack, function: str, route: str) -> bool:
    """Whether this function's own log has a request of that route."""
    logs = stack.session().client("logs")
    found = logs.filter_log_events(logGroupName=f"/aws/lambda/{stack.env['TABLE_PREFIX']}-{function}")
    return any(route in event["message"] for event in found["events"])


def test_the_template_routes_desk_addresses_to_the_desks_function(stack: Stack) -> None:
    answer = ask(stack, "/desk/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["release"] == ask(stack, "/health").json()["release"]
    route = json.dumps("GET /desk/health")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not served(stack, "desk", route) and time.monotonic() < deadline:
        ask(stack, "/desk/health")  # the emulator reads a function's late lines with its next call
        time.sleep(0.2)
    assert served(stack, "desk", route)
    assert not served(stack, "api", route)


def test_the_member_api_serves_nothing_below_desk_and_the_desk_nothing_above(stack: Stack) -> None:
    for path in ("/desk", "/desk/me", "/desk/enrollments", "/desk/campaigns/union-pays-nef"):
        answer = ask(stack, path)
        assert 400 <= answer.status_code < 500, path
