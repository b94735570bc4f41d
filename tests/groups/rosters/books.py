"""Clerks' files, made cell by cell: what spreadsheet programs write, and what nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import pytest

from chalicelib.catalog import service as catalog
from chalicelib.groups.rosters import Report, RosterRefused, check
from chalicelib.groups.rosters.model import Severity
from chalicelib.groups.rosters.occupations import words_of
from chalicelib.groups.rosters.parts import letters
from infra.people import DemoPerson, demo_person

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = ("姓名", "身份证号", "手机号", "职业")
ON = date(2026, 12, 1)


@dataclass(frozen=True)
class Raw:
    """A cell's own XML after `<c r="B2"`, such as ` t="e"><v>#N/A</v></c>`."""

    xml: str


def number(value: str) -> Raw:
    return Raw(f"><v>{value}</v></c>")


def formula(text: str, cached: str | None = None) -> Raw:
    value = "" if cached is None else f"<v>{escape(cached)}</v>"
    return Raw(f' t="str"><f>{escape(text)}</f>{value}</c>')


BLANK = Raw(' s="1"/>')
Value = str | Raw | None


@dataclass
class Page:
    """One sheet. `rows` from row `first`; None leaves a cell out. `hidden` names row numbers."""

    rows: Sequence[Sequence[Value]]
    name: str = "名单"
    state: str = ""
    first: int = 1
    hidden: Sequence[int] = ()
    merges: Sequence[str] = ()
    dimension: str = ""
    before_end: str = ""  # XML of further rows
    addresses: bool = True
    prefix: str = ""


@dataclass
class Book:
    pages: Sequence[Page]
    inline: bool = False
    strict: bool = False
    absolute: bool = False  # targets from the root, as some programs write them
    extra: dict[str, bytes] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)

    def bytes(self) -> bytes:
        main, office = (STRICT, STRICT_OFFICE) if self.strict else (MAIN, OFFICE)
        sheets = {
            f"xl/worksheets/sheet{n}.xml": self._sheet(each, main) for n, each in enumerate(self.pages, 1)
        }
        names = "".join(
            f'<sheet name={quoteattr(each.name)} sheetId="{n}" r:id="rId{n}"'
            + (f' state="{each.state}"' if each.state else "")
            + "/>"
            for n, each in enumerate(self.pages, 1)
        )
        base = "/xl/" if self.absolute else ""
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="{base}worksheets/sheet{n}.xml"/>'
            for n in range(1, len(self.pages) + 1)
        )
        relations += f'<Relationship Id="rS" Type="{office}/sharedStrings" Target="{base}sharedStrings.xml"/>'
        strings = "".join(f'<si><t xml:space="preserve">{escape(each)}</t></si>' for each in self.strings)
        parts = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
            f"<sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
            **sheets,
        }
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
            for name, data in self.extra.items():
                archive.writestr(name, data)
        return made.getvalue()

    def _sheet(self, page: Page, main: str) -> str:
        p = f"{page.prefix}:" if page.prefix else ""
        space = f'xmlns:{page.prefix}="{main}"' if page.prefix else f'xmlns="{main}"'
        rows = []
        for n, row in enumerate(page.rows, page.first):
            cells = "".join(self._cell(page, p, n, c, value) for c, value in enumerate(row, 1))
            at = f' r="{n}"' if page.addresses else ""
            hidden = ' hidden="1"' if n in page.hidden else ""
            rows.append(f"<{p}row{at}{hidden}>{cells}</{p}row>")
        merges = "".join(f'<{p}mergeCell ref="{each}"/>' for each in page.merges)
        dimension = f'<{p}dimension ref="{page.dimension}"/>' if page.dimension else ""
        return (
            f"<{p}worksheet {space}>{dimension}<{p}sheetData>{''.join(rows)}{page.before_end}</{p}sheetData>"
            + (f"<{p}mergeCells>{merges}</{p}mergeCells>" if merges else "")
            + f"</{p}worksheet>"
        )

    def _cell(self, page: Page, p: str, row: int, column: int, value: Value) -> str:
        if value is None:
            return "" if page.addresses else f"<{p}c/>"
        start = f"<{p}c" + (f' r="{letters(column)}{row}"' if page.addresses else "")
        if isinstance(value, Raw):
            return start + (value.xml.replace("<", f"<{p}").replace(f"<{p}/", f"</{p}") if p else value.xml)
        if self.inline:
            return f'{start} t="inlineStr"><{p}is><{p}t>{escape(value)}</{p}t></{p}is></{p}c>'
        self.strings.append(value)
        return f'{start} t="s"><{p}v>{len(self.strings) - 1}</{p}v></{p}c>'


def workbook(*rows: Sequence[Value], **page: object) -> bytes:
    """One sheet."""
    return Book([Page(rows, **page)]).bytes()  # type: ignore[arg-type]


def person(n: int) -> DemoPerson:
    return demo_person(n)


def line(n: int, **changed: Value) -> list[Value]:
    """A person's cells in the order of HEADER; `changed` by column name."""
    who = demo_person(n)
    cells: dict[str, Value] = {
        "name": who.name,
        "id_number": who.id_number,
        "mobile": who.mobile,
        "occupation": "外卖配送员",
    }
    return list({**cells, **changed}.values())


def csv_of(rows: Iterable[Sequence[object]], separator: str = ",", end: str = "\r\n") -> str:
    return "".join(separator.join(str(cell or "") for cell in row) + end for row in rows)


def checked(data: bytes, product: str = "nef-accident", on: date = ON) -> Report:
    made = catalog.catalogue()
    return check(data, made.product(product, on), on, words_of(made))


def refusal(data: bytes) -> str:
    """The code of the refusal, without its prefix."""
    with pytest.raises(RosterRefused) as error:
        checked(data)
    return error.value.code.removeprefix("roster.")


def rules(report: Report, severity: Severity | None = None) -> list[tuple[str, str]]:
    """(cell, rule) of each problem, in order."""
    return [(each.cell, each.rule) for each in report.problems if severity in (None, each.severity)]
