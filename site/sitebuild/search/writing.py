"""The files of the search: one catalogue, the shards of the index, and the texts that results show.

Nothing of it is read before somebody searches. A version names the folder of all but the catalogue, so that
a page opened before a publication never mixes two of them.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from publishing.compiler import Compiled
from publishing.page_types import SearchWords
from sitebuild.addresses import source_of
from sitebuild.built import Built, Files
from sitebuild.search import postings
from sitebuild.search.keys import folded
from sitebuild.search.ranks import rank_of
from sitebuild.search.reading import Section, sections_of

FOLDER = "search/"
CATALOGUE = f"{FOLDER}catalogue.json"
FEWEST_SHARDS = 64
LARGEST_SHARD_CHARACTERS = 4000  # on average; above it there are twice as many
PACK_CHARACTERS = 1900
# Pages that are a form, made for each campaign, or another copy of a page; and what only builders read.
UNSEARCHED = ("services/join/", "services/certificate/", "services/parts/")


def search_files(built: Built) -> Files:
    """Reads every page."""
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
    catalogue = {
        "version": version,
        "shards": sum(name.isdigit() for name in files),
        "sections": len(sections),
        "pages": [
            [url, part[0].title, rank, firsts[n], pack_of[n]] for n, (url, rank, part) in enumerate(pages)
        ],
        **_browser_words(words),
    }
    named = {f"{FOLDER}{version}/{name}.json": content for name, content in files.items()}
    named[CATALOGUE] = catalogue
    return {path: partial(_json, content) for path, content in named.items()}


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
    for url, html in built.listed():
        path = url[1:]
        if path.startswith("products/") and path.endswith("/papers/"):
            continue  # the card names each paper and leads here; ten lists of papers would hide the answers
        if path.startswith(UNSEARCHED) and path != "services/join/":
            continue
        source = source_of(url, built.compiled.pages)
        page = built.compiled.pages[source] if source else None
        rank = rank_of(page, built.compiled, built.on)
        part = sections_of(html) if rank else []
        if part:
            pages.append((url, rank, part))
            firsts.append(len(sections))
            sections.extend(part)
    return pages, sections, firsts


def _sharded(found: postings.Postings) -> dict[str, Any]:
    lists = {key: postings.packed(found[key]) for key in sorted(found) if found[key]}
    size = sum(len(key) + len(hits) for key, hits in lists.items())
    shards = FEWEST_SHARDS
    while size > shards * LARGEST_SHARD_CHARACTERS:
        shards *= 2
    return dict(postings.shards_of(lists, shards))


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
