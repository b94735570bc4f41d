"""Tables for people who open them in Excel or WPS: no cell can run code (P09), nothing else is inside (P32).

Used when pages are built; a function that exports imports it where it needs it, for a cold start's sake.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Row = Sequence[str]

# A cell that begins with one of these, in any width, is a formula or a command to some spreadsheet.
_STARTS = frozenset("=+-@\t\r\n")
_CELL_MOST = 32767  # characters Excel keeps in a cell; xlsxwriter would leave a longer one out silently
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # no clock: the same figures are the same bytes


def harmless(text: str) -> str:
    """`text` as a CSV cell that is only text: what could begin a formula begins with an apostrophe.

    Full-width forms count, and whatever stands behind spaces or invisible characters: programs skip those.
    """
    first = next((each for each in text if not _is_skipped(each)), "")
    if text[:1] in _STARTS or unicodedata.normalize("NFKC", first)[:1] in _STARTS:
        return "'" + text
    return text


def _is_skipped(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}


def csv_bytes(head: Row, rows: Sequence[Row]) -> bytes:
    """RFC 4180 with every cell quoted, so that no separator begins one; the mark tells Excel it is UTF-8."""
    lines = [",".join(_quoted(cell) for cell in row) + "\r\n" for row in (head, *rows)]
    return ("\ufeff" + "".join(lines)).encode()


def _quoted(cell: str) -> str:
    return '"' + harmless(cell).replace('"', '""') + '"'


def xlsx_bytes(sheet: str, head: Row, rows: Sequence[Row], widths: Sequence[int] = ()) -> bytes:
    """One sheet in a fresh file, every cell written as text. ValueError if one is too long for Excel."""
    import io

    import xlsxwriter

    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"created": _NEVER.replace(tzinfo=None)})
        page: Any = book.add_worksheet(sheet)
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "valign": "top"})
        for r, row in enumerate((head, *rows)):
            for c, cell in enumerate(row):
                if len(cell) > _CELL_MOST:
                    raise ValueError(f"row {r}, column {c}: {len(cell)} characters, more than a cell keeps")
                page.write_string(r, c, cell, plain if r else bold)
        for c, width in enumerate(widths):
            page.set_column(c, c, width)
        page.freeze_panes(1, 0)
    return written.getvalue()
