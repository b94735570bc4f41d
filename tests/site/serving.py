"""The built site on loopback, with production's headers, for tests that need a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from infra.headers import page_headers


class _Handler(SimpleHTTPRequestHandler):
    extra: ClassVar[dict[str, str]] = {}
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".md": "text/markdown; charset=utf-8",
    }

    def end_headers(self) -> None:
        for name, value in self.extra.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  -- its name there
        """Quiet: a test's output is its assertions."""


@contextmanager
def serving(site_dir: Path, headers: dict[str, str] | None = None) -> Iterator[str]:
    """Yields the origin, such as http://127.0.0.1:40123. `headers` default to those of the site itself."""
    extra = page_headers(site_dir) if headers is None else headers
    handler = type("Handler", (_Handler,), {"extra": extra})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site_dir)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
