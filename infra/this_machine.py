"""Who may talk to what listens on this machine's own ports.

Any page that a browser here shows, whoever wrote it, can send requests to 127.0.0.1. Two things it cannot
do: send another Host than the name it was loaded by, and hide that a page is asking. So gateway, preview and
emulator answer to this machine's names only, and the emulator, which runs code for whoever asks, takes from
a browser nothing but uploads by the site's own pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:  # the emulator starts without Starlette
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
API = "/_aws/execute-api/"
# On what the gateway passes on. No page can send it: no answer here ever allows a page a header of its own.
GATEWAY_HEADER = "x-huzhu-gateway"
READINGS = 4  # nothing honest is quoted more often
_ELSEWHERE = "this address serves 127.0.0.1 and localhost only"
_CORS = b"access-control-"
_PREFLIGHT = {"access-control-allow-methods": "POST, PUT", "access-control-allow-headers": "content-type"}
_SIGNED = re.compile(r"x-amz-.*|x-id|awsaccesskeyid|signature|expires", re.IGNORECASE)


def climbs(path: str) -> bool:
    """Whether the path holds a `.` or `..` segment by anybody's reading: as it stands or unquoted, once or
    again, with a backslash for a slash. One that could be unquoted for ever is refused as well."""
    for _ in range(READINGS):
        if any(segment in (".", "..") for segment in re.split(r"[/\\]", path)):
            return True
        before, path = path, unquote(path)
        if path == before:
            return False
    return True


class OnlyThisMachine:
    """Refuse a request made under another host name: a page elsewhere could point its own name at
    127.0.0.1 and read everything here (DNS rebinding). Refuse WebSockets: nothing of ours speaks them, and
    any page may open one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not _named_as_here(scope):
            await _answer(send, 421, _ELSEWHERE)
        else:
            await self.app(scope, receive, send)


def _named_as_here(scope: Scope) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    return len(hosts) == 1 and _is_here(hosts[0])


def _is_here(host: str) -> bool:
    return re.sub(r":\d*$", "", host.lower()) in HOSTS


def only_this_machine(app: WSGIApplication) -> WSGIApplication:
    """The same for the preview of `make site`, which shows what is not published yet."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _is_here(environ.get("HTTP_HOST", "")):
            return app(environ, start_response)
        start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
        return [_ELSEWHERE.encode()]

    return answer


class NoPages:
    """In front of the emulator. Programs may ask for anything; a request of the gateway reaches the API; a
    page reaches nothing, except that one of `origins` may upload into a bucket whose name begins with
    `bucket_prefix`, and read the answer."""

    def __init__(self, app: ASGIApp, origins: Iterable[str], bucket_prefix: str) -> None:
        self.app = app
        self.origins = frozenset(filter(None, origins))
        self.bucket = re.compile(rf"/{re.escape(bucket_prefix)}[a-z0-9-]+(?P<key>/.*)?", re.DOTALL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower().decode(): value.decode("latin-1") for name, value in scope["headers"]}
        by_gateway = GATEWAY_HEADER in headers
        by_page = is_browser(headers) and not by_gateway
        if (by_gateway and not is_api(scope["path"])) or (by_page and not self.is_upload(scope, headers)):
            await _answer(send, 403, "the emulator answers programs of this machine, not pages")
            return
        readable = {"access-control-allow-origin": headers["origin"], "vary": "Origin"} if by_page else {}
        if by_page and scope["method"] == "OPTIONS":
            await _answer(send, 204, "", readable | _PREFLIGHT)
            return

        async def send_to_nobody_else(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = (pair for pair in message["headers"] if not pair[0].lower().startswith(_CORS))
                added = ((name.encode(), value.encode()) for name, value in readable.items())
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        passed = [pair for pair in scope["headers"] if pair[0].lower() != GATEWAY_HEADER.encode()]
        await self.app({**scope, "headers": passed}, receive, send_to_nobody_else)

    def is_upload(self, scope: Scope, headers: dict[str, str]) -> bool:
        """A signed form posted to a bucket or a signed PUT of one object, by one of our own pages. Other
        queries and bodies could lead to another service of the emulator, or change the bucket itself."""
        place = self.bucket.fullmatch(scope["path"])
        if headers.get("origin") not in self.origins or place is None or climbs(scope["path"]):
            return False
        asked = scope["query_string"].decode("latin-1")
        query = [name for name, _ in parse_qsl(asked, keep_blank_values=True)]
        form = headers.get("content-type", "").startswith("multipart/form-data")
        method = scope["method"]
        if method == "OPTIONS":
            method, form = headers.get("access-control-request-method", ""), True
        if method == "POST":
            return form and not query and place["key"] in (None, "/")
        if method == "PUT":
            return len(place["key"] or "") > 1 and bool(query) and all(map(_SIGNED.fullmatch, query))
        return False


def is_api(path: str) -> bool:
    return path.startswith(API) and not climbs(path)


def is_browser(headers: dict[str, str]) -> bool:
    """Whether a page asks. Engines before 2019 (Safari: 2023) send neither of the first two with an image."""
    return (
        "origin" in headers
        or any(name.startswith("sec-fetch-") for name in headers)
        or headers.get("user-agent", "").startswith("Mozilla/")
    )


async def _answer(send: Send, status: int, text: str, headers: dict[str, str] | None = None) -> None:
    plain = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(text))} if text else {}
    pairs = [(name.encode(), value.encode()) for name, value in (plain | (headers or {})).items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": text.encode()})
