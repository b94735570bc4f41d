"""The site as it reads on one day, page by page: rendered when asked for, with the steps of a build."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions
from mkdocs.structure.pages import Page

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.build import Build
from sitebuild.built import Files
from sitebuild.output import checks
from sitebuild.search import search_files


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
    """`config` and `env` are MkDocs' own. Raises PluginError for content no page is made of."""

    def __init__(
        self, config: Any, env: Any, compiled: Compiled, on: ShanghaiDate, workshop: bool = False
    ) -> None:
        self.lock = threading.RLock()  # Markdown and templates are rendered one at a time
        self.config, self.env = config, env
        self.pages = Pages(self)
        self.build = Build(compiled, Path(config.docs_dir), config.site_url, on, self.pages, workshop)
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
        """As MkDocs builds a page."""
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
