"""openapi.json: generated from the routes, checked in, published on the site, fuzzed by the tests.

python -m infra.openapi --write | --check
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.platform.http import REGISTRY, Route

FILE = Path(__file__).parent.parent / "content" / "openapi.json"
_REFERENCE = "#/components/schemas/{name}"
_ERRORS = {
    400: "The request cannot be understood or breaks a stated limit.",
    401: "No session, or it has ended.",
    403: "Not allowed, from another site, or a consent is missing.",
    404: "Unknown, or not yours: the same bytes either way.",
    409: "The stored state does not allow it, or many ask at once.",
    413: "Longer than 64 KiB; refused before any function runs.",
    415: "Not JSON.",
    422: "Same Idempotency-Key, other body.",
    429: "A limit is reached; see Retry-After.",
    500: "Our fault. Nothing of it is told.",
    503: "A store, key or provider is down; see Retry-After.",
}
_ANY_ROUTE = {400, 403, 413, 415, 429, 500, 503}
# A session that ended meanwhile is not opened again by repeating the request that opened it.
_ALSO = {("POST", "/sign-in/sessions"): {401}}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` and `fields` are Chinese sentences for the person.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "pattern": "^[a-z_]+[.][a-z0-9_]+$"},
        "detail": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "retry_after_seconds": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": False,
}

Schemas = dict[type[msgspec.Struct], dict[str, Any]]


def document() -> dict[str, Any]:
    """The whole description, with every route of `app.py` and `desk.py`."""
    import app  # noqa: F401 - registers its routes
    import desk  # noqa: F401 - and the desk its own

    named = [(route.body, *route.answers.values()) for route in REGISTRY]
    shapes = list(dict.fromkeys(shape for each in named for shape in each if shape is not None))
    references, schemas = msgspec.json.schema_components(shapes, ref_template=_REFERENCE)
    schema_of = dict(zip(shapes, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(REGISTRY, key=lambda each: (each.path, each.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huzhu member services",
            "version": "1",
            "description": "JSON only, called from the site's own origin (a write without it is refused). "
            "Money is whole fen, days are Asia/Shanghai, instants UTC.",
        },
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": {**dict(sorted(schemas.items())), "Problem": _PROBLEM},
            "securitySchemes": {"member": {"type": "apiKey", "in": "cookie", "name": "__Host-huzhu"}},
        },
    }


def _operation(route: Route, schema_of: Schemas) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in route.query
    ]
    if route.write:
        key = {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"}
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": key})
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}{re.sub(r'[^a-z0-9]+', '_', route.path)}",
        "summary": route.summary,
        "x-guard": route.guard,
        "responses": {
            **{str(status): _content(shape, schema_of) for status, shape in sorted(route.answers.items())},
            **{str(status): _problem(status) for status in sorted(errors(route))},
        },
    }
    if route.guard != "public":
        operation["security"] = [{route.guard: []}]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[route.body]}},
        }
    return operation


def errors(route: Route) -> set[int]:
    """The statuses a route may refuse with; all have the one shape of a problem."""
    return (
        _ANY_ROUTE
        | ({401} if route.guard != "public" else set())
        | ({404} if "{" in route.path else set())
        | ({409, 422} if route.write else set())
        | _ALSO.get((route.method, route.path), set())
    )


def _content(shape: type[msgspec.Struct] | None, schema_of: Schemas) -> dict[str, Any]:
    if shape is None:
        return {"description": "Done."}
    return {"description": "Done.", "content": {"application/json": {"schema": schema_of[shape]}}}


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    made: dict[str, Any] = {
        "description": _ERRORS[status],
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in (429, 503):
        made["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 0}}}
    return made


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=False) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        FILE.write_text(text(), encoding="utf-8")
        return 0
    if arguments == ["--check"]:
        if FILE.read_text(encoding="utf-8") == text():
            return 0
        print("content/openapi.json is not what the routes say: run `make openapi`", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
