"""What ends the build on a finished page: broken links and anchors, missing alternatives, other hosts.

Figures, HTML, names and front matter are checked on the source (publishing); here the built pages are read,
because templates make links too. An error names the content file and line, or the page nobody wrote by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.exceptions import PluginError

from publishing.compiler import Compiled
from sitebuild import share

if TYPE_CHECKING:
    from sitebuild.build import Built

# The only other hosts a page may lead to, because a source one cites must be linkable: laws and official
# publications. Leading is all: nothing is ever loaded from another host, these included.
OUTBOUND = {
    "flk.npc.gov.cn": "national database of laws and regulations",
    "www.gov.cn": "State Council gazette",
    "www.acftu.org": "All-China Federation of Trade Unions",
}
# Attributes a browser follows by itself. `href` loads for <link>; of <a> it only leads.
LOADED = ("src", "srcset", "poster", "data", "background", "xlink:href", "action", "formaction", "ping")
# Links a browser does not load: they tell search engines a page's own absolute address.
NAMING = frozenset({"canonical", "alternate", None})
_REFRESH = re.compile(r"\d+;\s*url=(.+)", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)")


@dataclass
class Reading(HTMLParser):
    """What one page offers and asks for."""

    ids: set[str] = field(default_factory=set)
    leads: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)  # pictures without an alternative
    in_style: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.in_style = tag == "style"
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])
        elif tag == "link" and "href" in given:
            is_name = given.get("rel") in NAMING
            (self.named if is_name else self.loads).append(given["href"])
        elif "href" in given:
            self.loads.append(given["href"])  # <use>, <image>, <base>
        for name in LOADED:
            if name in given:
                parts = given[name].split(",") if name == "srcset" else [given[name]]
                self.loads += [part.split()[0] for part in parts if part.strip()]
        refresh = _REFRESH.match(given.get("content", "")) if given.get("http-equiv") == "refresh" else None
        if refresh:
            self.leads.append(refresh.group(1))
        # alt="" is an answer too, of a picture that only decorates; Markdown's ![](x) is no answer at all,
        # and cannot be told from it, so an empty one is refused here.
        if tag == "img" and not given.get("alt", "").strip():
            self.unseen.append(given.get("src", ""))

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.loads += [each.group(1) or each.group(2) for each in _IN_STYLE.finditer(data)]


def check_pages(built: Built) -> None:
    """Raises PluginError listing everything wrong, each with its file and line."""
    read = {url: _read(file) for url, file in _pages(built.site)}
    wrong = [
        f"{_where(url, built.site, built.compiled, about)}: {message}"
        for url, page in read.items()
        for about, message in _faults(url, page, read, built)
    ]
    if wrong:
        raise PluginError("\n".join(wrong))


def _pages(site: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(site.rglob("*.html")):
        yield "/" + file.relative_to(site).as_posix().removesuffix("index.html"), file


def _read(file: Path) -> Reading:
    page = Reading()
    page.feed(file.read_text("utf-8"))
    page.close()
    return page


def _faults(url: str, page: Reading, read: dict[str, Reading], built: Built) -> Iterator[tuple[str, str]]:
    """(what it is about, message) of everything wrong with one page."""
    for picture in page.unseen:
        yield picture, f"the picture `{picture}` has no alternative text; write ![what it shows](…)"
    for target in page.loads:
        if target.startswith("data:"):
            continue
        if _is_foreign(target):
            yield target, f"`{target}` would be loaded from another host; keep a copy in content/"
        elif not target.startswith("#") and _missing(urljoin(url, target), read, built.site):
            yield target, f"there is no file `{target}`"
    for target in page.named:
        if _is_foreign(target) and not target.startswith(built.address):
            yield target, f"`{target}` is not an address of this site"
    for target in page.leads:
        if target.startswith("tel:"):
            continue
        if _is_foreign(target):
            parts = urlsplit(target)
            if parts.scheme != "https" or parts.hostname not in OUTBOUND:
                allowed = ", ".join(sorted(OUTBOUND))
                yield (
                    target,
                    f"`{target}` leads to another host; allowed: https and {allowed} (gates.OUTBOUND)",
                )
        else:
            missing = _missing(urljoin(url, target), read, built.site)
            if missing:
                yield target, f"the link `{target}` leads nowhere: {missing}"


def _is_foreign(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.scheme or parts.netloc)


def _missing(target: str, read: dict[str, Reading], site: Path) -> str:
    """What is not there of an address of this site, or nothing."""
    parts = urlsplit(target)
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if path in read:
        return f"no `#{anchor}` on {path}" if anchor and anchor not in read[path].ids else ""
    is_file = (site / path.lstrip("/")).is_file() and ".." not in path
    return "" if is_file else f"no page {path}"


def _where(url: str, site: Path, made: Compiled, about: str) -> str:
    """`guide/join.md:12` where the content has it; else the page, which a template made."""
    source = share.source_of(site / url.lstrip("/") / "index.html", site, made)
    if source is None:
        return f"page {url}"
    page = made.pages[source]
    anchor = urlsplit(about).fragment
    last = [part for part in urlsplit(about).path.split("/") if part not in {"", "..", "."}][-1:]
    for wanted in filter(None, (about, f"#{anchor}" if anchor else "", *last)):
        for n, line in enumerate(page.body.split("\n")):
            if wanted in line:
                return f"{source}:{page.body_line + n}"
    return f"{source}, page {url}"
