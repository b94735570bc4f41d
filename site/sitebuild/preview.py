"""`make site`: a live preview that makes each page when a browser asks for it, from the sources as they are.

After an edit content is read and checked again, and nothing else: a page is rendered, a sheet drawn, the
search written when somebody wants to see it. Every request first looks whether a source changed, so no page
is older than its sources. What a release would refuse is refused here, on the page itself and in the
terminal, by file and line.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import threading
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer

from chalicelib.platform import clock
from infra.this_machine import only_this_machine
from sitebuild.build import read_content
from sitebuild.edition import Edition
from sitebuild.printed.line_breaks import DoesNotFit

HOST = "127.0.0.1"
log = logging.getLogger("preview")


class Preview:
    """`now` is the edition of this moment, or what is wrong with the content."""

    def __init__(self, config: Any) -> None:
        self._lock = threading.Lock()
        self.config, self.env = config, config.theme.get_env()
        self.watched = [config.docs_dir, *config.watch]
        self._seen: list[object] = []
        self._edition: Edition | Exception = PluginError("")

    def now(self) -> Edition:
        """Raises whatever keeps the sources from being a site."""
        with self._lock:
            today = clock.today()
            seen = [today, *self._sources()]
            if seen != self._seen:
                self._seen = seen
                try:
                    compiled = read_content(Path(self.config.docs_dir))
                    self._edition = Edition(self.config, self.env, compiled, today, workshop=True)
                except Exception as error:
                    self._edition = error
                    log.error("%s", named(error))
            if isinstance(self._edition, Exception):
                raise self._edition
            return self._edition

    def _sources(self) -> Iterator[tuple[Path, int]]:
        """Every file there is, and when it was written. An editor's own may vanish meanwhile."""
        for folder in self.watched:
            for file in sorted(Path(folder).rglob("*")):
                with contextlib.suppress(FileNotFoundError):
                    if file.suffix != ".pyc":
                        yield file, file.stat().st_mtime_ns

    def check(self, edition: Edition) -> None:
        """Every page, for the terminal, beside whoever looks at one; a newer edition makes it pointless."""
        for path in edition.sources:
            if self._edition is not edition:
                return
            try:
                for fault in edition.faults(path):
                    log.error("%s", fault)
            except Exception as error:
                log.error("%s", named(error))
        log.info("All %d pages are checked", len(edition.sources))


class Server(LiveReloadServer):
    """MkDocs' own watching and reloading around pages that lie in no folder."""

    def __init__(self, preview: Preview, port: int) -> None:
        super().__init__(builder=self.refresh, host=HOST, port=port, root="")
        self.preview = preview
        self.set_app(only_this_machine(self.serve_request))
        for folder in preview.watched:
            self.watch(folder)

    def refresh(self) -> None:
        with contextlib.suppress(Exception):  # it was said in the terminal, and every page says it
            edition = self.preview.now()
            threading.Thread(target=self.preview.check, args=(edition,), daemon=True).start()

    def _serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith("/livereload/"):
            again: Iterable[bytes] | None = super()._serve_request(environ, start_response)
            return again
        wanted = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        try:
            edition = self.preview.now()
            body, status = edition.answer(wanted), "200 OK"
            if body is None:
                if f"{wanted}/index.html" in edition.sources:
                    start_response("302 Found", [("Location", f"{path}/")])
                    return []
                wanted, status = "404.html", "404 Not Found"
                body = edition.answer(wanted) or b""
        except Exception as error:
            log.error("%s", named(error))
            wanted, status, body = "refused.html", "500 Refused", _refused(named(error))
        if wanted.endswith(".html"):
            body = self._inject_js_into_html(body, self._visible_epoch)  # type: ignore[no-untyped-call]
        kind = self._guess_type(wanted)  # type: ignore[no-untyped-call]
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]


def named(error: Exception) -> str:
    """What is wrong, with file and line where they are known."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name}:{error.lineno}: {error.message}"
    return str(error) if isinstance(error, PluginError | DoesNotFit) else f"{type(error).__name__}: {error}"


def _refused(why: str) -> bytes:
    lines = "".join(f"<li>{escape(line)}</li>" for line in why.split("\n"))
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>这一页还不能发布</title>'
        '<body style="font:18px/1.7 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem">'
        f"<h1>这一页还不能发布</h1><p>改好下面的地方，这里会自己更新。</p><ul>{lines}</ul></body></html>"
    ).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--config", default="mkdocs.yml")
    chosen = parser.parse_args()
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    config = load_config(chosen.config, site_url=f"http://{HOST}:{chosen.port}/")
    config.plugins.on_startup(command="serve", dirty=False)
    server = Server(Preview(config), chosen.port)
    server.refresh()
    try:
        server.serve()  # type: ignore[no-untyped-call]
    except OSError as error:
        raise SystemExit(
            f"Port {chosen.port}: {error.strerror}. Try: make site PORT={chosen.port + 10}"
        ) from None
    except KeyboardInterrupt:
        server.shutdown()


if __name__ == "__main__":
    main()
