"""The site as a phone meets it: built as the release builds it, served by the gateway, with a line beside it.

The line of a page is a plain page of the same text: its own `main` and its own stylesheet, inlined, with no
script, no header, no footer, nothing else to fetch. It lies under /line/ on the same server and is
compressed the same way, so the two differ in nothing but what our page adds.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli
import uvicorn

from infra.gateway import gateway
from infra.paths import BUILD
from tests.site.building import build_site

KB = 1024


@dataclass(frozen=True)
class Page:
    """Budgets: brotli bytes and requests of a cold first view, LCP as a multiple of the line's, and
    milliseconds the main thread is blocked on a processor 16 times slower."""

    name: str
    path: str
    bytes_most: int
    requests: int
    lcp: float
    blocked_ms: int

    @property
    def line(self) -> str:
        return f"/line{self.path}"


PAGES = (
    Page("landing", "/campaigns/union-pays-nef/", 15 * KB, 2, 1.10, 50),
    Page("join", "/services/join/union-pays-nef/", 14 * KB, 2, 1.15, 200),
    Page("product", "/products/nef-accident/", 14 * KB, 2, 1.10, 50),
    Page("home", "/", 10 * KB, 2, 1.10, 50),
)


@contextmanager
def served_site() -> Iterator[str]:
    """The origin of a freshly built site with its lines. No API answers, and none is asked: only a phone that
    has signed in asks who it is."""
    site = build_site(BUILD / "bench")
    for page in PAGES:
        _write_line(site, page)
    app = gateway(site, "http://127.0.0.1:9", "", site / "no-sms", [])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the gateway did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def _write_line(site: Path, page: Page) -> None:
    target = site / page.line.strip("/") / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = plain((site / page.path.strip("/") / "index.html").read_text("utf-8"))
    target.write_text(text, "utf-8")
    packed = brotli.compress(text.encode(), mode=brotli.MODE_TEXT, quality=11)
    target.with_name("index.html.br").write_bytes(packed)


def plain(built: str) -> str:
    """The line of a built page. Raises ValueError if the page has no title, icon, stylesheet or main."""
    title, icon, style, body, main = (_only(pattern, built) for pattern in _PARTS)
    main = re.sub(r"<script\b.*?</script>", "", main, flags=re.DOTALL)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{title}{icon}{style}</head>{body}{main}</body></html>"
    )


_PARTS = (
    r"<title>.*?</title>",
    r'<link rel="icon"[^>]*>',  # without it the browser asks for /favicon.ico
    r"<style>.*?</style>",
    r"<body[^>]*>",
    r"<main\b.*?</main>",
)


def _only(pattern: str, text: str) -> str:
    found = re.findall(pattern, text, re.DOTALL)
    if len(found) != 1:
        raise ValueError(f"{len(found)} of {pattern}")
    part: str = found[0]
    return part
