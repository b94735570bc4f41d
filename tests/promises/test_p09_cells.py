"""P09 A cell is text: whatever somebody typed, no table we hand out runs it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.spreadsheets import csv_bytes, harmless, xlsx_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://other.example","x")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tabc",
    "\rabc",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    " =1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "=cmd|' /C calc'!A0",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What an XML file can hold; surrogates cannot be written anywhere.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CELLS = st.one_of(
    TEXT, st.sampled_from(HOSTILE), st.builds(str.__add__, st.sampled_from("=+-@＝＋－＠\t\r"), TEXT)
)


def begins_a_formula(cell: str) -> bool:
    """Said again here, not borrowed: from the first character a program would look at."""
    seen = cell
    while seen and (seen[0].isspace() or unicodedata.category(seen[0]) in ("Cc", "Cf")):
        seen = seen[1:]
    return cell.startswith(FORMULA_STARTS) or unicodedata.normalize("NFKC", seen).startswith(FORMULA_STARTS)


def read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_of_a_csv_never_begins_a_formula(cell: str) -> None:
    ((read,),) = read_csv(csv_bytes([cell], []))
    assert read == "'" + cell
    assert not begins_a_formula(read)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_a_csv_gives_back_every_cell_as_text(rows: list[tuple[str, str, str]]) -> None:
    raw = csv_bytes(("a", "b", "c"), rows)
    assert raw.startswith(b"\xef\xbb\xbf")
    read = read_csv(raw)
    assert len(read) == len(rows) + 1
    for row, back in zip(rows, read[1:], strict=True):
        assert [
            each.removeprefix("'") if begins_a_formula(cell) else each
            for cell, each in zip(row, back, strict=True)
        ] == list(row)
        assert not any(begins_a_formula(each) for each in back)


@pytest.mark.parametrize("separator", [",", ";", "\t", '"', '","', '";"', "\r\n"])
def test_no_separator_inside_a_cell_begins_another(separator: str) -> None:
    cell = f"a{separator}=1+1"
    raw = csv_bytes([cell, "b"], [])
    assert read_csv(raw) == [[cell, "b"]]
    assert re.fullmatch(rb'\xef\xbb\xbf"(?:[^"]|"")*","b"\r\n', raw)


@pytest.mark.parametrize("cell", ["", "张三", "2026-01-01", "示范 = 样子", "人次", "a-b", "'"])
def test_an_ordinary_cell_is_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


def cells_of(raw: bytes) -> tuple[list[ET.Element], list[str]]:
    """The cells of the one sheet, and the texts they may point to."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        names = book.namelist()
        shared = ET.fromstring(book.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
        texts = ["".join(part.text or "" for part in each.iter(f"{MAIN}t")) for each in shared]
    return list(sheet.iter(f"{MAIN}c")), texts


@given(
    st.lists(
        st.one_of(CELLS, st.just("http://other.example"), st.just("123")).filter(bool), min_size=1, max_size=6
    )
)
def test_every_cell_of_an_xlsx_is_a_string(row: list[str]) -> None:
    cells, texts = cells_of(xlsx_bytes("表", row, []))
    assert len(cells) == len(row)
    for cell, given_text in zip(cells, row, strict=True):
        assert cell.get("t") == "s"
        assert [child.tag for child in cell] == [f"{MAIN}v"], "neither a formula nor a number"
        if given_text.isprintable() and not re.search(r"_x[0-9A-Fa-f]{4}_", given_text):
            assert texts[int(cell[0].text or "")] == given_text


def test_an_xlsx_has_no_link(tmp_path: Path) -> None:
    raw = xlsx_bytes("表", ["http://other.example", "mailto:a@b.example", "internal:A1"], [])
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert not [name for name in book.namelist() if name.endswith("sheet1.xml.rels")]
        assert b"hyperlink" not in book.read("xl/worksheets/sheet1.xml")


def test_a_cell_too_long_is_refused_not_lost() -> None:
    xlsx_bytes("表", ["长" * 32767], [])
    with pytest.raises(ValueError, match="more than a cell keeps"):
        xlsx_bytes("表", ["长" * 32768], [])


def test_the_published_figures_are_such_tables(site_dir: Path) -> None:
    read = read_csv((site_dir / "boards/figures.csv").read_bytes())
    cells, texts = cells_of((site_dir / "boards/figures.xlsx").read_bytes())
    assert len(read) > 20
    shown = [texts[int(each[0].text or "")] for each in cells if len(each)]
    assert [text for text in shown if text] == [
        cell.removeprefix("'") for row in read for cell in row if cell
    ]
    assert not any(begins_a_formula(cell) for row in read for cell in row)
    assert all(row[5] and row[6] and row[7] and row[8] for row in read[1:]), "unit, place, period, source"
