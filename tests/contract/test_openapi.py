"""content/openapi.json is what the routes say, and says nothing that is not so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from infra import openapi
from tests.contract.wire import routes

HELD = json.loads(openapi.FILE.read_text(encoding="utf-8"))


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(each)


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in HELD["paths"].items()
        for method, operation in methods.items()
    }


def test_the_checked_in_file_is_what_the_routes_say() -> None:
    """`make openapi` writes it."""
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text()


def test_every_route_is_described_with_its_guard() -> None:
    described = {name: operation["x-guard"] for name, operation in operations().items()}
    assert described == {f"{route.method} {route.path}": route.guard for route in routes()}


def test_every_reference_leads_somewhere() -> None:
    names = {f"#/components/schemas/{name}" for name in HELD["components"]["schemas"]}
    references = {each["$ref"] for each in inside(HELD) if "$ref" in each}
    assert references == names


def test_a_shape_has_a_name_of_its_own() -> None:
    """Two shapes of one name would be published under their modules' names."""
    for name, schema in HELD["components"]["schemas"].items():
        assert name.isalnum(), name
        assert schema.get("title", name) == name


def test_no_body_takes_more_than_it_names() -> None:
    bodies = [each["requestBody"] for each in operations().values() if "requestBody" in each]
    asked = {each["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] for each in bodies}
    assert len(bodies) == len(asked) >= 5
    for name in asked:
        assert HELD["components"]["schemas"][name]["additionalProperties"] is False


def test_every_error_has_the_one_shape_and_every_wait_its_length() -> None:
    for name, operation in operations().items():
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            assert response["content"] == content, (name, status)
            assert ("Retry-After" in response.get("headers", {})) == (status in ("429", "503"))


def test_only_what_can_be_refused_is_said_to_be() -> None:
    for route in routes():
        refusals = {int(status) for status in operations()[f"{route.method} {route.path}"]["responses"]}
        assert {400, 403, 500, 503} <= refusals
        assert (404 in refusals) == ("{" in route.path)
        assert (422 in refusals) == route.write
        if route.guard != "public":
            assert 401 in refusals
