"""P32 An export holds the table and nothing else: one fresh sheet, no names, comments, authors or macros."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chalicelib.platform.spreadsheets import xlsx_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PARTS = {
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
}


@pytest.fixture(params=["made here", "published"])
def parts(request: pytest.FixtureRequest, site_dir: Path) -> dict[str, bytes]:
    if request.param == "published":
        raw = (site_dir / "boards/figures.xlsx").read_bytes()
    else:
        raw = xlsx_bytes("名单", ["姓名", "日期"], [["甲", "2026-01-01"]], [10, 12])
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_a_file_has_only_the_parts_of_one_sheet(parts: dict[str, bytes]) -> None:
    assert parts.keys() == PARTS


def test_one_sheet_which_is_seen_and_no_defined_names(parts: dict[str, bytes]) -> None:
    book = ET.fromstring(parts["xl/workbook.xml"])
    (sheet,) = book.iter(f"{MAIN}sheet")
    assert sheet.get("state", "visible") == "visible"
    assert not list(book.iter(f"{MAIN}definedName"))
    assert not re.search(rb'hidden="1"|<legacyDrawing|<hyperlink|<f>', parts["xl/worksheets/sheet1.xml"])


def test_nobody_and_no_moment_is_named(parts: dict[str, bytes]) -> None:
    core = ET.fromstring(parts["docProps/core.xml"])
    said = {each.tag.rpartition("}")[2]: each.text or "" for each in core}
    assert said.pop("created") == said.pop("modified") == "2000-01-01T00:00:00Z"
    assert not "".join(said.values())
    app = parts["docProps/app.xml"].decode()
    assert not re.search("<(?:Company|Manager)>[^<]", app)


def test_only_the_cells_given_are_inside(parts: dict[str, bytes]) -> None:
    sheet = ET.fromstring(parts["xl/worksheets/sheet1.xml"])
    used = {int(cell[0].text or "") for cell in sheet.iter(f"{MAIN}c") if len(cell)}
    texts = list(ET.fromstring(parts["xl/sharedStrings.xml"]))
    assert used == set(range(len(texts))), "no text is left over from another table"


def test_the_same_table_is_the_same_bytes() -> None:
    assert xlsx_bytes("表", ["a"], [["b"]]) == xlsx_bytes("表", ["a"], [["b"]])


def test_a_second_export_knows_nothing_of_the_first() -> None:
    xlsx_bytes("表", ["姓名"], [["秘密"]])
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes("表", ["姓名"], [["公开"]]))) as book:
        assert not any("秘密".encode() in book.read(name) for name in book.namelist())
