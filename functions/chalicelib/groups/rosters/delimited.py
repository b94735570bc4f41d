"""Text with separators as rows: UTF-8, GB18030 or UTF-16; comma, tab, semicolon or bar.

A row's number is that of its record, as a spreadsheet program shows it: blank records count, a cell with a
line break is one record, a leading `sep=` counts as one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

from chalicelib.groups.rosters.model import (
    LAST_COLUMN,
    MAX_CELLS,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    Cell,
    SheetRow,
    refused,
)

SEPARATORS = (",", "\t", ";", "|", "，", "；")
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')  # how exporters keep the digits of a number: a formula that is a text
SAMPLE_LINES = 60


def text_of(data: bytes, knows: Callable[[str], bool]) -> str:
    """The text. `knows` says whether a text has words we know, where bytes read as more than one encoding.

    Raises RosterRefused for an encoding we do not know, and for what is no text at all.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data[3:], "utf-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    if b"\x00" in data[:4096]:
        return _decoded(data, _utf_16(data[:4096]))
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and not knows(text) and knows(data.decode("utf-8", "replace")):
            break  # UTF-8 with a broken character: mojibake would follow
        return _without_controls(text)
    raise refused("encoding")


def _utf_16(start: bytes) -> str:
    """Which half of each pair is mostly zero says the order. Raises RosterRefused where neither is."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 20 < len(start) or min(even, odd) * 4 > max(even, odd):
        raise refused("not_a_spreadsheet")
    return "utf-16-le" if odd > even else "utf-16-be"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _without_controls(data.decode(encoding))
    except UnicodeDecodeError:
        raise refused("encoding") from None


def _without_controls(text: str) -> str:
    strange = sum(text[:4096].count(chr(code)) for code in (*range(1, 9), *range(14, 27)))
    if strange * 50 > len(text[:4096]):
        raise refused("not_a_spreadsheet")
    return text.replace("\x00", "").lstrip("\ufeff")


def rows(text: str, fits: Callable[[list[str]], int]) -> Iterator[SheetRow]:
    """`fits` says how many columns we know in the cells of a possible header: the separator that gives most
    is the one. Raises RosterRefused."""
    if len(text) > MAX_UNPACKED_BYTES:
        raise refused("too_large")
    first, _, rest = text.partition("\n")
    told = _SEP_LINE.fullmatch(first.strip())
    start = 2 if told else 1
    body = rest if told else text
    separator = told[1] if told else _separator(body, fits)
    cells = 0
    for number, record in enumerate(_records(body, separator), start):
        found = [
            Cell(column, text)
            for column, each in enumerate(record[:LAST_COLUMN], 1)
            if (text := _AS_TEXT.sub(r"\1", each[:MAX_TEXT])).strip()
        ]
        cells += len(found)
        if cells > MAX_CELLS:
            raise refused("too_large")
        if found:
            yield SheetRow(number, found)


def _separator(text: str, fits: Callable[[list[str]], int]) -> str:
    lines = text[:200_000].splitlines()[:SAMPLE_LINES]

    def worth(separator: str) -> tuple[int, int]:
        split = list(_records("\n".join(lines), separator))
        return max((fits(each) for each in split), default=0), sum(len(each) for each in split)

    return max(SEPARATORS, key=worth)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Quoted cells as the spreadsheet programs write them. Where a quote is never closed, or closes only
    after swallowing other records, quotes are taken as plain characters: nobody's row may vanish."""
    quoted = '"' in text
    if quoted and _swallows(text, separator):
        quoted = False
    csv.field_size_limit(MAX_UNPACKED_BYTES)
    lines = io.StringIO(text, newline=None if not quoted else "")
    if quoted:
        reader = csv.reader(lines, delimiter=separator)
    else:
        reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    try:
        for record in reader:
            yield record if quoted else [each.strip('"') for each in record]
    except csv.Error:
        raise refused("damaged") from None


def _swallows(text: str, separator: str) -> bool:
    """Whether some quoted cell holds a line that itself looks like a record."""
    csv.field_size_limit(MAX_UNPACKED_BYTES)
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in record:
                if "\n" in cell and cell.count(separator) >= cell.count("\n") + 1:
                    return True
    except csv.Error:
        return True
    return False
