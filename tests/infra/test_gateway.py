"""The local gateway: pages as the CDN would serve them, the API passed on, and nothing else reachable."""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from infra.connections import BoundedConnection
from infra.gateway import ADDRESS_BYTES, api_address, gateway
from infra.headers import page_headers
from infra.processes import free_port
from infra.resources.api import BODY_BYTES
from infra.serve import settings

PAGE = '<!doctype html><html lang="zh-CN"><title>首页</title><style>p{margin:0}</style><p>你好</p>'


@dataclass
class Running:
    origin: str
    site: Path
    sms_file: Path

    def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(self.origin + path, headers=named, trust_env=False)


def api_gateway() -> Starlette:
    """Stands in for API Gateway: echoes what arrives, and fails the way the real one does."""

    async def echo(request: Request) -> Response:
        body = await request.body()
        response = JSONResponse(
            {
                "method": request.method,
                "path": request.url.path,
                "query": request.url.query,
                "headers": dict(request.headers),
                "length": len(body),
            }
        )
        response.headers.append("Set-Cookie", "a=1; Path=/")
        response.headers.append("Set-Cookie", "b=2; Path=/")
        response.headers["X-Huzhu-Api"] = "abc123"
        response.headers["Content-Security-Policy"] = "default-src *"
        return response

    async def fail(request: Request) -> Response:
        return JSONResponse({"message": "internal words"}, int(request.path_params["status"]))

    async def refuse(request: Request) -> Response:
        return JSONResponse({"code": "ours"}, 403, media_type="application/problem+json")

    async def outside(request: Request) -> Response:
        return PlainTextResponse("the whole emulator")

    methods = ["GET", "POST", "DELETE", "PATCH", "PUT"]
    return Starlette(
        routes=[
            Route("/x/api/fail/{status}", fail),
            Route("/x/api/refuse", refuse),
            Route("/x/api/{path:path}", echo, methods=methods),
            Route("/{path:path}", outside, methods=methods),
        ]
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_text(PAGE, "utf-8")
    (site / "index.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (site / "404.html").write_text(PAGE.replace("你好", "没有这一页"), "utf-8")
    (site / "services" / "join").mkdir(parents=True)
    (site / "services" / "join" / "index.html").write_text(PAGE, "utf-8")
    (site / "js").mkdir()
    (site / "js" / "join.0a1b.js").write_text("'use strict';")
    (site.parent / "secret.txt").write_text("not for anybody")
    sms_file = tmp_path_factory.mktemp("state") / "sms.jsonl"
    with serving(api_gateway()) as api:
        app = gateway(site, f"{api}/x/api", "http://127.0.0.1:9", sms_file, demo_people())
        with serving(app) as origin:
            yield Running(origin, site, sms_file)


@contextmanager
def serving(app: Starlette, **limits: Any) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(settings(app, port, **limits))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def demo_people() -> list[dict[str, str]]:
    return [{"who": "骑手<b>", "mobile": "19900001001", "note": ""}]


# ---- pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/services/join/", "/js/join.0a1b.js", "/nope", "/api/me", "/api/fail/502"]
)
def test_every_answer_carries_productions_headers_and_no_other_policy(running: Running, path: str) -> None:
    answer = running.get(path)
    for name, value in page_headers(running.site, "http://127.0.0.1:9").items():
        assert answer.headers.get_list(name) == [value]


def test_a_folder_answers_with_its_index_page(running: Running) -> None:
    answer = running.get("/services/join/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text == PAGE


def test_a_folder_without_its_slash_is_sent_to_the_same_site(running: Running) -> None:
    answer = running.get("/services/join")
    assert (answer.status_code, answer.headers["location"]) == (308, "/services/join/")
    assert running.get("//services/join").headers.get("location", "/").startswith("/services")


def test_a_missing_page_is_the_sites_own_404(running: Running) -> None:
    answer = running.get("/products/none/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/js/..%2f..%2fsecret.txt", "/%00"]
)
def test_nothing_outside_the_site_is_readable(running: Running, path: str) -> None:
    answer = running.get(path)
    assert answer.status_code == 404
    assert "not for anybody" not in answer.text


def test_a_compressed_copy_is_sent_to_those_who_read_it(running: Running) -> None:
    packed = running.get("/", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == PAGE
    plain = running.get("/", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert running.get("/index.html.gz").status_code == 404  # a copy is no page of its own


def test_scripts_are_kept_for_ever_and_pages_asked_for_again(running: Running) -> None:
    assert "immutable" in running.get("/js/join.0a1b.js").headers["cache-control"]
    assert "immutable" not in running.get("/").headers["cache-control"]


def test_an_unchanged_page_is_not_sent_twice(running: Running) -> None:
    tag = running.get("/").headers["etag"]
    again = running.get("/", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")


def test_head_has_the_length_and_no_body(running: Running) -> None:
    answer = httpx.head(running.origin + "/services/join/", trust_env=False)
    assert int(answer.headers["content-length"]) == len(PAGE.encode())
    assert answer.content == b""


def test_pages_cannot_be_posted_to(running: Running) -> None:
    assert httpx.post(running.origin + "/", trust_env=False).status_code == 405


# ---- the API ---------------------------------------------------------------------------------------------


def test_the_api_gets_method_path_query_body_and_the_headers_it_reads(running: Running) -> None:
    answer = httpx.request(
        "PATCH",
        running.origin + "/api/claims/a%20b?check=1&x=%2F",
        content=b"12345",
        headers={
            "Cookie": "__Host-huzhu=t",
            "Origin": running.origin,
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": "k",
            "X-Forwarded-For": "203.0.113.9",
            "Forwarded": "for=203.0.113.9",
        },
        trust_env=False,
    )
    got = answer.json()
    assert (got["method"], got["path"], got["query"], got["length"]) == (
        "PATCH",
        "/x/api/claims/a b",
        "check=1&x=%2F",
        5,
    )
    assert got["headers"]["cookie"] == "__Host-huzhu=t"
    assert got["headers"]["origin"] == running.origin
    assert got["headers"]["sec-fetch-site"] == "same-origin"
    assert got["headers"]["idempotency-key"] == "k"
    assert got["headers"]["x-forwarded-for"] == "127.0.0.1"  # who calls is ours to say
    assert "forwarded" not in got["headers"]
    assert answer.headers["x-huzhu-api"] == "abc123"


def test_every_cookie_of_an_answer_arrives(running: Running) -> None:
    assert running.get("/api/me").headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]


@pytest.mark.parametrize(("length", "status"), [(BODY_BYTES, 200), (BODY_BYTES + 1, 413)])
def test_a_body_may_be_64_kib_and_not_a_byte_more(running: Running, length: int, status: int) -> None:
    whole = httpx.post(running.origin + "/api/x", content=b"x" * length, trust_env=False)
    assert whole.status_code == status
    halves = iter([b"x" * (length - 1), b"x"])  # no Content-Length: only counting tells
    chunked = httpx.post(running.origin + "/api/x", content=halves, trust_env=False)
    assert chunked.status_code == status


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (403, 404, "request.no_such_address"),
        (429, 429, "platform.busy"),
        (502, 503, "platform.unavailable"),
        (504, 503, "platform.unavailable"),
    ],
)
def test_where_no_function_ran_the_answer_has_our_shape(
    running: Running, failure: int, status: int, code: str
) -> None:
    answer = running.get(f"/api/fail/{failure}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert "internal words" not in answer.text
    assert ("retry-after" in answer.headers) == (status in (429, 503))


def test_a_functions_own_refusal_passes_unchanged(running: Running) -> None:
    answer = running.get("/api/refuse")
    assert (answer.status_code, answer.json()) == (403, {"code": "ours"})


def test_an_api_that_is_not_there_is_a_pause_not_a_crash(tmp_path: Path) -> None:
    app = gateway(tmp_path, f"http://127.0.0.1:{free_port()}", "", tmp_path / "sms", [])
    with serving(app) as origin:
        for path in ("health", "certificates/a%0Ab"):  # a line break in an address goes to the API as well
            answer = httpx.get(f"{origin}/api/{path}", trust_env=False)
            assert (answer.status_code, answer.json()["code"]) == (503, "platform.unavailable"), path


OUTSIDE = [
    "..", ".", "../..", "../../_aws", "x/../../..", "./..", "..;/..", "x//..//..//..", "/../..",
    "%2e%2e", "%2E%2E/%2e%2e", ".%2e", "%2e.", "..%2f..", "..%2F", "x%2f..%2f..%2f..", "%2e%2e%2f%2e%2e",
    "%252e%252e", "%252e%252e%252f", "%25252e.", "..%5c..", "..\\..", "%5c..", "x%5C%2E%2E%5Cy", "%2e",
    "%25252525252525252e",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_spelling_of_a_step_up_leaves_the_api(running: Running, path: str) -> None:
    """Sent as it stands: a client library would fold the dots before they left."""
    for sent in (f"/api/{path}", f"/api/{path}/", f"/api/{path}/huzhu-local-people", f"/api/{path}?a=/../.."):
        answer = raw(running.origin, f"GET {sent} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert (answer.status, answer.problem["code"]) == (404, "request.no_such_address"), sent
        assert "the whole emulator" not in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/api/../../x",
        "http://127.0.0.1:1/x",
        "*",
        "@127.0.0.1:9/",
        "/api/x#/../../..",
        "/api/x?a#b",
    ],
)
def test_only_a_path_of_this_host_is_an_address(running: Running, target: str) -> None:
    answer = raw(running.origin, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert (answer.status, answer.problem["code"]) == (400, "request.refused")


@pytest.mark.parametrize(
    "target",
    ["//api/x", "/%61pi/x", "/api%2fx", "/x/api/me", "/API/me", "//127.0.0.1:9/api/x", "/x/..%2fapi/me"],
)
def test_what_only_looks_like_the_api_is_a_page_nobody_wrote(running: Running, target: str) -> None:
    answer = raw(running.origin, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert answer.status == 404
    assert '"method"' not in answer.text


@pytest.mark.parametrize(
    "path", [f"/api/{path}" for path in OUTSIDE] + ["/x/api/me", "/apix", "/api", "/%61pi/me"]
)
def test_an_address_is_inside_the_api_or_it_is_none(path: str) -> None:
    assert api_address("http://127.0.0.1:9/x/api", path.encode(), b"") is None


def test_what_httpx_folds_out_of_the_api_is_seen_even_if_nobody_saw_it_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("infra.gateway.climbs", lambda path: False)
    for path in (b"/api/..", b"/api/../../", b"/api/x/../../../_aws", b"/api/../apix"):
        assert api_address("http://127.0.0.1:9/x/api", path, b"") is None, path


@pytest.mark.parametrize(
    ("sent", "reached"),
    [
        ("/api/me", b"/x/api/me"),
        ("/api//me", b"/x/api//me"),
        ("/api/", b"/x/api/"),
        ("/api/a%2Fb%20c", b"/x/api/a%2Fb%20c"),
        ("/api/...", b"/x/api/..."),
        ("/api/.x/a..b", b"/x/api/.x/a..b"),
        ("/api/https://other.example/", b"/x/api/https://other.example/"),
        ("/api/@other.example:80", b"/x/api/@other.example:80"),
    ],
)
def test_everything_else_reaches_the_api_as_it_was_sent(sent: str, reached: bytes) -> None:
    address = api_address("http://127.0.0.1:9/x/api", sent.encode(), b"a=..%2f..")
    assert address is not None
    assert (address.host, address.port, address.raw_path) == ("127.0.0.1", 9, reached + b"?a=..%2f..")


def test_the_api_is_sent_what_the_visitor_sent_and_no_cookie_of_another(running: Running) -> None:
    assert running.get("/api/me").headers.get_list("set-cookie")
    assert "cookie" not in running.get("/api/me").json()["headers"]


# ---- what no browser sends -------------------------------------------------------------------------------


def test_a_name_too_long_for_any_file_is_a_page_that_is_not_there(running: Running) -> None:
    for path in ("a" * 255, "a" * 256, "%E5" * 300, "x/" * 2500, "js/" + "a" * 5000):
        answer = running.get(f"/{path}")
        assert (answer.status_code, "没有这一页" in answer.text) == (404, True), len(path)


@pytest.mark.parametrize("path", ["/", "/api/", "/x?q="])
def test_an_address_may_have_8_kib_and_not_a_byte_more(running: Running, path: str) -> None:
    short = path + "a" * (ADDRESS_BYTES - len(path) - ("?" not in path))
    assert running.get(short).status_code in (200, 404)
    answer = running.get(short + "a")
    assert (answer.status_code, answer.json()["code"]) == (414, "request.refused")
    assert "太长" in answer.json()["detail"]


@pytest.mark.parametrize("length", [20_000, 70_000, 200_000, 1_000_000])
def test_an_address_of_any_length_is_answered_in_words(
    running: Running, complaints: list[str], length: int
) -> None:
    for path in ("/", "/api/"):
        answer = raw(
            running.origin,
            f"GET {path}{'a' * length} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        )
        assert answer.status in (400, 414)
        assert answer.problem["code"] == "request.refused"
    assert complaints == []


@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        ("GET /api/me HTTP/1.1", "X-Name: \u4e2d\u6587", 400),
        ("GET / HTTP/1.1", "Cookie: a=\xff\xfe", 400),
        ("GET /\u4e2d\u6587 HTTP/1.1", "X: 1", 400),
        ("GET /api/\xff\xfe HTTP/1.1", "X: 1", 400),
        ("GET /api/me?a=\u4e2d HTTP/1.1", "X: 1", 400),
        ("GET /\x00 HTTP/1.1", "X: 1", 400),
        ("GET / HTTP/1.1", "X: a\x00b", 400),
        ("GET / HTTP/1.1", "\u4e2d: 1", 400),
        ("GET / HTTP/1.1", "Content-Length: x", 400),
        ("GET / HTTP/1.1", "Content-Length: 1\r\nContent-Length: 2", 400),
        ("GET / HTTP/x", "X: 1", 400),
        ("\x16\x03\x01\x02", "X: 1", 400),  # TLS on a port without it
        ("G\u00cbT / HTTP/1.1", "X: 1", 400),
        ("POST /api/x HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nnot-a-length\r\nx", 400),
        ("HEAD /api/x HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nnot-a-length\r\nx", 400),
        ("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nnot-a-length\r\nx", 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    running: Running, complaints: list[str], request_line: str, header: str, status: int
) -> None:
    answer = raw(
        running.origin, f"{request_line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n{header}\r\n\r\n"
    )
    assert answer.status == status
    if status == 400 and not request_line.startswith("HEAD"):
        assert answer.problem["code"] == "request.refused"
    assert complaints == []


def test_a_visitor_who_leaves_amid_a_form_leaves_no_traceback(
    running: Running, complaints: list[str]
) -> None:
    with connect(running.origin) as line:
        line.sendall(b"POST /api/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n123")
    assert running.get("/").status_code == 200  # asked after it, on the same loop
    assert complaints == []


def test_nonsense_after_the_answer_ends_the_connection_and_no_more(
    running: Running, complaints: list[str]
) -> None:
    with connect(running.origin) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        answered = line.recv(65536)
        line.sendall(b"not-a-length\r\nx")
        read(line)  # to its end
    assert answered.startswith(b"HTTP/1.1 405")
    assert complaints == []


# ---- who takes too long ----------------------------------------------------------------------------------


class Hasty(BoundedConnection):
    request_seconds = 0.3


@pytest.fixture(scope="module")
def hasty(running: Running) -> Iterator[str]:
    """The same gateway, soon out of patience. Nothing below asks how fast this machine is: only whether the
    connection ever ends, and with what words."""
    app = gateway(running.site, "http://127.0.0.1:9", "", running.sms_file, [])
    with serving(app, connection=Hasty, idle_seconds=0.3) as origin:
        yield origin


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"", None),  # nothing was asked, so nothing is answered
        (b"GET / HTT", 408),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", 408),
        (b"POST /api/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n1", 408),
        (b"HEAD /api/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n1", 408),
        (b"POST /api/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n9999999\r\nx", 408),
        (
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n1",
            200,
        ),  # answered, then closed
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200),  # idle after its answer
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTT", 200),  # slow with the second
    ],
)
@pytest.mark.parametrize("dripping", [False, True])
def test_a_request_that_does_not_end_is_ended(
    hasty: str, complaints: list[str], begun: bytes, status: int | None, dripping: bool
) -> None:
    with connect(hasty) as line:
        line.sendall(begun)
        answer = read(line, drip=b"1" if dripping and begun else b"")
    assert answer.status == status
    if status == 408:
        assert begun.startswith(b"HEAD") or "太久" in answer.problem["detail"]
    assert complaints == []


def test_a_hundred_slow_visitors_are_all_shown_out_and_others_are_served_meanwhile(hasty: str) -> None:
    lines = [connect(hasty) for _ in range(100)]
    try:
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
        assert httpx.get(f"{hasty}/", trust_env=False).status_code == 200
        assert {read(line).status for line in lines} == {408}
    finally:
        for line in lines:
            line.close()


# ---- a browser's bare bytes ------------------------------------------------------------------------------

CLOSES_WITHIN_SECONDS = 60  # far more than any machine needs; without limits it would be never


@dataclass
class Bytes:
    """What came back until the other side closed; `status` is None when that was nothing."""

    text: str

    @property
    def status(self) -> int | None:
        return int(self.text.split()[1]) if self.text else None

    @property
    def problem(self) -> dict[str, Any]:
        head, _, body = self.text.partition("\r\n\r\n")
        assert "content-type: application/problem+json" in head.lower()
        found: dict[str, Any] = json.loads(body)
        assert found["status"] == self.status
        return found


def connect(origin: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", int(origin.rpartition(":")[2])))
    line.settimeout(CLOSES_WITHIN_SECONDS)
    return line


def read(line: socket.socket, drip: bytes = b"") -> Bytes:
    """Everything until the other side closes; `drip` is sent again and again meanwhile."""
    got, until = b"", time.monotonic() + CLOSES_WITHIN_SECONDS
    line.settimeout(0.02 if drip else CLOSES_WITHIN_SECONDS)
    while time.monotonic() < until:
        try:
            more = line.recv(65536)
            got += more
            if not more:
                return Bytes(got.decode())
        except TimeoutError:
            assert drip, "the connection stays open"
            with contextlib.suppress(ConnectionError):
                line.sendall(drip)
        except ConnectionError:  # closed while we were still sending
            return Bytes(got.decode())
    raise AssertionError("the connection stays open")


def raw(origin: str, sent: str) -> Bytes:
    """`sent` as latin-1 where that is possible, else as UTF-8."""
    try:
        data = sent.encode("latin-1")
    except UnicodeEncodeError:
        data = sent.encode()
    with connect(origin) as line:
        with contextlib.suppress(ConnectionError):  # answered and closed before all was sent
            line.sendall(data)
        return read(line)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the server logged as an error, traceback included, during the test."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(logging.Formatter().format(record))

    listener = Listener(logging.ERROR)
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for each in loggers:
        each.addHandler(listener)
    yield heard
    for each in loggers:
        each.removeHandler(listener)


# ---- who may ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:1", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("evil.example:8000", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:1", 421),
        ("", 421),
    ],
)
def test_only_this_machines_own_names_are_answered(running: Running, host: str, status: int) -> None:
    for path in ("/", "/local/sms", "/api/me"):
        assert running.get(path, host=host).status_code == status


# ---- the two local pages ---------------------------------------------------------------------------------


def test_the_sms_page_shows_the_newest_first_and_is_kept_by_nobody(running: Running) -> None:
    assert "还没有短信" in running.get("/local/sms").text
    running.sms_file.write_text(
        '{"at": "2026-11-21T16:00:00Z", "mobile": "19900001001", "text": "第一条 <script>"}\n'
        '{"at": "2026-11-21T16:00:05Z", "mobile": "19900001002", "text": "第二条"}\n'
        '{"at": "2026-11-21T16:00',  # being written just now
        "utf-8",
    )
    answer = running.get("/local/sms")
    assert answer.text.index("第二条") < answer.text.index("第一条")
    assert "11月22日 00:00:05" in answer.text  # Shanghai
    assert "<script>" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "no-store"


def test_the_overview_names_the_demo_people_as_text(running: Running) -> None:
    answer = running.get("/local")
    assert "19900001001" in answer.text
    assert "骑手&lt;b&gt;" in answer.text


@pytest.mark.parametrize("path", ["/local", "/local/sms"])
def test_the_local_pages_run_under_a_policy_of_their_own(running: Running, path: str) -> None:
    [policy] = running.get(path).headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
