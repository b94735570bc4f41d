"""The DevTools protocol in the few words we need, over one WebSocket: Playwright's needs newer engines."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Request, TextMessage


class ProtocolError(Exception):
    """What the browser refused, or that it is gone."""


class DevTools:
    """`on_event(method, params)` is told of every event, in order, while a call is waiting."""

    def __init__(self, address: str, on_event: Callable[[str, dict[str, Any]], None]) -> None:
        place = urlsplit(address)
        self._on_event = on_event
        self._text = ""
        self._messages: list[dict[str, Any]] = []
        self._calls = 0
        self._socket = socket.create_connection((place.hostname or "", place.port or 0), timeout=30)
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._socket.sendall(self._ws.send(Request(host=place.netloc, target=place.path)))
        while not self._read():
            pass

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command's result. Raises ProtocolError, TimeoutError after 30 s of silence."""
        self._calls += 1
        message = json.dumps({"id": self._calls, "method": method, "params": params})
        self._socket.sendall(self._ws.send(Message(message)))
        while True:
            answer = self._next()
            if answer.get("id") == self._calls:
                if "error" in answer:
                    raise ProtocolError(f"{method}: {answer['error']}")
                return dict(answer["result"])

    def close(self) -> None:
        self._socket.close()

    def _next(self) -> dict[str, Any]:
        while not self._messages:
            self._read()
        message = self._messages.pop(0)
        if "method" in message:
            self._on_event(message["method"], message["params"])
        return message

    def _read(self) -> bool:
        """Takes in what has come. True when the connection has just been accepted."""
        accepted = False
        came = self._socket.recv(1 << 16)
        self._ws.receive_data(came or None)
        for event in self._ws.events():
            if isinstance(event, AcceptConnection):
                accepted = True
            elif isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    self._messages.append(json.loads(self._text))
                    self._text = ""
            elif isinstance(event, CloseConnection):
                raise ProtocolError("the browser closed the connection")
        return accepted
