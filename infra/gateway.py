"""One origin for pages and API on this machine, as the CDN is in the cloud, with production's headers.

It serves `build/site`, passes `/api/*` to the API deployed on the local stack and to nothing else, and adds
two pages that exist only here: `/local` and `/local/sms`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra import local_pages
from infra.headers import page_headers
from infra.resources.api import BODY_BYTES, PROBLEMS, STAGE, problem
from infra.serving import find


class AnyPath(PathConvertor):
    """A line break belongs to an address too; the stock convertor would leave it to nobody's page."""

    regex = r"[\s\S]*"


register_url_convertor("any", AnyPath())
HOSTS = ("127.0.0.1", "localhost")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Between us and the API only; and what says who is calling, which is ours to say.
_NOT_PASSED_ON = {
    "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length",
    "accept-encoding", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
}  # fmt: skip
_NOT_PASSED_BACK = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
_API_SECONDS = 29  # API Gateway's own limit


def gateway(
    site: Path, api_url: str, upload_origin: str, sms_file: Path, demo: list[dict[str, str]]
) -> Starlette:
    """The ASGI app. `api_url` is the deployed API's base address; `demo` are the sign-ins to show."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        async with httpx.AsyncClient(timeout=_API_SECONDS, limits=limits, trust_env=False) as client:
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
    middleware = [Middleware(OnlyThisMachine), Middleware(SameHeaders, headers=headers)]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)


def serve(site: Path, request: Request) -> Response:
    found = find(site, request.url.path, request.headers.get("accept-encoding", ""))
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
    body = await _bounded_body(request)
    if body is None:
        return _problem("REQUEST_TOO_LARGE")
    path = request.scope["raw_path"].decode("ascii").removeprefix(f"/{STAGE}")  # as sent, still quoted
    headers = [(name, value) for name, value in request.headers.items() if name not in _NOT_PASSED_ON]
    if request.client is not None:
        headers.append(("x-forwarded-for", request.client.host))
    address = httpx.URL(api_url + path, query=request.url.query.encode())
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
    response = Response(
        json.dumps(problem(shown, code, detail), ensure_ascii=False),
        shown,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )
    if shown in (429, 503):
        response.headers["Retry-After"] = "3"
    return response


class OnlyThisMachine:
    """Refuse a request made under another host name: a page elsewhere could point its own name at
    127.0.0.1 and read everything here (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
                await Response("this address serves 127.0.0.1 and localhost only", 421)(scope, receive, send)
                return
        await self.app(scope, receive, send)


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
