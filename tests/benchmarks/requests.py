"""The measured requests, once made for real on a served store and kept on tape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.platform import aws, keyring, tables
from chalicelib.platform.settings import settings
from tests.benchmarks.store import ORIGIN
from tests.benchmarks.tape import Recorder, Tape, recording
from tests.house import Phone, add_seats, application, phone

KEY = "bench-idempotency-key"


@dataclass(frozen=True)
class Recorded:
    """`event` as API Gateway sends it; `keys` tell the line which rows ours asked for."""

    name: str
    event: dict[str, Any]
    status: int
    keys: dict[str, Any]

    def order(self) -> dict[str, Any]:
        return {"name": self.name, "event": self.event, "status": self.status, "keys": self.keys}


@dataclass(frozen=True)
class Script:
    """Everything the measured processes need. The store is not needed any more."""

    tape: Tape
    first_join: Recorded
    warm: tuple[Recorded, ...]


def record() -> Script:
    """Needs a served store (tests.benchmarks.store), with nobody in it."""
    newcomer, member = phone(1), phone(2)
    add_seats(5)
    assert member.join(key=KEY).status_code == 201
    tape: Tape = {}
    keyring.forget()  # a cold function has no keys yet
    with _kept(tape) as seen:
        assert newcomer.join(key=KEY).status_code == 201
    first = Recorded("first join", _join_event(newcomer), 201, _keys(seen))
    with _kept(tape) as seen:
        assert member.join(key=KEY).status_code == 201
    replay = Recorded("POST /enrollments, replay", _join_event(member), 201, _keys(seen))
    with _kept(tape) as seen:
        answer = member.call("GET", "/me/coverages")
        assert len(answer.json_body["items"]) == 1
    covers = Recorded("GET /me/coverages", event("GET", "/me/coverages", _headers(member)), 200, _keys(seen))
    with _kept(tape) as seen:
        assert member.call("GET", "/me").json_body["person"]
    me = Recorded("GET /me", event("GET", "/me", _headers(member)), 200, _keys(seen))
    health = Recorded("GET /health", event("GET", "/health", {}), 200, {})
    tape["TransactWriteItems"] = "{}"
    return Script(tape, first, (health, me, covers, replay))


@contextmanager
def _kept(tape: Tape) -> Iterator[list[Recorder]]:
    with recording(tables.connection().client, aws.client("kms")) as recorders:
        yield recorders
    for recorder in recorders:
        tape.update(recorder.tape)


def event(method: str, path: str, headers: dict[str, str], body: str = "") -> dict[str, Any]:
    """A REST API proxy event."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "apiId": "bench",
            "requestId": "bench",
            "resourcePath": path,
            "httpMethod": method,
            "path": f"/api{path}",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def _join_event(rider: Phone) -> dict[str, Any]:
    # The very bytes of `Phone.join`, or a replay would count as another body.
    body = json.dumps(application(rider.person))
    headers = {**_headers(rider), "Content-Type": "application/json", "Idempotency-Key": KEY}
    return event("POST", "/enrollments", headers, body)


def _headers(rider: Phone) -> dict[str, str]:
    return {"Origin": ORIGIN, "Cookie": f"__Host-huzhu={rider.token}", "Accept": "application/json"}


def _keys(seen: list[Recorder]) -> dict[str, Any]:
    """The rows of a recorded request, by what they are for."""
    keys: dict[str, Any] = {}
    for operation, asked in seen[0].requests:
        if operation == "TransactWriteItems":
            keys["commit"] = {"TransactItems": asked["TransactItems"]}
        elif operation == "BatchGetItem":
            (batch,) = asked["RequestItems"].values()
            keys["locks"] = [[key["person_id"]["S"], key["part"]["S"]] for key in batch["Keys"]]
        elif operation == "Query":
            placeholder = asked["KeyConditionExpression"].partition(" = ")[2].partition(" ")[0]
            value = asked["ExpressionAttributeValues"][placeholder]
            if asked["TableName"] == settings().table("keys"):
                keys.setdefault("rings", []).append(_ring(value["S"]))
            else:
                keys["person"] = value["S"]
        elif operation == "GetItem":
            key = asked["Key"]
            if "id" in key:
                keys["policy"] = [key["id"]["S"], key["part"]["S"]]
            elif "person_id" in key:
                keys["self"] = key["person_id"]["S"]
            else:
                kind = key["key"]["S"].partition("#")[0]
                keys[{"session": "session", "idempotency": "earlier"}[kind]] = key["key"]["S"]
    return keys


def _ring(purpose: str) -> dict[str, Any]:
    context = {"purpose": purpose, "table": settings().table("keys")}
    return {"purpose": purpose, "kms": settings().data_key_id, "context": context}
