"""Everything a finished build says: each file of words as pieces of plain text, with where each piece leads.

A piece's `words` have one line for what is read in one go, whatever elements it is spread over. Pictures are
said by the words they were drawn from.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sitebuild.printed import kit

if TYPE_CHECKING:
    from sitebuild.build import Built

INLINE = frozenset("a abbr b bdi code data em i mark small span strong sub sup time u wbr".split())
# What stands beside the words before it: the next cell of a row, an answer to its term, the next line of an
# address. Headings of a table's columns are no statement together, so each of them is a line.
BESIDE = frozenset({"br", "dd", "td"})
_CELLS = frozenset({"dd", "dt", "td", "th"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")  # may stand inside a word
_ADDRESS = re.compile(r"https?://[^\s<>\"'()]+")
_PAIRS = re.compile(r"search/\w+/\d+\.json")  # the index of the search: pairs of characters say nothing
_TEXTS = re.compile(r"search/\w+/t\d+\.json")


@dataclass(frozen=True)
class Said:
    """`where` is an address from the root, `leads` are links as they are written there."""

    where: str
    words: str
    leads: tuple[str, ...]


@dataclass
class _Page(HTMLParser):
    words: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)  # attributes and comments stand in no line
    leads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.words.append(" " if tag in BESIDE else "\n")
        self.beside += [value for _, value in attrs if value]
        self.leads += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE | _CELLS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(re.sub(r"\s+", " ", data))

    def handle_comment(self, data: str) -> None:
        self.beside.append(data)


def everything(built: Built) -> Iterator[Said]:
    """Pages, feed, maps, tables, data, scripts and printed matter. Not again the texts that are published as
    they were written (terms, privacy), nor figures.xlsx, which has the rows of figures.csv."""
    for file in sorted(built.site.rglob("*")):
        path = file.relative_to(built.site).as_posix()
        read = _READERS.get(file.suffix)
        if read and not _PAIRS.fullmatch(path):
            for words, leads in read(file, built.site):
                yield Said("/" + path.removesuffix("index.html"), _UNSEEN.sub("", words), tuple(leads))
    yield from _printed(built)


def _printed(built: Built) -> Iterator[Said]:
    given = built.compiled, built.on, built.address
    for entry in (*kit.campaign_entries(*given), *kit.product_entries(*given)):
        for sheet in (*entry.printed, *entry.shared):
            yield Said("/" + sheet.path, _joined((sheet.label, sheet.inputs)), (entry.page,))
    for sheet in kit.default_sheets(built.compiled, built.address):
        yield Said("/" + sheet.path, _joined((sheet.label, sheet.inputs)), ("/",))


_Pieces = Iterator[tuple[str, list[str]]]  # words, and where they lead


def _html(file: Path, _: Path) -> _Pieces:
    page = _Page()
    page.feed(file.read_text("utf-8"))
    page.close()
    yield "".join(page.words) + "\n" + "\n".join(page.beside), page.leads


def _json(file: Path, site: Path) -> _Pieces:
    """One piece; of the search's texts one a page."""
    content = json.loads(file.read_bytes())
    if _TEXTS.fullmatch(file.relative_to(site).as_posix()):
        pages = json.loads((site / "search/catalogue.json").read_bytes())["pages"]
        yield from ((_joined(texts), [pages[int(number)][0]]) for number, texts in content.items())
    else:
        yield _joined(content), []


def _csv(file: Path, _: Path) -> _Pieces:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines):
            yield "\n".join(row), _ADDRESS.findall("\n".join(row))


def _xml(file: Path, _: Path) -> _Pieces:
    for entry in re.split("(?=<entry>)", file.read_text("utf-8")):
        yield unescape(re.sub("[<>]", "\n", entry)), _ADDRESS.findall(entry)


def _lines(file: Path, _: Path) -> _Pieces:
    for line in file.read_text("utf-8").split("\n"):
        yield line, _ADDRESS.findall(line)


_READERS: dict[str, Callable[[Path, Path], _Pieces]] = {
    ".html": _html,
    ".json": _json,
    ".csv": _csv,
    ".xml": _xml,
    ".txt": _lines,
    ".js": _lines,
}


def _joined(value: Any) -> str:
    return "\n".join(_strings(msgspec.to_builtins(value)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
