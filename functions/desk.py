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

from chalice.app import Chalice

from chalicelib.office.desk_routes import routes as office
from chalicelib.platform import tables
from chalicelib.platform.http import REGISTRY, reshape

desk = Chalice(app_name="huzhu-desk", debug=False)


@desk.middleware("http")
def one_error_shape(event: Any, get_response: Any) -> Any:
    """Chalice's own refusals and ours look alike."""
    response = get_response(event)
    return reshape(response, response.status_code)


desk.register_blueprint(office)

_PATHS = [route.path for route in REGISTRY if route.path.startswith("/desk/")]
_PATTERNS = {path: re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))) for path in _PATHS}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda function: one proxy event in, one answer out."""
    path, values = _route("/desk/" + ((event.get("pathParameters") or {}).get("proxy") or ""))
    event = {
        **event,
        "pathParameters": values or None,
        "requestContext": {**event["requestContext"], "resourcePath": path},
    }
    answer: dict[str, Any] = desk(event, context)
    return answer


def _route(path: str) -> tuple[str, dict[str, str]]:
    """The route's own path and its values. An unknown address keeps itself, and Chalice refuses it."""
    for pattern, compiled in _PATTERNS.items():
        found = compiled.fullmatch(path)
        if found:
            return pattern, {name: unquote(value) for name, value in found.groupdict().items()}
    return path, {}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    tables.connection()
gc.freeze()
gc.enable()
