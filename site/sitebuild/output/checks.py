"""What ends the build on a finished page: broken links and anchors, missing alternatives, other hosts, a
benefit without its conditions.

Figures, HTML, names and front matter are checked on the source (publishing); here the built pages are read,
because templates make links too. An error names the content file and line, or the page nobody wrote by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.exceptions import PluginError

from sitebuild.addresses import source_of
from sitebuild.built import Built
from sitebuild.output.promised import unsaid

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


@dataclass
class Site:
    """What links may lead to: `paths` are all files there are, `html` gives a page's text."""

    built: Built
    paths: Collection[str]
    html: Callable[[str], str]
    _read: dict[str, Reading] = field(default_factory=dict)

    def read(self, path: str) -> Reading:
        if path not in self._read:
            page = Reading()
            page.feed(self.html(path))
            page.close()
            self._read[path] = page
        return self._read[path]

    def missing(self, target: str) -> str:
        """What is not there of an address of this site, or nothing."""
        parts = urlsplit(target)
        path, anchor = unquote(parts.path).lstrip("/"), unquote(parts.fragment)
        if path == "" or path.endswith("/"):
            path += "index.html"
        if path not in self.paths:
            return f"no page {unquote(parts.path)}"
        if anchor and path.endswith(".html") and anchor not in self.read(path).ids:
            return f"no `#{anchor}` on {unquote(parts.path)}"
        return ""


def check_pages(site: Site) -> None:
    """Raises PluginError listing everything wrong, each with its file and line."""
    pages = [path for path in sorted(site.paths) if path.endswith(".html")]
    wrong = [fault for path in pages for fault in faults(site, path)]
    if wrong:
        raise PluginError("\n".join(wrong))


def faults(site: Site, path: str) -> Iterator[str]:
    """Everything wrong with one page, each with its file and line."""
    url = "/" + path.removesuffix("index.html")
    for about, message in _faults(url, site.read(path), site):
        yield f"{_where(url, site.built, about)}: {message}"
    for message in unsaid(path, site.html(path), site.built.compiled.catalogue, site.built.on):
        yield f"page {url}: {message}"


def _faults(url: str, page: Reading, site: Site) -> Iterator[tuple[str, str]]:
    """(what it is about, message) of everything wrong with one page."""
    for picture in page.unseen:
        yield picture, f"the picture `{picture}` has no alternative text; write ![what it shows](…)"
    for target in page.loads:
        if target.startswith("data:"):
            continue
        if _is_foreign(target):
            yield target, f"`{target}` would be loaded from another host; keep a copy in content/"
        elif not target.startswith("#") and site.missing(urljoin(url, target)):
            yield target, f"there is no file `{target}`"
    for target in page.named:
        if _is_foreign(target) and not target.startswith(site.built.address):
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
                    f"`{target}` leads to another host; allowed: https and {allowed} (checks.OUTBOUND)",
                )
        else:
            missing = site.missing(urljoin(url, target))
            if missing:
                yield target, f"the link `{target}` leads nowhere: {missing}"


def _is_foreign(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.scheme or parts.netloc)


def _where(url: str, built: Built, about: str) -> str:
    """`guide/join.md:12` where the content has it; else the page, which a template made."""
    source = source_of(url, built.compiled.pages)
    if source is None:
        return f"page {url}"
    page = built.compiled.pages[source]
    anchor = urlsplit(about).fragment
    last = [part for part in urlsplit(about).path.split("/") if part not in {"", "..", "."}][-1:]
    for wanted in filter(None, (about, f"#{anchor}" if anchor else "", *last)):
        for n, line in enumerate(page.body.split("\n")):
            if wanted in line:
                return f"{source}:{page.body_line + n}"
    return f"{source}, page {url}"
