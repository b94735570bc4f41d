"""The parts of an .xlsx as their elements come by: workbook, relations, shared strings, sheets."""

from __future__ import annotations

import re
from collections.abc import Callable

from chalicelib.groups.rosters.model import LAST_COLUMN, MAX_TEXT, Cell, Kind, Merge, SheetRow, refused

_MAX_STRINGS = 1_500_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


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


class Reader:
    """Handlers for one part. `cells` counts those with something in them."""

    cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters."""


class BookReader(Reader):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            state = attributes.get("state", "").lower()
            self.sheets.append((attributes.get("name", "")[:64], state, relation))


class RelationsReader(Reader):
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            self.found.append(
                (attributes.get("Id", ""), attributes.get("Type", ""), attributes.get("Target", ""))
            )


class StringsReader(Reader):
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


class SheetReader(Reader):
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
