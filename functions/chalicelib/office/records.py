"""Rows of the suggestion box, in the desk's table.

desk    folder                         part
        suggestion#<Shanghai day>      <code of the receipt>
"""

from __future__ import annotations

from collections.abc import Iterator

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.rows import DeskRow

PREFIX = "suggestion#"
SEALED = ("text", "contact")


class SuggestionRow(DeskRow):
    kind = UnicodeAttribute()
    text_sealed = BinaryAttribute(legacy_encoding=False)
    contact_sealed = BinaryAttribute(legacy_encoding=False)
    page = UnicodeAttribute(default="")
    at = UnicodeAttribute()


def day_folder(on: ShanghaiDate) -> str:
    return f"{PREFIX}{on.isoformat()}"


def of_day(on: ShanghaiDate) -> list[SuggestionRow]:
    return list(SuggestionRow.query(day_folder(on), consistent_read=True))


def everything() -> Iterator[SuggestionRow]:
    """Walks the whole table: for the office's command line, never for a request."""
    yield from SuggestionRow.scan(SuggestionRow.folder.startswith(PREFIX), consistent_read=True)
