"""Run the gateway: in this process for `make start`, on a thread for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from infra.connections import IDLE_SECONDS, BoundedConnection
from infra.gateway import gateway
from infra.paths import SITE
from infra.stack import Stack

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None] | None) -> None:
        super().__init__(config)
        self.on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.on_started is not None:
            self.on_started()


def server(
    stack: Stack,
    port: int,
    *,
    on_started: Callable[[], None] | None = None,
    site: Path = SITE,
    demo: list[dict[str, str]] | None = None,
    certificate: tuple[Path, Path] | None = None,
) -> uvicorn.Server:
    """`certificate` is (chain, key) for TLS: old engines keep `__Host-` cookies over TLS only."""
    app = gateway(site, stack.api_url, stack.upload_origin, stack.sms_file, demo or [])
    config = settings(app, port, certificate=certificate)
    return _Server(config, on_started)


def settings(
    app: ASGIApp,
    port: int,
    *,
    connection: type[BoundedConnection] = BoundedConnection,
    idle_seconds: int = IDLE_SECONDS,
    certificate: tuple[Path, Path] | None = None,
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=HOST,
        port=port,
        http=connection,
        ws="none",
        timeout_keep_alive=idle_seconds,
        log_level="warning",
        access_log=False,  # addresses hold certificate numbers and check codes
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
    )


@contextmanager
def running_gateway(
    stack: Stack, *, site: Path = SITE, certificate: tuple[Path, Path] | None = None
) -> Iterator[str]:
    """Serve on the port of `stack.site_origin`; gives the origin. Stopped at the end."""
    port = int(stack.site_origin.split(",")[0].rpartition(":")[2])
    running = server(stack, port, site=site, certificate=certificate)
    thread = threading.Thread(target=running.run, name="gateway", daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not running.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError(f"the gateway did not start on {HOST}:{port}")
        time.sleep(0.01)
    try:
        yield f"{'https' if certificate else 'http'}://{HOST}:{port}"
    finally:
        running.should_exit = True
        thread.join(10)
