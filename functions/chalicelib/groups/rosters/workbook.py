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
from chalicelib.groups.rosters.model import MAX_CELLS, MAX_UNPACKED_BYTES, Merge, SheetRow, refused
from chalicelib.groups.rosters.parts import BookReader, Reader, RelationsReader, SheetReader, StringsReader

_CHUNK = 1 << 18
_MAX_SHEETS = 200
# `<c r="B2" s="1"/>`, `<c r="B2"></c>`, and the same of rows. Markup characters are escaped in text.
_BLANK_CELLS = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?c>)")
_BLANK_ROWS = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?row>)")


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
        reader = SheetReader(self._shared_strings(), see)
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
        book = BookReader()
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
        reader = RelationsReader()
        self._parse(own, reader)
        return {
            key: (kind.lower(), _normal(posixpath.join("/", folder, target)))
            for key, kind, target in reader.found
        }

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            reader = StringsReader()
            if self._strings_part in self._parts:
                self._parse(str(self._strings_part), reader)
            self._strings = reader.strings
        return self._strings

    def _parse(self, part: str, reader: Reader, *, thin: bool = False) -> None:
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
