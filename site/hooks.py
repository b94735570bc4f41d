"""MkDocs' events, each one call into `sitebuild`. Loaded by path, never imported: `site` is a module of the
standard library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parent
for folder in (SITE, SITE.parent / "functions", SITE.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# They need the paths above.
from chalicelib.platform import clock  # noqa: E402
from sitebuild.build import Build, read_content  # noqa: E402
from sitebuild.days import pages_of_coming_days  # noqa: E402

_build: list[Build] = []  # the one that runs
_env: list[Any] = []  # its templates


def on_config(config: Any) -> None:
    content = Path(config["docs_dir"])
    _build[:] = [Build(read_content(content), content, str(config["site_url"]), clock.today())]
    _build[0].draw_beside()


def on_build_error(**_: Any) -> None:
    for build in _build:
        build.drawing.stop()


def on_files(files: Any, config: Any) -> None:
    _build[0].choose_files(files, config)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    return _build[0].page_markdown(markdown, page)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    return _build[0].page_content(html, page)


def on_env(env: Any, config: Any, files: Any) -> None:
    _env[:] = [env]
    _build[0].prepare_templates(env)


def on_page_context(context: Any, page: Any, **_: Any) -> None:
    _build[0].page_context(context, page)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    return _build[0].page_output(output, page)


def on_post_build(config: Any) -> None:
    coming = pages_of_coming_days(_build[0], config, _env[0])
    _build[0].finish(Path(config["site_dir"]), coming)
