"""A server that takes connections and never answers: the kind of outage that eats a function's time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def hanging_server() -> Iterator[str]:
    """Its address. Connections are accepted and kept; nothing is ever written to them."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []
    stopped = threading.Event()

    def accept() -> None:
        while not stopped.is_set():
            try:
                kept.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in kept:
            connection.close()
        thread.join(5)


@contextmanager
def hangs(client: Any) -> Iterator[None]:
    """Every call of `client` goes to a server that never answers."""
    endpoint = client._endpoint
    before = endpoint.http_session
    with hanging_server() as address:

        class Redirected:
            def send(self, request: Any) -> Any:
                request.url = address + "/"
                return before.send(request)

            def __getattr__(self, name: str) -> Any:
                return getattr(before, name)

        endpoint.http_session = Redirected()
        try:
            yield
        finally:
            endpoint.http_session = before
