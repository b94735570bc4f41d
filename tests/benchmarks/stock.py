"""The default theme beside ours: the same Markdown built by Material for MkDocs as it comes.

Material with its own defaults (search, fonts of its host), none of our hooks or templates, compressed as ours
is. Compared are reading pages, whose text is all in their Markdown. What it flatters: menus and placeholders
stay unfilled, and what its font host would send is counted as requests but not as bytes, since nothing here
talks to another host.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Route

from infra.paths import BUILD, ROOT
from tests.benchmarks.table import Row
from tests.benchmarks.views import PHONE
from tests.browser.chromium import chromium

sys.path.insert(0, str(ROOT / "site"))

READING = ("/guide/claim/", "/faq/claim/", "/cases/qingfeng/")
SETTLE_MS = 3000  # its search index comes after the page


def rows() -> list[Row]:
    """Beside the site the first views were measured on, which is still in build/bench."""
    ours = BUILD / "bench" / "site"
    with tempfile.TemporaryDirectory(prefix="bench-stock-") as folder, chromium() as browser:
        stock = _build(Path(folder))
        found = []
        for path in READING:
            mine, theirs = _seen(browser, ours, path), _seen(browser, stock, path)
            what = f"{path}"
            found += [
                Row(
                    f"{what}: brotli", f"{mine[0]:,} bytes", f"{theirs[0]:,} bytes", mine[0] / theirs[0], 0.25
                ),
                Row(f"{what}: requests", str(mine[1]), str(theirs[1]), mine[1] / theirs[1]),
                Row(f"{what}: to other hosts", str(mine[2]), str(theirs[2])),
            ]
    return found


def _build(folder: Path) -> Path:
    from sitebuild.assets.compression import compress

    config = folder / "mkdocs.yml"
    config.write_text(
        "site_name: 职工互助保障\n"
        "site_url: http://127.0.0.1:8000/\n"
        f"docs_dir: {ROOT}/content\n"
        f"site_dir: {folder}/site\n"
        "theme: {name: material, language: zh}\n"
        "plugins: [search]\n"
        "markdown_extensions: [attr_list, tables]\n"
        "exclude_docs: '*.lock'\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config)]
    subprocess.run(command, check=True, capture_output=True)
    compress(folder / "site", BUILD / "press")
    return folder / "site"


def _seen(browser: Browser, site: Path, path: str) -> tuple[int, int, int]:
    """Brotli bytes, requests and requests to other hosts of a first view of `path`."""
    outside: list[str] = []

    def route(each: Route) -> None:
        outside.append(each.request.url)
        each.abort()

    with _serving(site) as (origin, asked):
        context = browser.new_context(**PHONE)
        context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", route)
        page = context.new_page()
        page.goto(origin + path, wait_until="load")
        page.wait_for_timeout(SETTLE_MS)
        context.close()
    sizes = [_packed(site, each) for each in asked]
    return sum(sizes), len(asked) + len(outside), len(outside)


def _packed(site: Path, asked: str) -> int:
    file = site / unquote(urlsplit(asked).path).lstrip("/")
    file = file / "index.html" if file.is_dir() else file
    twin = file.with_name(file.name + ".br")
    found = twin if twin.exists() else file
    return found.stat().st_size if found.exists() else 0


@contextmanager
def _serving(site: Path) -> Iterator[tuple[str, list[str]]]:
    """Without our policy, which the default theme cannot live under. Its own log tells what a worker asks."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, *_: object) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
