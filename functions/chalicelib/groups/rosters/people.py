"""Which rows of a sheet are people: below the header, without totals, signatures, notes and blank rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.groups.rosters import header as headers
from chalicelib.groups.rosters.header import Header
from chalicelib.groups.rosters.model import (
    HEADER_WITHIN,
    LAST_COLUMN,
    MAX_PEOPLE,
    NEEDED,
    Cell,
    Column,
    Merge,
    Person,
    SheetRow,
    refused,
)
from chalicelib.groups.rosters.typed import cleaned
from chalicelib.groups.rosters.workbook import EnoughError

# How a line begins that is about the list and not about a person.
_ABOUT_THE_LIST = re.compile(
    r"(合计|总计|小计|共计|总人数|人数|共\d+人|制表|填表|制单|审核|复核|审批|核对|负责人|经办|联系人|联系电话|填报|上报|"
    r"报送|统计|日期|时间|盖章|公章|签字|签名|单位|工会|备注|说明|注[:：]|注意|提示|填写|示例|样例|例[:：如]|以上|以下|"
    r"合 计|附|第\d+页|页码|领导|主管|\*)"
)
_WHERE = {Column.OCCUPATION, Column.PLATFORM, Column.DISTRICT}
_SERIAL = re.compile(r"[\d.、\-#()（）第号\s]{1,10}")


@dataclass(slots=True)
class SheetPeople:
    """What one sheet gave. `header` is None where none was found; then nothing else was read."""

    name: str
    header: Header | None = None
    people: list[Person] = field(default_factory=list)
    repeated_headers: int = 0
    without_person: list[int] = field(default_factory=list)  # rows with a platform, say, and nobody


class Collector:
    """Takes a sheet's rows one after another, however many; keeps people only."""

    def __init__(self, sheet: str, room: int = MAX_PEOPLE) -> None:
        self.found = SheetPeople(sheet)
        self._room = room
        self._first: list[SheetRow] = []
        self._by_column: list[dict[int, Column]] = []
        self._columns: set[int] = set()
        self._last_column = LAST_COLUMN

    def take(self, row: SheetRow) -> int:
        """Gives the last column that is wanted of the rows to come.

        Raises EnoughError when no header has come where one would, RosterRefused for too many people.
        """
        if self.found.header is None:
            self._first.append(row)
            if len(self._first) > HEADER_WITHIN:
                self._settle()
                if self.found.header is None:
                    raise EnoughError
            return self._last_column
        for cell in row.cells:
            if cell.column in self._columns:
                self._person(row)
                break
        return self._last_column

    def finish(self, merges: Iterable[Merge] = ()) -> SheetPeople:
        if self.found.header is None and len(self._first) <= HEADER_WITHIN:
            self._settle()
        if self.found.header is not None:
            self._spread(merges)
        return self.found

    def _settle(self) -> None:
        header = headers.find(self._first)
        if header is None:
            return
        self.found.header = header
        self._by_column = [{at: column for column, at in group.items()} for group in header.groups]
        self._columns = {at for group in header.groups for at in group.values()}
        self._last_column = max(self._columns)
        if not header.missing:
            for row in self._first:
                if row.number > header.last_row:
                    self._person(row)
        self._first = []

    def _person(self, row: SheetRow) -> None:
        header = self.found.header
        if header is None or header.missing:
            return
        if self._is_header_again(row):
            self.found.repeated_headers += 1
            return
        for known, columns in zip(self._by_column, header.groups, strict=True):
            cells = {known[cell.column]: cell for cell in row.cells if cell.column in known}
            if not any(column in cells for column in NEEDED):
                if _WHERE & cells.keys() and not self._is_about_the_list(row, cells):
                    self.found.without_person.append(row.number)
                continue
            if self._is_about_the_list(row, cells):
                continue
            if len(self.found.people) >= self._room:
                raise refused("too_many_rows")
            self.found.people.append(Person(self.found.name, row.number, cells, columns, row.hidden))

    def _is_header_again(self, row: SheetRow) -> bool:
        words = self.found.header.words if self.found.header else {}
        same = sum(1 for cell in row.cells if words.get(cell.column) == cell.text)
        return same >= 2 and same * 2 > len(row.cells)

    def _is_about_the_list(self, row: SheetRow, cells: dict[Column, Cell]) -> bool:
        """Without any number of a person, and beginning like a total or a signature; or one line of words."""
        if self._looks_like_numbers(cells):
            return False
        texts = [text for cell in row.cells if (text := cleaned(cell.text)) and not _SERIAL.fullmatch(text)]
        if not texts:
            return True
        begins = [_ABOUT_THE_LIST.match(text) is not None for text in texts]
        if begins[0] or (any(begins) and len(texts) <= 6 and Column.ID_NUMBER not in cells):
            return True
        return len(texts) == 1 and (len(texts[0]) > 12 or "：" in texts[0] or ":" in texts[0])

    @staticmethod
    def _looks_like_numbers(cells: dict[Column, Cell]) -> bool:
        for column in (Column.ID_NUMBER, Column.MOBILE):
            if column in cells and sum(each.isdigit() for each in cells[column].text) >= 6:
                return column is Column.ID_NUMBER or Column.NAME in cells
        return False

    def _spread(self, merges: Iterable[Merge]) -> None:
        """A range merged over rows stands in each of its rows, for everybody who is there on their own."""
        at = {person.row: person for person in self.found.people} if len(self._by_column) == 1 else {}
        known = self._by_column[0] if self._by_column else {}
        for merge in merges:
            first = at.get(merge.first_row)
            if first is None or merge.last_row == merge.first_row:
                continue
            spread = [
                column
                for place, column in known.items()
                if merge.first_column <= place <= merge.last_column and column in first.cells
            ]
            last = min(merge.last_row, merge.first_row + MAX_PEOPLE)
            for number in range(merge.first_row + 1, last + 1) if spread else ():
                if number in at:
                    for column in spread:
                        at[number].cells.setdefault(column, first.cells[column])
