"""Calls the desk's own function as API Gateway does, for tests."""

from __future__ import annotations

import json
from typing import Any

import pyotp

import desk
from chalicelib.access.model import Role, Staff
from chalicelib.access.service import staff as accounts
from chalicelib.access.service.sign_in import open_session_for
from chalicelib.access.service.staff import NewStaff
from chalicelib.kernel import Masked
from chalicelib.platform import clock, ids
from chalicelib.platform.work import Work
from tests.access.door import ORIGIN, Reply

ADMINISTRATOR = Staff("staff#boss", "staff#boss", frozenset({Role.ADMINISTRATOR}))


def boss() -> Work:
    return Work(ADMINISTRATOR)


def hire(mobile: str, *roles: Role, region: str = "") -> NewStaff:
    return accounts.add(boss(), mobile, "钱某", roles or (Role.CLERK,), region)


def ask_desk(
    method: str, path: str, body: Any = None, *, key: str = "", member: str = "", token: str = ""
) -> Reply:
    """`path` below /desk/; `member` and `token` are the two cookies."""
    cookies = [f"__Host-huzhu={member}"] if member else []
    cookies += [f"__Host-desk={token}"] if token else []
    headers = {
        "content-type": "application/json",
        "origin": ORIGIN,
        "sec-fetch-site": "same-origin",
        "idempotency-key": key or ids.new_id(),
        "cookie": "; ".join(cookies),
    }
    path, _, query = path.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    answer = desk.handler(
        {
            "resource": "/desk/{proxy+}",
            "path": f"/desk/{path}",
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {},
            "multiValueQueryStringParameters": {name: [value] for name, _, value in pairs} or None,
            "pathParameters": {"proxy": path},
            "stageVariables": None,
            "isBase64Encoded": False,
            "body": None if body is None else json.dumps(body),
            "requestContext": {
                "httpMethod": method,
                "resourcePath": "/desk/{proxy+}",
                "identity": {"sourceIp": "203.0.113.7"},
                "apiId": "in-process",
                "requestId": "r",
            },
        },
        None,
    )
    cookies = (answer.get("multiValueHeaders") or {}).get("Set-Cookie", [])
    text = answer["body"]
    return Reply(answer["statusCode"], json.loads(text) if text else None, cookies, answer["headers"])


def code_now(hired: NewStaff, later_seconds: int = 0) -> str:
    at = int(clock.now().timestamp()) + later_seconds
    return pyotp.TOTP(hired.factor.secret.reveal()).at(at)


def enter_desk(mobile: str, hired: NewStaff) -> str:
    """All the way; the desk session's token."""
    member = open_session_for(Masked(mobile))
    opened = ask_desk("POST", "sessions", {"code": code_now(hired)}, member=member)
    assert opened.status == 201, opened
    return opened.token
