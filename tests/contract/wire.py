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


def send(
    route: str,
    body: Any = None,
    *,
    raw: bytes | None = None,
    path: Mapping[str, str] | None = None,
    query: Sequence[tuple[str, str]] = (),
    token: str = "",
    key: str = KEY,
    headers: Mapping[str, str] | None = None,
    ip: str = "203.0.113.7",
) -> Reply:
    """`route` is "GET /certificates/{number}"; `raw` is sent as it is, `body` as JSON."""
    from app import app

    method, _, resource = route.partition(" ")
    sent = {"content-type": "application/json", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
    if method == "POST":
        sent["idempotency-key"] = key
    if token:
        sent["cookie"] = f"__Host-huzhu={token}"
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
    answer = app(event, None)
    shown = {name.lower(): (value,) for name, value in answer["headers"].items()}
    shown |= {name.lower(): tuple(values) for name, values in answer["multiValueHeaders"].items()}
    return Reply(answer["statusCode"], shown, answer["body"])
