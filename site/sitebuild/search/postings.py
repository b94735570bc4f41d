"""Which sections a key stands in, and that list as a short text. site/js/search_index.js reads it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from publishing.page_types import Saying
from sitebuild.search.keys import folded, keys_of, shard_of
from sitebuild.search.reading import Section

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # the lower half ends a number, the upper half goes on
HALF = len(DIGITS) // 2

Hits = dict[int, bool]  # number of the section -> stands in its title, not only in its text
Postings = dict[str, Hits]


def index(sections: Sequence[Section], sayings: Iterable[Saying]) -> Postings:
    """Every key's hits. What people say has two keys: `<said>=` where it stands itself, `<said>~` where one
    of the words stands that we write for it."""
    found: Postings = {}
    for number, section in enumerate(sections):
        for text, in_title in ((section.text, False), (section.title, True)):
            for key in keys_of(text):
                found.setdefault(key, {})[number] = in_title
    read = [(folded(each.title), folded(each.text)) for each in sections]
    for saying in sayings:
        written = _standing(read, saying.written)
        for said in map(folded, saying.said):
            found[f"{said}="] = _standing(read, (said,))
            found[f"{said}~"] = written
    return found


def _standing(sections: Sequence[tuple[str, str]], words: Iterable[str]) -> Hits:
    """`sections` are (title, text), folded."""
    pattern = re.compile("|".join(re.escape(folded(each)) for each in words))
    hits = {}
    for number, (title, text) in enumerate(sections):
        in_title = pattern.search(title) is not None
        if in_title or pattern.search(text):
            hits[number] = in_title
    return hits


def packed(hits: Hits) -> str:
    """Twice the step from the section before, one more for a title, in base 18, low digits first."""
    written, before = [], -1
    for number in sorted(hits):
        value = 2 * (number - before - 1) + hits[number]
        before = number
        while value >= HALF:
            written.append(DIGITS[HALF + value % HALF])
            value //= HALF
        written.append(DIGITS[value])
    return "".join(written)


def shards_of(lists: Mapping[str, str], shards: int) -> dict[str, dict[str, str]]:
    """The files by name, of packed lists; all of them, so that asking for one is never an error."""
    names = [*map(str, range(shards)), *(f"c{n}" for n in range(shards))]
    files: dict[str, dict[str, str]] = {name: {} for name in names}
    for key, hits in lists.items():
        files[shard_of(key, shards)][key] = hits
    return files


@dataclass(frozen=True)
class Pack:
    """Neighbouring pages whose texts are one file: `pages` are their numbers."""

    pages: tuple[int, ...]


def packs_of(lengths: Sequence[int], longest: int) -> list[Pack]:
    """Pages in order, in packs of about `longest` characters; a longer page is a pack of its own."""
    packs: list[list[int]] = [[]]
    size = 0
    for number, length in enumerate(lengths):
        if packs[-1] and size + length > longest:
            packs.append([])
            size = 0
        packs[-1].append(number)
        size += length
    return [Pack(tuple(each)) for each in packs]
