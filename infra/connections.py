"""What uvicorn leaves open: a client that never ends its request, and one that cannot be read.

Uvicorn limits only the pause between two requests. Here a whole request, headers and body, has to arrive
within `request_seconds` of the connection's opening or of the answer before it; and whoever sends too slowly
or something that is no HTTP is told so, in our one error shape, before the connection is closed.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from infra.resources.api import problem

REQUEST_SECONDS = 20.0  # 64 KiB over the loopback take none of it
IDLE_SECONDS = 5  # between two requests of a page
_TOO_SLOW = "这次请求太久没有发完，连接已断开。请检查网络后再试一次。"
_UNREADABLE = "收到的内容不是完整的网页请求，没有办理。请刷新页面后再试。"


class BoundedConnection(H11Protocol):
    """A subclass may set `request_seconds`."""

    request_seconds = REQUEST_SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._mind_the_clock()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._mind_the_clock()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._mind_the_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_the_clock()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, _UNREADABLE)

    def _mind_the_clock(self) -> None:
        """It runs while the client still owes (the rest of) a request."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop_the_clock()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.request_seconds, self._too_slow)

    def _stop_the_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        asked_nothing = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        if asked_nothing:
            self.transport.close()
        else:
            self._refuse(408, _TOO_SLOW)

    def _refuse(self, status: int, detail: str) -> None:
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):  # not amid an answer
            body = json.dumps(problem(status, "request.refused", detail), ensure_ascii=False).encode()
            headers = [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                (b"connection", b"close"),
            ]
            answer = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase)
            head = self.conn.our_state is h11.SEND_RESPONSE and self.scope["method"] == "HEAD"
            for event in (answer, h11.Data(data=b"" if head else body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
            if self.cycle is not None:
                self.cycle.disconnected = True  # what the app still says is for nobody
        self.transport.close()
