"""The nouns of a roster check: what was read, what is wrong with it, and the limits of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chalicelib.kernel import UnprocessableError

MAX_SENT_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_PEOPLE = 50_000
MAX_CELLS = 3_000_000  # with something in them, all sheets together: 50,000 people, 60 columns
MAX_TEXT = 32_767  # characters of a cell, as in the spreadsheet programs
LAST_COLUMN = 256  # columns further to the right are not read
HEADER_WITHIN = 40  # the header stands within so many rows that are not blank


class Column(StrEnum):
    NAME = "name"
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    OCCUPATION = "occupation"
    PLATFORM = "platform"
    DISTRICT = "district"
    NOTE = "note"


SAMPLE_NOTE = "示例，不算人数"  # what the note of a sample row of our template says
NEEDED = (Column.NAME, Column.ID_NUMBER, Column.MOBILE)
COLUMN_NAMES = {
    Column.NAME: "姓名",
    Column.ID_NUMBER: "身份证号",
    Column.MOBILE: "手机号",
    Column.OCCUPATION: "职业",
    Column.PLATFORM: "平台",
    Column.DISTRICT: "地区",
    Column.NOTE: "备注",
}


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    FORMULA = "formula"  # whatever its cached value
    ERROR = "error"  # #N/A and the like
    OTHER = "other"  # true, false, a day


class Cell(NamedTuple):
    """`text` as stored, a number in its stored form; `column` from 1."""

    column: int
    text: str
    kind: Kind = Kind.TEXT


class SheetRow(NamedTuple):
    """`number` is what the spreadsheet program shows beside the row. Cells with something in them only."""

    number: int
    cells: list[Cell]
    hidden: bool = False


class Merge(NamedTuple):
    """Rows and columns from 1, both ends included: what stands in the first cell stands in all."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Person:
    """One person row: the cells of the columns we know, by column."""

    sheet: str
    row: int
    cells: dict[Column, Cell]
    columns: dict[Column, int]  # where each column we know stands, so that an empty cell has an address
    hidden: bool = False

    @property
    def is_sample(self) -> bool:
        """A row of our template that shows how to fill it in; never accepted."""
        note = self.cells.get(Column.NOTE)
        return note is not None and note.text.strip() == SAMPLE_NOTE


class Severity(StrEnum):
    ERROR = "error"  # the row cannot be accepted
    WARNING = "warning"  # it can; somebody should look


@dataclass(frozen=True, slots=True)
class Problem:
    """`cell` is its address (`C5`), empty where the whole row is meant. `shown` is masked; no field holds a
    whole number or name. `detail` says what is wrong, `hint` what to do."""

    sheet: str
    row: int
    cell: str
    column: str
    rule: str
    severity: Severity
    shown: str
    detail: str
    hint: str


@dataclass(slots=True)
class Report:
    """Of one file. `good` and `bad` together are `rows`; a row is bad that has an error."""

    people: list[Person] = field(default_factory=list)
    bad_rows: set[tuple[str, int]] = field(default_factory=set)
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.people)

    @property
    def good(self) -> int:
        return self.rows - self.bad


class RosterRefused(UnprocessableError):
    """The file as a whole: nothing of it was taken. `detail` says what to do in WPS and in Excel."""


SAVE_AS_XLSX = "请在WPS或Excel里打开，点「文件」—「另存为」，类型选「.xlsx」，再上传新存的文件。"

REFUSALS = {
    "legacy_xls": "这是老格式的表格，读不了。" + SAVE_AS_XLSX,
    "html": "这是网页，只是名字像表格，多半是从网上系统导出来的。" + SAVE_AS_XLSX,
    "macros": "这个表格带宏，为了安全不读。" + SAVE_AS_XLSX,
    "password": (
        "表格加了密码，打不开。请去掉密码再上传：WPS点「文件」—「文档加密」—「密码加密」，清空密码；"
        "Excel点「文件」—「信息」—「保护工作簿」—「用密码进行加密」，清空密码；然后保存。"
    ),
    "damaged": (
        "文件坏了，或者没有传完整，打不开。请在WPS或Excel里打开看看：打得开，就「另存为」一份.xlsx再上传；"
        "打不开，请找原来的那一份。"
    ),
    "not_a_spreadsheet": (
        "这不是能读的表格（图片、PDF、文档等都不行）。请把名单放进WPS或Excel的表格，「另存为」.xlsx或.csv，再上传。"
    ),
    "too_large": (
        "文件太大。上传时最大20兆，拆开后最大256兆，有内容的格子最多300万个。请在WPS或Excel里只留名单这一张表，"
        "删掉图片、多余的列和空白行，另存为.xlsx再上传。"
    ),
    "too_many_rows": "一份名单最多五万人。请在WPS或Excel里把名单拆成几份，分别上传。",
    "encoding": (
        "文字的编码认不出来，读出来会是乱码。请在WPS或Excel里打开，「另存为」类型选「.xlsx」"
        "（或「CSV UTF-8」），再上传。"
    ),
    "no_header": (
        "没有找到表头。请在WPS或Excel里，在名单上面加一行：姓名、身份证号、手机号；也可以下载我们的名单模板，"
        "把名单贴进去。"
    ),
    "missing_column": "表头里缺了要用的列。请在WPS或Excel里补上：",
    "no_rows": "表里没有人：只有表头，或者是空的。请在WPS或Excel里看看是不是存错了文件，填好名单再上传。",
}


def refused(code: str, more: str = "") -> RosterRefused:
    return RosterRefused(f"roster.{code}", REFUSALS[code] + more)
