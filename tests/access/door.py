"""Signs people in as the pages do, for tests: whole API Gateway events through the product's app."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from altcha import v1

ORIGIN = "https://huzhu.example"
KEY = "a-key-of-sixteen-or-more"


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    cookies: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The problem's code; empty for a success."""
        return str((self.body or {}).get("code", ""))

    @property
    def token(self) -> str:
        """The value of the one cookie set."""
        (cookie,) = self.cookies
        return cookie.partition("=")[2].partition(";")[0]


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str | None = None,
    ip: str = "203.0.113.7",
    token: str | None = None,
    headers: dict[str, str | None] | None = None,
) -> Reply:
    """One request from our own page; `headers` overrides what the browser sends, None leaves one out."""
    sent: dict[str, str | None] = {
        "content-type": "application/json",
        "origin": ORIGIN,
        "sec-fetch-site": "same-origin",
        "idempotency-key": key,
        "cookie": None if token is None else f"theme=red; __Host-huzhu={token}",
        **(headers or {}),
    }
    event = {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {name: value for name, value in sent.items() if value is not None},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "stageVariables": None,
        "isBase64Encoded": False,
        "body": None if body is None else json.dumps(body),
        "requestContext": {
            "httpMethod": method,
            "resourcePath": path,
            "identity": {"sourceIp": ip},
            "apiId": "in-process",
            "requestId": "r",
        },
    }
    answer = _answer(path, event)
    cookies = answer["multiValueHeaders"].get("Set-Cookie", [])
    text = answer["body"]
    return Reply(answer["statusCode"], json.loads(text) if text else None, cookies, answer["headers"])


def _answer(path: str, event: dict[str, Any]) -> Any:
    """Of the function that serves this address: the edge hands all below /desk to the desk."""
    if not path.startswith("/desk/"):
        return _app()(event, None)
    from desk import handler

    proxied = {"resource": "/desk/{proxy+}", "pathParameters": {"proxy": path.removeprefix("/desk/")}}
    context = {**event["requestContext"], "resourcePath": "/desk/{proxy+}"}
    return handler({**event, **proxied, "requestContext": context}, None)


def ask_code(mobile: str, *, key: str = KEY, ip: str = "203.0.113.7", altcha: str | None = None) -> Reply:
    """POST /sign-in/codes, with a fresh proof of work unless one is given."""
    return call("POST", "/sign-in/codes", {"mobile": mobile, "altcha": altcha or solved()}, key=key, ip=ip)


def enter_code(challenge_id: str, code: str, *, key: str = KEY, token: str | None = None) -> Reply:
    """POST /sign-in/sessions; `token` is the cookie the browser already has."""
    return call(
        "POST", "/sign-in/sessions", {"challenge_id": challenge_id, "code": code}, key=key, token=token
    )


def sign_in(mobile: str, *, key: str = KEY, token: str | None = None) -> str:
    """All the way; the session's token."""
    sent = ask_code(mobile, key=key)
    assert sent.status == 202, sent
    opened = enter_code(sent.body["challenge_id"], code_of(sent), key=key, token=token)
    assert opened.status == 201, opened
    return opened.token


def code_of(sent: Reply) -> str:
    """The code on its way to the phone, read from the message in the outbox."""
    from chalicelib.notify import records

    row = records.read(sent.body["challenge_id"])
    assert row is not None
    _, values = records.unseal(row)
    return values["code"]


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def solved(signing_key: str | None = None) -> str:
    """A valid proof of work at no cost: a puzzle whose answer is known, signed with our key or another."""
    from chalicelib.access.service import proof
    from chalicelib.platform import cipher, clock
    from chalicelib.platform.settings import LIMITS

    made = v1.create_challenge(
        v1.ChallengeOptions(
            number=7,
            hmac_key=signing_key or cipher.keyed_hash(*proof.PURPOSE),
            expires=clock.now() + timedelta(seconds=LIMITS.proof_seconds),
        )
    )
    return v1.Payload("SHA-256", made.challenge, 7, made.salt, made.signature).to_base64()


def solve(puzzle: dict[str, Any]) -> str:
    """The page's work: try numbers until the hash fits."""
    made = v1.Challenge(
        "SHA-256", puzzle["challenge"], puzzle["maxnumber"], puzzle["salt"], puzzle["signature"]
    )
    solution = v1.solve_challenge(made)
    assert solution is not None
    return v1.Payload("SHA-256", made.challenge, solution.number, made.salt, made.signature).to_base64()


def _app() -> Any:
    from app import app

    return app
