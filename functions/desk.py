"""Wires the desk: the staff's API, a function of its own with its own role, under /desk of the same origin.

API Gateway hands over every address below /desk as one proxy resource, so this module finds the route.
The member API's role cannot read what only staff may; this one cannot open a member's session.
"""

# ruff: noqa: E402 - the collector rests while the modules load, as in app.py
import gc

gc.disable()

import os
import re
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, Request

from chalicelib.access.desk_routes import routes as access
from chalicelib.kernel import NotFoundError
from chalicelib.office.desk_routes import routes as office
from chalicelib.platform import tables
from chalicelib.platform.http import REGISTRY, one_error_shape, problem_response

desk = Chalice(app_name="huzhu-desk", debug=False)

desk.middleware("http")(one_error_shape)
desk.register_blueprint(access)
desk.register_blueprint(office)


def _pattern(path: str) -> re.Pattern[str]:
    """`/desk/claims/{id}` as an address has it; a value holds no slash unless it is quoted."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


_PATTERNS = {route.path: _pattern(route.path) for route in REGISTRY if route.path.startswith("/desk/")}
_UNKNOWN = NotFoundError("request.no_such_address", "没有这个地址。请从首页重新进入。")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda function: one proxy event in, one answer out."""
    asked = "/desk/" + ((event.get("pathParameters") or {}).get("proxy") or "")
    path, values = _route(asked)
    event = {
        **event,
        "pathParameters": values or None,
        "requestContext": {**event["requestContext"], "resourcePath": path or asked},
    }
    if path is None:  # Chalice would take it for a wrong method, and remember it for ever
        refused = one_error_shape(Request(event, context), lambda _: problem_response(_UNKNOWN))
        return dict(refused.to_dict())
    return dict(desk(event, context))


def _route(asked: str) -> tuple[str | None, dict[str, str]]:
    """The route's own path and its values; None if there is no such route."""
    for path, compiled in _PATTERNS.items():
        found = compiled.fullmatch(asked)
        if found:
            return path, {name: unquote(value) for name, value in found.groupdict().items()}
    return None, {}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    tables.connection()
gc.freeze()
gc.enable()
