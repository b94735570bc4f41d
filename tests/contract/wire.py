"""One request to the app, byte for byte as API Gateway hands it over; and the answer, byte for byte.

`chalice.test` and JSON helpers are kinder than the wire: here a body is bytes and an answer is status,
headers and text, so that two answers can be compared whole.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chalicelib.platform.http import REGISTRY, Route

ORIGIN = "https://huzhu.example"
KEY = "a-key-of-sixteen-or-more"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, tuple[str, ...]]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The problem's code; empty for a success."""
        return str(self.json["code"]) if self.status >= 400 else ""

    def without(self, *names: str) -> Reply:
        """The same answer without what is random by design: top-level JSON fields and headers."""
        body = json.loads(self.text) if self.text else None
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in names}
        headers = {name: value for name, value in self.headers.items() if name not in names}
        return Reply(self.status, headers, json.dumps(body, ensure_ascii=False))


def routes() -> list[Route]:
    """Every route of both functions; a test that walks the registry walks this."""
    import app  # noqa: F401 - registers its routes
    import desk  # noqa: F401 - and the desk its own

    return REGISTRY


def send(
    route: str,
    body: Any = None,
    *,
    raw: bytes | None = None,
    path: Mapping[str, str] | None = None,
    query: Sequence[tuple[str, str]] = (),
    token: str = "",
    desk_token: str = "",
    key: str = KEY,
    headers: Mapping[str, str] | None = None,
    ip: str = "203.0.113.7",
) -> Reply:
    """`route` is "GET /certificates/{number}"; `raw` is sent as it is, `body` as JSON."""
    method, _, resource = route.partition(" ")
    sent = {"content-type": "application/json", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
    if method == "POST":
        sent["idempotency-key"] = key
    cookies = {"__Host-huzhu": token, "__Host-desk": desk_token}
    if any(cookies.values()):
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
    payload = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    names = list(dict.fromkeys(name for name, _ in query))
    event = {
        "resource": resource,
        "path": resource.format(**{name: quote(value) for name, value in (path or {}).items()}),
        "httpMethod": method,
        "headers": {**sent, **(headers or {})},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": {n: [v for m, v in query if m == n] for n in names} or None,
        "pathParameters": dict(path or {}),
        "stageVariables": None,
        "isBase64Encoded": True,
        "body": base64.b64encode(payload).decode() if payload else None,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource,
            "identity": {"sourceIp": ip},
            "apiId": "in-process",
            "requestId": "r",
        },
    }
    answer = _function(resource, event)
    shown = {name.lower(): (value,) for name, value in answer["headers"].items()}
    shown |= {name.lower(): tuple(values) for name, values in answer["multiValueHeaders"].items()}
    return Reply(answer["statusCode"], shown, answer["body"])


def _function(resource: str, event: dict[str, Any]) -> Any:
    """The answer of the function that serves this address: the edge hands all below /desk to the desk."""
    if not resource.startswith("/desk/"):
        from app import app

        return app(event, None)
    from desk import handler

    proxy = {"proxy": event["path"].removeprefix("/desk/")}
    context = {**event["requestContext"], "resourcePath": "/desk/{proxy+}"}
    whole = {**event, "resource": "/desk/{proxy+}", "pathParameters": proxy, "requestContext": context}
    return handler(whole, None)
