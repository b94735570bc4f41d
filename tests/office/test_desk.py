"""The desk's own function, called with the events API Gateway hands over for `/desk/{proxy+}`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from chalice.app import RouteEntry

import desk
from infra.paths import FUNCTIONS

ORIGIN = "https://huzhu.example"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    from chalicelib.platform.settings import settings

    monkeypatch.setenv("SITE_ORIGIN", ORIGIN)
    monkeypatch.setenv("RELEASE", "2026-11-27")
    settings.cache_clear()
    yield
    settings.cache_clear()


def ask(proxy: str | None, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], Any]:
    answer = desk.handler(
        {
            "resource": "/desk/{proxy+}",
            "path": f"/desk/{proxy or ''}",
            "httpMethod": method,
            "headers": {"origin": ORIGIN, "sec-fetch-site": "same-origin", **headers},
            "multiValueHeaders": {},
            "multiValueQueryStringParameters": None,
            "pathParameters": None if proxy is None else {"proxy": proxy},
            "stageVariables": None,
            "isBase64Encoded": False,
            "body": None,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": "/desk/{proxy+}",
                "identity": {"sourceIp": "203.0.113.7"},
                "apiId": "api-1",
                "requestId": "r",
            },
        },
        None,
    )
    return answer["statusCode"], answer["headers"], json.loads(answer["body"])


def test_the_desk_says_that_it_is_well_and_in_which_release() -> None:
    status, headers, body = ask("health")
    assert (status, body) == (200, {"status": "ok", "release": "2026-11-27"})
    assert headers["X-Huzhu-Api"] == "api-1"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "proxy", ["nothing", "health/", "health/x", "../health", "Health", "", None, "{proxy+}"]
)
def test_an_unknown_address_is_told_in_our_shape_and_not_remembered(proxy: str | None) -> None:
    before = set(desk.desk.routes)
    status, headers, body = ask(proxy)
    assert (status, body["status"], body["code"]) == (404, 404, "request.no_such_address")
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["X-Huzhu-Api"] == "api-1"
    assert body["detail"].endswith("。")
    assert set(desk.desk.routes) == before  # a visitor's made-up addresses do not pile up in memory


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_an_unknown_method_is_told_in_our_shape(method: str) -> None:
    status, headers, body = ask("health", method)
    assert (status, body["code"]) == (405, "request.refused_405")
    assert headers["Content-Type"] == "application/problem+json"


def test_another_site_is_refused_at_the_desk_too() -> None:
    status, _, body = ask("health", origin="https://evil.example")
    assert (status, body["code"]) == (403, "request.foreign_origin")


@pytest.mark.parametrize(
    ("proxy", "value"),
    [
        ("things/a", "a"),
        ("things/%E5%BC%A0%2F1", "张/1"),  # a slash inside a value does not end it
        ("things/a%252Fb", "a%2Fb"),  # once, not twice
        ("things/a+b", "a+b"),
    ],
)
def test_a_value_in_a_path_arrives_unquoted(monkeypatch: pytest.MonkeyPatch, proxy: str, value: str) -> None:
    path = "/desk/things/{id}"
    entry = RouteEntry(lambda id: {"id": id}, "thing", path, "GET")  # noqa: A006 - the path's own name
    monkeypatch.setitem(desk.desk.routes, path, {"GET": entry})
    monkeypatch.setitem(desk._PATTERNS, path, desk._pattern(path))
    assert ask(proxy)[::2] == (200, {"id": value})
    assert ask("things/")[0] == ask("things/a/b")[0] == 404


def imported_by(module: str) -> set[str]:
    """What a fresh interpreter has loaded, and every route that is registered, after importing `module`."""
    code = (
        f"import sys, {module}; from chalicelib.platform.http import REGISTRY; "
        "print(*sys.modules, *(route.path for route in REGISTRY), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=FUNCTIONS, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_the_desk_loads_no_route_of_members_and_the_members_api_none_of_the_desks() -> None:
    """Guard: functions/desk.py and app.py import their own blueprints alone."""
    at_desk, at_door = imported_by("desk"), imported_by("app")
    assert "/desk/health" in at_desk
    assert "/me" in at_door
    assert [each for each in at_desk if each.startswith("/") and not each.startswith("/desk/")] == []
    assert [each for each in at_door if each.startswith("/desk")] == []
    rooms = {each for each in at_desk if each.startswith("chalicelib.") and each.endswith(".routes")}
    assert rooms == set()
    assert "app" not in at_desk
    assert "chalicelib.office.desk_routes" not in at_door
