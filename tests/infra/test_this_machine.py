"""Who may talk to the ports of this machine, request by request; `tests/browser/test_foreign_pages.py` asks a
real browser the same."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.this_machine import NoPages, OnlyThisMachine, climbs, only_this_machine

OWN = "http://127.0.0.1:8000"
BUCKET = "/huzhu-local-uploads-000000000000"
SIGNED = "X-Amz-Signature=a&X-Amz-Date=b"
FORM = {"content-type": "multipart/form-data; boundary=x"}
PUT = {"access-control-request-method": "PUT"}
POST = {"access-control-request-method": "POST"}


class Asked:
    """What reached the emulator, and what came back."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] | None = None
        self.sent: list[dict[str, Any]] = []

    async def emulator(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        headers = [
            (b"Access-Control-Allow-Origin", b"*"),
            (b"access-control-allow-headers", b"*"),
            (b"x", b"1"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.sent[0]["headers"]}


def run(answering: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser kept open by other tests has a loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, answering).result()


def ask(method: str, path: str, query: str = "", kind: str = "http", **headers: str) -> Asked:
    asked = Asked()
    app = OnlyThisMachine(NoPages(asked.emulator, [OWN, "http://localhost:8000"], "huzhu-local-"))
    named = {"host": "127.0.0.1:8001", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    run(app(scope, None, asked.send))  # type: ignore[arg-type]  # nothing here reads a body
    return asked


@pytest.mark.parametrize("agent", ["Boto3/1.40 md/Botocore", "python-httpx/0.28", "curl/8", "aws-cli/2"])
def test_a_program_may_ask_for_anything_and_no_page_may_read_the_answer(agent: str) -> None:
    asked = ask("POST", "/2015-03-31/functions", user_agent=agent)
    assert asked.status == 200
    assert asked.headers == {"x": "1"}


@pytest.mark.parametrize(
    "marks",
    [
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": OWN},
        {"origin": f"{OWN}.evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_mode": "no-cors"},
        {"user_agent": "Mozilla/5.0 (Linux; Android 9) Chrome/67.0"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("GET", "/"),
        ("OPTIONS", "/"),
        ("POST", "/2015-03-31/functions"),
        ("GET", "/_ministack/health"),
        ("GET", BUCKET),
        ("DELETE", f"{BUCKET}/a"),
        ("POST", "/_aws/execute-api/abc/api/me"),
    ],
)
def test_a_page_reaches_nothing(marks: dict[str, str], method: str, path: str) -> None:
    asked = ask(method, path, **marks)
    assert (asked.status, asked.scope) == (403, None)
    assert not any(name.startswith("access-control") for name in asked.headers)


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "allowed"),
    [
        ("POST", BUCKET, "", FORM, True),
        ("POST", f"{BUCKET}/", "", FORM, True),
        ("OPTIONS", BUCKET, "", POST, True),
        ("PUT", f"{BUCKET}/incoming/a", SIGNED, {}, True),
        ("OPTIONS", f"{BUCKET}/incoming/a", SIGNED, PUT, True),
        ("POST", BUCKET, "", {"content-type": "application/x-www-form-urlencoded"}, False),
        ("POST", BUCKET, "", {}, False),
        ("POST", BUCKET, "delete", FORM, False),
        ("POST", BUCKET, "Action=CreateQueue", FORM, False),
        ("POST", f"{BUCKET}/a", "", FORM, False),
        ("POST", "/", "", FORM, False),
        ("POST", "/somebody-elses-bucket", "", FORM, False),
        ("POST", "/huzhu-local-", "", FORM, False),
        ("POST", f"{BUCKET}/../2015-03-31/functions", "", FORM, False),
        ("PUT", f"{BUCKET}/../x", SIGNED, {}, False),
        ("PUT", f"{BUCKET}/%2e%2e/x", SIGNED, {}, False),
        ("PUT", f"{BUCKET}/incoming/a", "", {}, False),
        ("PUT", f"{BUCKET}/incoming/a", f"acl&{SIGNED}", {}, False),
        ("PUT", f"{BUCKET}/incoming/a", f"{SIGNED}&Action=CreateQueue", {}, False),
        ("PUT", BUCKET, SIGNED, {}, False),
        ("GET", f"{BUCKET}/incoming/a", SIGNED, {}, False),
        ("DELETE", f"{BUCKET}/incoming/a", SIGNED, {}, False),
        ("OPTIONS", BUCKET, "", {"access-control-request-method": "DELETE"}, False),
        ("OPTIONS", BUCKET, "", {}, False),
        ("OPTIONS", "/", "", POST, False),
    ],
)
@pytest.mark.parametrize(
    "origin", [OWN, "http://localhost:8000", "http://localhost:8000/", "http://127.0.0.1:80", "*"]
)
def test_only_the_sites_own_pages_upload_and_only_into_its_buckets(
    method: str, path: str, query: str, headers: dict[str, str], allowed: bool, origin: str
) -> None:
    asked = ask(method, path, query, origin=origin, sec_fetch_site="same-site", **headers)
    ours = origin in (OWN, "http://localhost:8000")
    if not (allowed and ours):
        assert (asked.status, asked.scope) == (403, None)
        return
    assert asked.headers["access-control-allow-origin"] == origin
    assert asked.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in asked.headers
    if method == "OPTIONS":
        assert (asked.status, asked.scope) == (204, None)
        assert asked.headers["access-control-allow-headers"] == "content-type"
    else:
        assert asked.status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_aws/execute-api/abc/api/me", 200),
        ("/_aws/execute-api/abc/api/../../../2015-03-31/functions", 403),
        ("/_aws/execute-api/abc/api/%2e%2e/x", 403),
        ("/_aws/execute-api", 403),
        ("/2015-03-31/functions", 403),
        ("/", 403),
        (BUCKET, 403),
    ],
)
def test_what_the_gateway_passes_on_reaches_the_api_only_whoever_asked_it(path: str, status: int) -> None:
    asked = ask("POST", path, x_huzhu_gateway="1", origin="https://evil.example", sec_fetch_site="cross-site")
    assert asked.status == status
    if asked.scope:
        assert (
            dict(asked.scope["headers"])[b"origin"] == b"https://evil.example"
        )  # for the functions to refuse
        assert b"x-huzhu-gateway" not in dict(asked.scope["headers"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8001", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("", 421),
        ("evil.example", 421),
        ("evil.example:8001", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8001", 421),
        ("127.0.0.1@evil.example", 421),
        ("evil.example#@127.0.0.1:8001", 421),
        ("x.execute-api.localhost:8001", 421),
        ("0.0.0.0:8001", 421),
        ("127.1", 421),
    ],
)
def test_no_other_name_of_this_machine_is_answered(host: str, status: int) -> None:
    asked = ask("GET", "/", host=host)
    assert asked.status == status
    assert (asked.scope is None) == (status == 421)


def test_the_preview_answers_to_the_same_names() -> None:
    def preview(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"not published yet"]

    def read(host: str) -> tuple[str, bytes]:
        said: list[str] = []
        body = b"".join(
            only_this_machine(preview)({"HTTP_HOST": host}, lambda status, _: said.append(status))
        )  # type: ignore[arg-type]
        return said[0], body

    assert read("127.0.0.1:8000") == read("localhost") == ("200 OK", b"not published yet")
    for host in ("rebound.example:8000", "", "localhost.example"):
        status, body = read(host)
        assert status.startswith("421")
        assert b"published" not in body


def test_a_request_without_a_host_or_with_two_is_nobodys() -> None:
    asked = Asked()
    for hosts in ([], [(b"host", b"127.0.0.1")] * 2):
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": hosts}
        run(OnlyThisMachine(asked.emulator)(scope, None, asked.send))  # type: ignore[arg-type]
    assert [each["status"] for each in asked.sent if "status" in each] == [421, 421]


def test_no_page_opens_a_socket() -> None:
    asked = ask("GET", "/_aws/execute-api/abc/api", kind="websocket", origin=OWN)
    assert asked.scope is None
    assert asked.sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("path", ["/a/b", "/...", "/a..b/.c", "/a%2Fb", "/%25", "", "/a%20b%E4%BD%A0"])
def test_an_honest_path_does_not_climb(path: str) -> None:
    assert not climbs(path)


def test_a_path_that_unquotes_for_ever_is_taken_for_one_that_climbs() -> None:
    assert climbs("/%" + "25" * 4000)
