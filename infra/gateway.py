"""One origin for pages and API on this machine, as the CDN is in the cloud, with production's headers.

It serves `build/site`, passes `/api/*` to the API deployed on the local stack and to nothing else, and adds
two pages that exist only here: `/local` and `/local/sms`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra import local_pages
from infra.headers import page_headers
from infra.resources.api import BODY_BYTES, PROBLEMS, STAGE, problem
from infra.serving import find
from infra.this_machine import GATEWAY_HEADER, OnlyThisMachine, climbs


class AnyPath(PathConvertor):
    """A line break belongs to an address too; the stock convertor would leave it to nobody's page."""

    regex = r"[\s\S]*"


register_url_convertor("any", AnyPath())
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Between us and the API only; and what says who is calling, which is ours to say.
_NOT_PASSED_ON = {
    "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length",
    "accept-encoding", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    GATEWAY_HEADER,
}  # fmt: skip
_NOT_PASSED_BACK = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
_API_SECONDS = 29  # API Gateway's own limit
ADDRESS_BYTES = 8192  # the CDN's own limit


def gateway(
    site: Path, api_url: str, upload_origin: str, sms_file: Path, demo: list[dict[str, str]]
) -> Starlette:
    """The ASGI app. `api_url` is the deployed API's base address; `demo` are the sign-ins to show."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # or one visitor's went with the next
        async with httpx.AsyncClient(
            timeout=_API_SECONDS, limits=limits, trust_env=False, cookies=nobodys
        ) as client:
            app.state.api = client
            yield

    async def api(request: Request) -> Response:
        return await pass_on(request, request.app.state.api, api_url)

    async def page(request: Request) -> Response:
        return serve(site, request)

    async def sms(request: Request) -> Response:
        return local_pages.sms(sms_file)

    async def overview(request: Request) -> Response:
        return local_pages.overview(demo)

    routes = [
        Route(f"/{STAGE}/{{path:any}}", api, methods=METHODS),
        Route(local_pages.OVERVIEW, overview),
        Route(local_pages.SMS, sms),
        Route("/{path:any}", page, methods=["GET", "HEAD"]),
    ]
    headers = page_headers(site, upload_origin)
    middleware = [
        Middleware(OnlyThisMachine),
        Middleware(SameHeaders, headers=headers),
        Middleware(OnlyReadable),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)


def serve(site: Path, request: Request) -> Response:
    found = find(site, request.scope["raw_path"].decode("ascii"), request.headers.get("accept-encoding", ""))
    if found.redirect:
        # Relative on purpose, and never "//host": that would lead to another site.
        return RedirectResponse("/" + found.redirect.lstrip("/"), status_code=308)
    if not found.file.is_file():
        return Response("build the site first: make pages", status_code=found.status)
    state = found.file.stat()
    tag = f'"{state.st_size:x}-{state.st_mtime_ns:x}"'
    headers = {"Cache-Control": found.cache_control, "Vary": "Accept-Encoding", "ETag": tag}
    if found.encoding:
        headers["Content-Encoding"] = found.encoding
    if found.status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body = b"" if request.method == "HEAD" else found.file.read_bytes()
    response = Response(body, found.status, headers, media_type=None)
    response.headers["Content-Type"] = found.content_type
    response.headers["Content-Length"] = str(state.st_size)
    return response


async def pass_on(request: Request, client: httpx.AsyncClient, api_url: str) -> Response:
    """The API's answer. Where no function ran, the problem that the cloud's API Gateway would answer."""
    address = api_address(api_url, request.scope["raw_path"], request.scope["query_string"])
    if address is None:
        return _problem("MISSING_AUTHENTICATION_TOKEN")
    try:
        body = await _bounded_body(request)
    except ClientDisconnect:
        return Response(status_code=400)  # for nobody
    if body is None:
        return _problem("REQUEST_TOO_LARGE")
    headers = [(name, value) for name, value in request.headers.items() if name not in _NOT_PASSED_ON]
    headers.append((GATEWAY_HEADER, "1"))
    if request.client is not None:
        headers.append(("x-forwarded-for", request.client.host))
    try:
        answer = await client.request(request.method, address, headers=headers, content=body)
    except httpx.HTTPError:
        return _problem("INTEGRATION_FAILURE")
    if answer.status_code >= 400 and "problem+json" not in answer.headers.get("content-type", ""):
        return _problem(_GATEWAY_FAULTS.get(answer.status_code, "DEFAULT_4XX"), answer.status_code)
    response = Response(answer.content, answer.status_code)
    for name, value in answer.headers.multi_items():
        if name.lower() not in _NOT_PASSED_BACK:
            response.headers.append(name, value)
    return response


def api_address(api_url: str, raw_path: bytes, query: bytes) -> httpx.URL | None:
    """Where a request for `/api/…`, quoted as sent, leads; None for one that leads out of the API, by
    anybody's reading. httpx folds dot segments, so what it made is looked at again."""
    path = raw_path.decode("ascii")
    if not path.startswith(f"/{STAGE}/") or climbs(path):
        return None
    base = httpx.URL(api_url)
    address = httpx.URL(api_url + path.removeprefix(f"/{STAGE}"), query=query)
    inside = address.raw_path.startswith(
        base.raw_path.rstrip(b"/") + b"/"
    ) and b".." not in address.raw_path.split(b"/")
    return address if inside and address.netloc == base.netloc else None


_GATEWAY_FAULTS = {
    403: "MISSING_AUTHENTICATION_TOKEN",  # what API Gateway says to an address it does not know
    404: "MISSING_AUTHENTICATION_TOKEN",
    413: "REQUEST_TOO_LARGE",
    429: "THROTTLED",
    500: "DEFAULT_5XX",
    502: "INTEGRATION_FAILURE",
    503: "INTEGRATION_FAILURE",
    504: "INTEGRATION_TIMEOUT",
}


async def _bounded_body(request: Request) -> bytes | None:
    """The body, or None as soon as it is longer than a function would accept."""
    if int(request.headers.get("content-length") or 0) > BODY_BYTES:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            return None
    return body


def _problem(name: str, otherwise: int = 503) -> Response:
    status, code, detail = PROBLEMS[name]
    shown = status or otherwise
    response = _refusal(shown, detail, code)
    if shown in (429, 503):
        response.headers["Retry-After"] = "3"
    return response


def _refusal(status: int, detail: str, code: str = "request.refused") -> Response:
    return Response(
        json.dumps(problem(status, code, detail), ensure_ascii=False),
        status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


class OnlyReadable:
    """Refuse, in words, an address or header that HTTP allows and no browser sends: the API's client library
    would stumble over it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = _unreadable(scope) if scope["type"] == "http" else None
        await (refused or self.app)(scope, receive, send)


def _unreadable(scope: Scope) -> Response | None:
    address = scope["raw_path"] + b"?" + scope["query_string"]
    if len(address) > ADDRESS_BYTES:
        return _refusal(414, "这个地址太长，打不开。请从首页重新进入。")
    if not address.startswith(b"/") or b"#" in address:
        return _refusal(400, "这个地址写得不对，打不开。请从首页重新进入。")
    if not all((name + value).isascii() for name, value in scope["headers"]):
        return _refusal(400, "这次请求里有读不懂的字符。请清除本站的浏览数据后再试，或换一个浏览器。")
    return None


class SameHeaders:
    """Put production's headers on every answer, over whatever a function sent, as the CDN does."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = {name.lower().encode(): value.encode() for name, value in headers.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() not in self.headers]
                message = {**message, "headers": [*kept, *self.headers.items()]}
            await send(message)

        ours = scope["type"] == "http" and not local_pages.is_local(scope["path"])
        await self.app(scope, receive, send_with_headers if ours else send)
