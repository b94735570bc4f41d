"""The files of the search: one catalogue, the shards of the index, and the texts that results show.

Nothing of it is read before somebody searches. A version names the folder of all but the catalogue, so that
a page opened before a publication never mixes two of them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publishing.compiler import Compiled
from publishing.page_types import SearchWords
from sitebuild.search import postings
from sitebuild.search.keys import folded
from sitebuild.search.ranks import rank_of
from sitebuild.search.reading import Section, sections_of

if TYPE_CHECKING:
    from sitebuild.build import Built

FEWEST_SHARDS = 64
LARGEST_SHARD_CHARACTERS = 4000  # on average; above it there are twice as many
PACK_CHARACTERS = 1900
# Pages that are a form, made for each campaign, or another copy of a page.
UNSEARCHED = ("404.html", "services/join/", "services/certificate/")


def write_search(built: Built) -> None:
    words = words_of(built.compiled)
    pages, sections, firsts = _read(built)
    found = postings.index(sections, words.sayings)
    files = _sharded(found)
    packs = postings.packs_of([sum(len(each.text) for each in part) for _, _, part in pages], PACK_CHARACTERS)
    pack_of = {page: n for n, pack in enumerate(packs) for page in pack.pages}
    for n, pack in enumerate(packs):
        texts = {str(page): [[s.anchor, s.title, s.text] for s in pages[page][2]] for page in pack.pages}
        files[f"t{n}"] = texts
    version = hashlib.sha256(_json(files)).hexdigest()[:8]
    folder = built.site / "search"
    for name, content in files.items():
        _write(folder / version / f"{name}.json", content)
    _write(
        folder / "catalogue.json",
        {
            "version": version,
            "shards": sum(name.isdigit() for name in files),
            "sections": len(sections),
            "pages": [
                [url, part[0].title, rank, firsts[n], pack_of[n]] for n, (url, rank, part) in enumerate(pages)
            ],
            **_browser_words(words),
        },
    )


def _browser_words(words: SearchWords) -> dict[str, Any]:
    """`say`: what is said -> what we write, or 0 for a word to skip; longest first, as they are sought."""
    say: dict[str, Any] = dict.fromkeys(words.skipped, 0)
    say |= {folded(said): list(map(folded, each.written)) for each in words.sayings for said in each.said}
    return {"say": dict(sorted(say.items(), key=lambda item: -len(item[0])))}


def words_of(made: Compiled) -> SearchWords:
    """The office's words, of all pages of their type."""
    pages = [each for each in made.front.values() if isinstance(each, SearchWords)]
    return SearchWords(
        sayings=tuple(saying for each in pages for saying in each.sayings),
        skipped=tuple(word for each in pages for word in each.skipped),
    )


def _read(built: Built) -> tuple[list[tuple[str, int, list[Section]]], list[Section], list[int]]:
    """Pages as (address, rank, sections), all sections in one row, and where each page's begin."""
    pages: list[tuple[str, int, list[Section]]] = []
    sections: list[Section] = []
    firsts: list[int] = []
    for file in sorted(built.site.rglob("*.html")):
        path = file.relative_to(built.site).as_posix()
        if path.startswith("products/") and path.endswith("/papers/index.html"):
            continue  # the card names each paper and leads here; ten lists of papers would hide the answers
        if file.name != "index.html" or (path.startswith(UNSEARCHED) and path != "services/join/index.html"):
            continue
        rank = rank_of(_source(path, built.compiled), built.compiled, built.on)
        html = file.read_text("utf-8")
        part = [] if 'http-equiv="refresh"' in html else sections_of(html)
        if rank and part:
            pages.append(("/" + path.removesuffix("index.html"), rank, part))
            firsts.append(len(sections))
            sections.extend(part)
    return pages, sections, firsts


def _source(path: str, made: Compiled) -> Any:
    stem = path.removesuffix("/index.html").removesuffix("index.html")
    return made.pages.get(f"{stem}.md") or made.pages.get(f"{stem}/index.md".lstrip("/"))


def _sharded(found: postings.Postings) -> dict[str, Any]:
    shards = FEWEST_SHARDS
    while True:
        files: dict[str, Any] = dict(postings.shards_of(found, shards))
        size = sum(len(key) + len(hits) for each in files.values() for key, hits in each.items())
        if size <= shards * LARGEST_SHARD_CHARACTERS:
            return files
        shards *= 2


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_json(content))


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
