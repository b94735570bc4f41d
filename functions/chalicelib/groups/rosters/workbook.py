"""An .xlsx as sheets of rows: a stream, never a tree.

The parts are read with expat by local names, so transitional and strict files and any prefix read alike.
Text, numbers, formulas and errors stay apart; blank cells, of which a formatted sheet has millions, are
taken out of the stream before the parser sees them.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from chalicelib.groups.rosters.container import open_zip
from chalicelib.groups.rosters.model import (
    LAST_COLUMN,
    MAX_CELLS,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    Cell,
    Kind,
    Merge,
    SheetRow,
    refused,
)

_CHUNK = 1 << 18
_MAX_SHEETS = 200
_MAX_STRINGS = 1_500_000
# `<c r="B2" s="1"/>`, `<c r="B2"></c>`, and the same of rows. Markup characters are escaped in text.
_BLANK_CELLS = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?c>)")
_BLANK_ROWS = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?row>)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


class EnoughError(Exception):
    """Whoever reads the rows has seen enough of this sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    part: str


class Workbook:
    """Raises RosterRefused when it is opened or read, whatever is wrong with it."""

    def __init__(self, data: bytes) -> None:
        self._zip = open_zip(data)
        self._parts = {_normal(each.filename): each for each in self._zip.infolist()}
        self._unpacked = 0
        self._cells = 0
        self._strings: list[str] | None = None
        self._strings_part: str | None = None
        self.sheets = self._read_book()

    def rows(self, sheet: Sheet, see: Callable[[SheetRow], int]) -> list[Merge]:
        """Hand every row with something in it to `see`, in order, then give the merged ranges.

        `see` says up to which column it wants the rows that follow, and may raise EnoughError to leave the
        rest unread.
        """
        reader = _SheetReader(self._shared_strings(), see)
        try:
            self._parse(sheet.part, reader, thin=True)
        except EnoughError:
            pass
        finally:
            self._cells += reader.cells
        return reader.merges

    def _read_book(self) -> list[Sheet]:
        book_part = self._target("", "/officedocument") or "xl/workbook.xml"
        if book_part not in self._parts:
            raise refused("not_a_spreadsheet")
        book = _BookReader()
        self._parse(book_part, book)
        targets = self._relations(book_part)
        self._strings_part = next(
            (part for kind, part in targets.values() if kind.endswith("/sharedstrings")), None
        )
        found = []
        for name, state, relation in book.sheets[:_MAX_SHEETS]:
            kind, part = targets.get(relation, ("", ""))
            if kind.endswith("/worksheet") and part in self._parts:
                found.append(Sheet(name, state not in ("", "visible"), part))
        if not found:
            raise refused("damaged")
        return found

    def _target(self, part: str, kind: str) -> str | None:
        return next((at for each, at in self._relations(part).values() if each.endswith(kind)), None)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """{id: (kind in small letters, normalised part)}; empty where there is no such part."""
        folder, name = posixpath.split(part)
        own = _normal(posixpath.join(folder, "_rels", f"{name}.rels"))
        if own not in self._parts:
            return {}
        reader = _RelationsReader()
        self._parse(own, reader)
        return {
            key: (kind.lower(), _normal(posixpath.join("/", folder, target)))
            for key, kind, target in reader.found
        }

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            reader = _StringsReader()
            if self._strings_part in self._parts:
                self._parse(str(self._strings_part), reader)
            self._strings = reader.strings
        return self._strings

    def _parse(self, part: str, reader: _Reader, *, thin: bool = False) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            with self._zip.open(self._parts[part]) as stream:
                for chunk in _thinned(self._counted(stream)) if thin else self._counted(stream):
                    parser.Parse(chunk, False)
                    if self._cells + reader.cells > MAX_CELLS:
                        raise refused("too_large")
                parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise refused("damaged") from None
        except (NotImplementedError, RuntimeError, ValueError, UnicodeError):
            raise refused("damaged") from None  # a packing method, encoding or number nobody writes

    def _counted(self, stream: IO[bytes]) -> Iterator[bytes]:
        while chunk := stream.read(_CHUNK):
            self._unpacked += len(chunk)
            if self._unpacked > MAX_UNPACKED_BYTES:
                raise refused("too_large")
            yield chunk


def _normal(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def _refuse_doctype(*_: object) -> None:
    raise refused("damaged")  # no spreadsheet program writes one; entities are how a small file grows


def _thinned(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream without blank cells and rows. Cut at the end of a row, so that none is halved."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        if b"\x00" in rest[:64] or rest[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16: as it is
            yield rest
            rest = b""
            continue
        cut = rest.rfind(b"row>") + 4
        if cut < 4:
            cut = rest.rfind(b"/>") + 2
        if cut < 4 and len(rest) < 16 * _CHUNK:
            continue
        cut = cut if cut >= 4 else len(rest)
        yield _BLANK_ROWS.sub(b"", _BLANK_CELLS.sub(b"", rest[:cut]))
        rest = rest[cut:]
    yield rest


def column_of(address: str) -> int:
    """The column of `C5` from 1; 0 for what is no address."""
    found = _ADDRESS.match(address)
    if found is None:
        return 0
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """`C` for 3."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


_COLUMNS = {letters(column): column for column in range(1, LAST_COLUMN + 1)}


class _Reader:
    """Handlers for one part. `cells` counts those with something in them."""

    cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters."""


class _BookReader(_Reader):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            state = attributes.get("state", "").lower()
            self.sheets.append((attributes.get("name", "")[:64], state, relation))


class _RelationsReader(_Reader):
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            self.found.append(
                (attributes.get("Id", ""), attributes.get("Type", ""), attributes.get("Target", ""))
            )


class _StringsReader(_Reader):
    """`<si><t>…</t></si>`, runs joined, readings of characters (`rPh`) left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._now: list[str] | None = None
        self._length = 0
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            self._length = 0
            self._runs: list[str] = []
        elif local == "rPh":
            self._skipped += 1
        elif local == "t" and not self._skipped:
            self._now = self._runs

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "t":
            self._now = None
        elif local == "rPh":
            self._skipped -= 1
        elif local == "si":
            if len(self.strings) >= _MAX_STRINGS:
                raise refused("too_large")
            self.strings.append(_unescaped("".join(self._runs)))

    def text(self, data: str) -> None:
        if self._now is not None and self._length < MAX_TEXT:
            self._now.append(data[: MAX_TEXT - self._length])
            self._length += len(data)


class _SheetReader(_Reader):
    def __init__(self, strings: list[str], see: Callable[[SheetRow], int]) -> None:
        self.merges: list[Merge] = []
        self._strings = strings
        self._see = see
        self._row = 0
        self._hidden = False
        self._row_cells: list[Cell] = []
        self._column = 0
        self._type = ""
        self._formula = False
        self._value: list[str] = []
        self._taking = False
        self._wanted = True
        self._phonetic = 0
        self._last_column = LAST_COLUMN

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name if ":" not in name else _local(name)
        if local == "c":
            address = attributes.get("r", "")
            column = _COLUMNS.get(address.rstrip("0123456789"))
            self._column = column if column is not None else column_of(address) or self._column + 1
            self._wanted = self._column <= self._last_column
            self._type = attributes.get("t", "n")
            self._formula = False
            self._value = []
        elif local in ("v", "t"):
            self._taking = self._wanted and not self._phonetic
        elif local == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._hidden = attributes.get("hidden", "0") in ("1", "true", "on")
            self._column = 0
            self._row_cells = []
        elif local == "f":
            self._formula = True
        elif local == "rPh":
            self._phonetic += 1
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        local = name if ":" not in name else _local(name)
        if local == "c":
            self._end_cell()
        elif local in ("v", "t"):
            self._taking = False
        elif local == "row":
            if self._row_cells:
                self._last_column = self._see(SheetRow(self._row, self._row_cells, self._hidden))
        elif local == "rPh":
            self._phonetic -= 1

    def text(self, data: str) -> None:
        if self._taking and len(self._value) < 4096:
            self._value.append(data[:MAX_TEXT])

    def _end_cell(self) -> None:
        self.cells += 1
        text = "".join(self._value)
        if not text and not self._formula:
            return
        kind = Kind.TEXT
        if self._type == "s":
            index = int(text) if text.isdigit() else -1
            text = self._strings[index] if 0 <= index < len(self._strings) else ""
        elif self._type in ("n", ""):
            kind = Kind.NUMBER
        elif self._type == "e":
            kind = Kind.ERROR
        elif self._type in ("b", "d"):
            kind = Kind.OTHER
        else:
            text = _unescaped(text[:MAX_TEXT])
        if self._formula:
            kind = Kind.FORMULA
        if text.strip() or self._formula:
            self._row_cells.append(Cell(self._column, text, kind))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        at = [_ADDRESS.fullmatch(each) for each in (first, last)]
        if at[0] and at[1] and len(self.merges) < 100_000:
            self.merges.append(Merge(int(at[0][2]), column_of(first), int(at[1][2]), column_of(last)))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _unescaped(text: str) -> str:
    """`_x000D_` is how a workbook writes characters XML cannot hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
