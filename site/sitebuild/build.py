"""The steps of one build, in order: begin, choose files, fill pages, render, finish (site/hooks.py)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from chalicelib.catalog.insured import GENDER_NAMES, MEDICAL_NAMES
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform import clock
from infra import headers
from publishing import compiler, figures
from publishing.compiler import Compiled
from publishing.source import ContentError
from sitebuild import clauses, downloads, estimates, pages, share, splits, views, words
from sitebuild.gates import check_pages
from sitebuild.maps import write_maps
from sitebuild.news import write_feed
from sitebuild.press import press
from sitebuild.printed import addresses, flows, kit, pictures
from sitebuild.redirects import write_redirects
from sitebuild.scripts import script_text, script_url, write_scripts
from sitebuild.search import write_search
from sitebuild.structured import marked_faq
from sitebuild.styles import sheet

_now: dict[str, Any] = {}  # one build at a time: the compiled catalogue, its day, the site's own address


@dataclass(frozen=True)
class Built:
    """What every further output of a finished build is made from. `address` ends in a slash."""

    compiled: Compiled
    on: ShanghaiDate
    address: str
    content: Path
    site: Path


# What is written beside the pages, in order; then the headers, which read them, and compressed twins.
OUTPUTS: tuple[Callable[[Built], None], ...] = (
    estimates.write_estimates,
    splits.write_splits,
    addresses.write_short_addresses,
    kit.write_press_kit,
    downloads.write_figures,
    write_search,
    write_redirects,
    write_feed,
    write_maps,  # it lists the pages the others wrote
    check_pages,  # last: it reads everything
)


def compiled() -> Compiled:
    made: Compiled = _now["compiled"]
    return made


def start(command: str) -> None:
    """`serve` previews from a folder of its own; only `build` leaves headers and compressed twins behind."""
    _now["preview"] = command == "serve"


def begin(content: Path, address: str) -> None:
    """Reads and checks all content; anything invalid ends the build with file, line and field."""
    sheet.cache_clear()
    script_text.cache_clear()
    try:
        _now.update(compiled=compiler.compile_content(content), on=clock.today(), address=address)
        _now.update(pictures=pictures.sizes(content))
    except ContentError as error:
        raise PluginError(str(error)) from None


def choose_files(files: Any, config: Any) -> None:
    """Drops the theme's own assets and pages (2.6 MB nobody asks for); adds the pages nobody writes."""
    config.theme.static_templates.clear()
    for file in list(files):
        of_theme = not file.is_documentation_page() and file.src_dir in config.theme.dirs
        if of_theme or file.src_uri.startswith("forms/"):  # words of forms that stand in other pages
            files.remove(file)
    for path, text in pages.made_pages(compiled(), {file.src_uri for file in files}, _now["on"]).items():
        files.append(File.generated(config, path, content=text))
    _now["search_url"] = "/search/" if any(file.url == "search/" for file in files) else ""
    for path, picture in flows.pictures().items():
        files.append(File.generated(config, path, content=picture))


def page_markdown(markdown: str, page: Any) -> str:
    path = page.file.src_uri
    page.meta["template"] = pages.template_of(page.meta)
    source = compiled().pages.get(page.meta.get("text_of", path))
    if source is None:
        return markdown
    try:
        body = figures.render_body(source, compiled().catalogue, _now["on"])
    except ContentError as error:
        raise PluginError(str(error)) from None
    if source.path != path:  # a made page lies one folder deeper than the text it shows
        body = body.replace("](../", "](../../")
    page.meta["samples"] = body.startswith(figures.NOTICE)  # the template says so, under the heading
    return body.removeprefix(figures.NOTICE).lstrip()


def page_content(html: str, page: Any) -> str:
    """A wide table scrolls in its own box, by finger and by keyboard, and the page does not."""
    box = '<div class="scroll" role="group" aria-label="表格，可以左右滑动" tabindex="0"><table>'
    html = pictures.sized(html, _now["pictures"])
    html = html.replace("<table>", box).replace("</table>", "</table></div>")
    return marked_faq(html) if page.meta["type"] == "faq" else html


def prepare_templates(env: jinja2.Environment) -> None:
    """A name a template does not know is an error, not an empty place on a page."""
    env.undefined = jinja2.StrictUndefined
    env.filters.update(words.FILTERS)
    env.globals.update(
        sheet=sheet,
        script_url=script_url,
        search_url=_now["search_url"],
        contact=compiled().catalogue.contact,
        benefit_sum=views.benefit_sum,
        clauses=clauses.clauses,
        page_url=views.page_url,
        between=words.between,
        choices_of=pages.choices_of,
        step_days=words.step_days,
        paper_url=pictures.paper_url,
        paper_picture=partial(pictures.paper_picture, known=_now["pictures"]),
        fields_of=pages.fields_of,
        named_steps=pages.named_steps,
        navigation=pages.MENU,
        gender_names=GENDER_NAMES,
        medical_names=MEDICAL_NAMES,
    )


def page_context(context: Any, page: Any) -> None:
    path, on = page.file.src_uri, _now["on"]
    context.update(pages.context_of(page.meta, path, compiled(), on))
    context["share"] = share.share_of(page.meta, path, compiled(), on, _now["address"])
    if page.meta["type"] == "press":
        context.update(kit.press_context(compiled(), on, _now["address"]))


def page_output(html: str) -> str:
    """Without the blank lines and line-end spaces templates leave; no page has preformatted text."""
    return re.sub(r"\s*\n\s*", "\n", html)


def finish(content: Path, site: Path) -> None:
    """Scripts, the raw files people's consents name, headers, compressed twins."""
    write_scripts(site)
    publish_raw(content, site, compiled())
    publish_not_found(site)
    built = Built(compiled(), _now["on"], _now["address"], content, site)
    for write in OUTPUTS:
        write(built)
    if _now.get("preview"):
        return
    headers.write_headers_file(site)
    press(site, site.parent / "press")


def publish_not_found(site: Path) -> None:
    """404.html answers at any depth, so its links start at the root."""
    written = site / "not-found" / "index.html"
    if written.exists():
        text = written.read_text("utf-8").replace('href="../"', 'href="/"').replace('href="../', 'href="/')
        (site / "404.html").write_text(text, "utf-8")


def publish_raw(content: Path, site: Path, made: Compiled) -> None:
    """Terms and privacy files, byte for byte, beside their pages: their hash is the proof."""
    named = [(each.terms_path, each.terms_sha256) for each in made.catalogue.products]
    named += [(each.path, each.sha256) for each in made.catalogue.privacy]
    for path, sha256 in named:
        raw = (content / path).read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise PluginError(f"{path}: changed while the site was built; build again")
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
