"""Rows of the suggestion box, in the table of people.

people    person_id                      part
          suggestion#<Shanghai day>      <code of the receipt>
"""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.kernel import ShanghaiDate
from chalicelib.platform.tables import Table

PREFIX = "suggestion#"


class SuggestionRow(Table):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    text_sealed = BinaryAttribute(legacy_encoding=False)
    contact_sealed = BinaryAttribute(legacy_encoding=False)
    page = UnicodeAttribute(default="")
    at = UnicodeAttribute()


def day_key(on: ShanghaiDate) -> str:
    return f"{PREFIX}{on.isoformat()}"


def of_day(on: ShanghaiDate) -> list[SuggestionRow]:
    return list(SuggestionRow.query(day_key(on), consistent_read=True))
