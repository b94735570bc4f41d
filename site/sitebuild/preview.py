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
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions
from mkdocs.structure.pages import Page

from infra.this_machine import only_this_machine
from sitebuild.build import Build
from sitebuild.built import Files
from sitebuild.output import checks
from sitebuild.printed.line_breaks import DoesNotFit
from sitebuild.search import search_files

HOST = "127.0.0.1"
log = logging.getLogger("preview")


class Pages(Mapping[str, str]):
    """The HTML of every page by its path, rendered when first asked for."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._rendered: dict[str, str] = {}

    def __getitem__(self, path: str) -> str:
        with self._edition.lock:
            if path not in self._rendered:
                self._rendered[path] = self._edition.render(path)
            return self._rendered[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._edition.sources)

    def __len__(self) -> int:
        return len(self._edition.sources)

    def __contains__(self, path: object) -> bool:
        return path in self._edition.sources


class Edition:
    """The site as its sources are at one moment. Raises PluginError for content no page is made of."""

    def __init__(self, config: Any, env: Any) -> None:
        self.lock = threading.RLock()  # Markdown and templates are rendered one at a time
        self.config, self.env = config, env
        self.pages = Pages(self)
        self.build = Build(Path(config.docs_dir), config.site_url, self.pages)
        self.files = get_files(config)
        self.build.choose_files(self.files, config)
        set_exclusions(self.files, config)
        self.sources = {
            file.dest_uri: file
            for file in self.files.documentation_pages(inclusion=InclusionLevel.is_included)
        }
        self.build.prepare_templates(env)
        self.beside = self.build.files()
        self.site = self.build.checked(self.beside)

    def render(self, path: str) -> str:
        """As MkDocs builds a page, with the steps of a build."""
        page = Page(None, self.sources[path], self.config)
        page.read_source(self.config)
        page.markdown = self.build.page_markdown(page.markdown or "", page)
        page.render(self.config, self.files)
        page.content = self.build.page_content(page.content or "", page)
        context = {"config": self.config, "page": page}
        self.build.page_context(context, page)
        template = self.env.get_template(page.meta["template"])
        return self.build.page_output(template.render(context), page)

    @cached_property
    def search(self) -> Files:
        return search_files(self.build.built)

    def answer(self, path: str) -> bytes | None:
        """The bytes at a path below the site, or None. Raises PluginError for what a release would refuse."""
        if path in self.sources:
            wrong = self.faults(path)
            if wrong:
                raise PluginError("\n".join(wrong))
            return self.pages[path].encode()
        if path in self.beside:
            return self.beside[path]()
        if path in self.build.static:
            found = self.files.get_file_from_path(path)
            return found.content_bytes if found else None
        if path.startswith("search/"):
            made = self.search.get(path)
            return made() if made else None
        return None

    def faults(self, path: str) -> list[str]:
        with self.lock:
            return list(checks.faults(self.site, path))


class Preview:
    """`now` is the edition of this moment, or what is wrong with the content."""

    def __init__(self, config: Any) -> None:
        self._lock = threading.Lock()
        self.config, self.env = config, config.theme.get_env()
        self.watched = [config.docs_dir, *config.watch]
        self._seen: list[tuple[str, int]] = []
        self._edition: Edition | Exception = PluginError("")

    def now(self) -> Edition:
        """Raises whatever keeps the sources from being a site."""
        with self._lock:
            seen = [(str(each), each.stat().st_mtime_ns) for each in self._sources()]
            if seen != self._seen:
                self._seen = seen
                try:
                    self._edition = Edition(self.config, self.env)
                except Exception as error:
                    self._edition = error
                    log.error("%s", named(error))
            if isinstance(self._edition, Exception):
                raise self._edition
            return self._edition

    def _sources(self) -> Iterator[Path]:
        for folder in self.watched:
            yield from (each for each in sorted(Path(folder).rglob("*")) if each.suffix != ".pyc")

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
