"""What the store and KMS answered once, so that both sides can be asked the same again, without a store.

An answer is found by its operation and the keys the request names; a transaction is always accepted. The
tape is plain JSON: it is played in this process (`playing`, over HTTP) and in the measured one (child.py).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.benchmarks.child import lookup_key
from tests.faults.seam import operation_of

Tape = dict[str, str]  # lookup_key -> the answer's body
LATER_SECONDS = 6 * 3600


class Recorder:
    """Stands where botocore's HTTP session stood, and keeps every request and answer."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.tape: Tape = {}
        self.requests: list[tuple[str, dict[str, Any]]] = []

    def send(self, request: Any) -> Any:
        reply = self.inner.send(request)
        operation, body = operation_of(request), bytes(request.body)
        if reply.status_code == 200:
            self.tape[lookup_key(operation, body)] = _lasting(reply.content.decode())
        self.requests.append((operation, json.loads(body)))
        return reply

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@contextmanager
def recording(*clients: Any) -> Iterator[list[Recorder]]:
    recorders = []
    for client in clients:
        recorder = Recorder(client._endpoint.http_session)
        client._endpoint.http_session = recorder
        recorders.append(recorder)
    try:
        yield recorders
    finally:
        for client, recorder in zip(clients, recorders, strict=True):
            client._endpoint.http_session = recorder.inner


def _lasting(answer: str) -> str:
    """A session's row is marked as used once a minute; on the tape it was used just now, however late it is
    played."""
    parsed = json.loads(answer)
    row = parsed.get("Item", {})
    if "seen_at" in row:
        for name in ("seen_at", "expires_at"):
            row[name]["N"] = str(int(row[name]["N"]) + LATER_SECONDS)
    return json.dumps(parsed)


@contextmanager
def playing(tape: Tape) -> Iterator[str]:
    """The address of a server that answers from the tape."""

    class Player(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            answer = tape[lookup_key(operation, body)].encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
