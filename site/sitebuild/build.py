"""One build: its steps in order (begin, choose files, fill pages, render, finish), and what it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from chalicelib.catalog.insured import GENDER_NAMES, MEDICAL_NAMES
from chalicelib.kernel import ShanghaiDate
from infra import headers
from publishing import compiler, figures
from publishing.compiler import Compiled
from publishing.source import ContentError
from sitebuild import formats
from sitebuild.addresses import page_url, rooted
from sitebuild.assets.compression import compress
from sitebuild.assets.scripts import script_files, script_text, script_url
from sitebuild.assets.styles import sheet
from sitebuild.built import Built, Files
from sitebuild.campaigns.split_form import split_files
from sitebuild.output.checks import Site, check_pages
from sitebuild.output.feed import feed_file
from sitebuild.output.figure_tables import figure_tables
from sitebuild.output.originals import originals
from sitebuild.output.redirects import redirects
from sitebuild.output.roster_templates import roster_templates
from sitebuild.output.sitemaps import maps
from sitebuild.pages import sharing, templates
from sitebuild.pages.context import context_of
from sitebuild.pages.faq import marked_faq
from sitebuild.pages.generated import generated_pages
from sitebuild.printed import pictures, press_kit
from sitebuild.printed.drawing import Drawing
from sitebuild.printed.flows import flow_pictures
from sitebuild.products.clauses import clauses
from sitebuild.products.conditions import conditions_of, limits_of, starts_words
from sitebuild.products.estimate_form import estimate_files
from sitebuild.products.sums import benefit_sum
from sitebuild.search import search_files

# What is written beside the pages. None of them reads every page before one of its files is made.
OUTPUTS: tuple[Callable[[Built], Files], ...] = (
    estimate_files,
    split_files,
    press_kit.press_kit,
    figure_tables,
    roster_templates,
    redirects,
    feed_file,
    maps,
)
_WIDE_TABLE = '<div class="scroll" role="group" aria-label="表格，可以左右滑动" tabindex="0"><table>'


def read_content(content: Path) -> Compiled:
    """Raises PluginError with file, line and field for anything invalid. Styles and scripts are read anew."""
    sheet.cache_clear()
    script_text.cache_clear()
    try:
        return compiler.compile_content(content)
    except ContentError as error:
        raise PluginError(str(error)) from None


class Build:
    """`pages` is the HTML of every page by its path; without it, what the build itself renders.

    `workshop`: with the page for whoever builds forms, which only a preview has.
    """

    def __init__(
        self,
        compiled: Compiled,
        content: Path,
        address: str,
        on: ShanghaiDate,
        pages: Mapping[str, str] | None = None,
        workshop: bool = False,
    ) -> None:
        self.compiled, self.content = compiled, content
        self.workshop = workshop
        self.finished: dict[str, str] = {}  # filled as pages are rendered
        self.built = Built(compiled, on, address, self.finished if pages is None else pages)
        self.pictures = pictures.sizes(content)
        self.static: set[str] = set()  # paths of files that are copied as they are
        self.search_url = ""
        self.drawing = Drawing(())

    def draw_beside(self) -> None:
        """Begins with the printed matter, which takes as long as everything else."""
        self.drawing = Drawing(press_kit.sheets(self.compiled, self.built.on, self.built.address))

    def choose_files(self, files: Any, config: Any) -> None:
        """Drops the theme's own assets and pages (2.6 MB nobody asks for); adds the pages nobody writes."""
        config.theme.static_templates.clear()
        for file in list(files):
            of_theme = not file.is_documentation_page() and file.src_dir in config.theme.dirs
            if of_theme or file.src_uri.startswith("forms/"):  # words of forms that stand in other pages
                files.remove(file)
        written = {file.src_uri for file in files}
        for path, text in generated_pages(self.compiled, written, self.built.on, self.workshop).items():
            files.append(File.generated(config, path, content=text))
        for path, picture in flow_pictures().items():
            files.append(File.generated(config, path, content=picture()))
        self.search_url = "/search/" if any(file.url == "search/" for file in files) else ""
        self.static = {file.dest_uri for file in files if not file.is_documentation_page()}

    def page_markdown(self, markdown: str, page: Any) -> str:
        path = page.file.src_uri
        page.meta["template"] = templates.template_of(page.meta)
        source = self.compiled.pages.get(page.meta.get("text_of", path))
        if source is None:
            return markdown
        try:
            body = figures.render_body(source, self.compiled.catalogue, self.built.on)
        except ContentError as error:
            raise PluginError(str(error)) from None
        if source.path != path:  # a generated page lies one folder deeper than the text it shows
            body = body.replace("](../", "](../../")
        page.meta["samples"] = body.startswith(figures.NOTICE)  # the template says so, under the heading
        return body.removeprefix(figures.NOTICE).lstrip()

    def page_content(self, html: str, page: Any) -> str:
        """A wide table scrolls in its own box, by finger and by keyboard, and the page does not."""
        html = pictures.sized(html, self.pictures)
        html = html.replace("<table>", _WIDE_TABLE).replace("</table>", "</table></div>")
        return marked_faq(html) if page.meta["type"] == "faq" else html

    def prepare_templates(self, env: jinja2.Environment) -> None:
        """A name a template does not know is an error, not an empty place on a page."""
        env.undefined = jinja2.StrictUndefined
        env.filters.update(formats.FILTERS)
        env.globals.update(
            sheet=sheet,
            script_url=script_url,
            search_url=self.search_url,
            contact=self.compiled.catalogue.contact,
            benefit_sum=benefit_sum,
            conditions_of=conditions_of,
            limits_of=limits_of,
            starts_words=starts_words,
            clauses=clauses,
            page_url=page_url,
            between=formats.between,
            choices_of=templates.choices_of,
            step_days=formats.step_days,
            paper_url=pictures.paper_url,
            paper_picture=partial(pictures.paper_picture, known=self.pictures),
            fields_of=templates.fields_of,
            named_steps=templates.named_steps,
            navigation=templates.MENU,
            gender_names=GENDER_NAMES,
            medical_names=MEDICAL_NAMES,
        )

    def page_context(self, context: Any, page: Any) -> None:
        path, on, address = page.file.src_uri, self.built.on, self.built.address
        context.update(context_of(page.meta, path, self.compiled, on))
        context["share"] = sharing.share_of(page.meta, path, self.compiled, on, address)
        if page.meta["type"] == "press":
            context.update(press_kit.press_context(self.compiled, on, address))

    def page_output(self, html: str, page: Any) -> str:
        """Without the blank lines and line-end spaces templates leave; no page has preformatted text."""
        text = re.sub(r"\s*\n\s*", "\n", html)
        self.finished[page.file.dest_uri] = text
        return text

    def files(self) -> Files:
        """What is written beside the pages and made when asked for. The search is apart: it reads all."""
        found = script_files(self.workshop) | originals(self.built, self.content)
        for output in OUTPUTS:
            found |= output(self.built)
        if "not-found/index.html" in self.built.pages:
            found["404.html"] = self._not_found
        return found

    def _not_found(self) -> bytes:
        """404.html answers at any depth."""
        return rooted(self.built.pages["not-found/index.html"], "/not-found/").encode()

    def checked(self, files: Files) -> Site:
        """The pages as the checks read them: every page, and every other HTML file."""
        return Site(
            self.built,
            {*self.built.pages, *files, *self.static},
            lambda path: self.built.pages[path] if path in self.built.pages else files[path]().decode(),
        )

    def finish(self, site: Path, coming: Files) -> None:
        """Everything else, headers and compressed twins last: they read what was written."""
        files = self.files() | coming
        check_pages(self.checked(files))
        self.drawing.wait()
        for path, make in {**files, **search_files(self.built)}.items():
            target = site / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(make())
        headers.write_headers_file(site)
        compress(site, site.parent / "press")
