"""The local gateway: pages as the CDN would serve them, the API passed on, and nothing else reachable."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.gateway import gateway
from infra.headers import page_headers
from infra.processes import free_port
from infra.resources.api import BODY_BYTES

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

    methods = ["GET", "POST", "DELETE", "PATCH", "PUT"]
    return Starlette(
        routes=[
            Route("/x/api/fail/{status}", fail),
            Route("/x/api/refuse", refuse),
            Route("/x/api/{path:path}", echo, methods=methods),
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
def serving(app: Starlette) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", proxy_headers=False))
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
