"""Files that cannot be read as a whole: each is told what it is and what to do in WPS and in Excel.

Guard: groups.rosters.container, and the limits in workbook and delimited (P10).
"""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.groups.rosters import RosterRefused
from chalicelib.groups.rosters.model import REFUSALS
from tests.groups.rosters.books import HEADER, Book, Page, checked, csv_of, line, refusal, workbook

GOOD = workbook(HEADER, line(1), line(2))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = "[Content_Types].xml"


def with_parts(**parts: bytes) -> bytes:
    return Book([Page([HEADER, line(1)])], extra=parts).bytes()


def other_zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def locked_zip() -> bytes:
    """The flag that says an entry is encrypted, in both places of its header."""
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


FILES = {
    "an old workbook": (OLE + "Workbook".encode("utf-16-le"), "legacy_xls"),
    "a WPS workbook": (OLE + "ETBook".encode("utf-16-le"), "legacy_xls"),
    "an older one without a container": (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(64), "legacy_xls"),
    "a binary one": (with_parts(**{"xl/workbook.bin": b"x"}), "legacy_xls"),
    "XML of 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "legacy_xls",
    ),
    "a locked one": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a locked archive": (locked_zip(), "password"),
    "an old text": (OLE + "WordDocument".encode("utf-16-le"), "not_a_spreadsheet"),
    "a web page": (b"<html><body><table><tr><td>\xe5\xa7\x93</td></tr></table></body></html>", "html"),
    "a table of one": (b"\xef\xbb\xbf\r\n<TABLE border=1><tr><td>1</td></tr></TABLE>", "html"),
    "a saved page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "html"),
    "a page in UTF-16": ("<html><table></table></html>".encode("utf-16"), "html"),
    "macros": (with_parts(**{"xl/vbaProject.bin": b"x"}), "macros"),
    "a picture": (b"\xff\xd8\xff\xe0" + bytes(100), "not_a_spreadsheet"),
    "a picture of a phone": (bytes(4) + b"ftypheic" + bytes(90), "not_a_spreadsheet"),
    "a PDF": (b"%PDF-1.7\n" + bytes(100), "not_a_spreadsheet"),
    "a text document": (other_zip(TYPES, "word/document.xml"), "not_a_spreadsheet"),
    "another office": (other_zip("mimetype", "content.xml"), "not_a_spreadsheet"),
    "another archive": (other_zip("a.txt"), "not_a_spreadsheet"),
    "noise": (bytes(range(256)) * 8, "not_a_spreadsheet"),
    "half of a file": (GOOD[: len(GOOD) // 2], "damaged"),
    "an archive of nothing": (other_zip(), "not_a_spreadsheet"),
    "no byte": (b"", "no_rows"),
    "blank lines": (b"\xef\xbb\xbf\r\n\r\n  \r\n", "no_rows"),
    "a header only": (workbook(HEADER), "no_rows"),
    "a header and totals": (workbook(HEADER, ["合计：0人"]), "no_rows"),
    "a column missing": (workbook(["姓名", "手机号"], ["张某", "19900000001"]), "missing_column"),
    "no header": (workbook(*[line(n) for n in range(60)]), "no_header"),
    "other words": (csv_of([["甲", "乙"], ["1", "2"]]).encode(), "no_header"),
    "UTF-8 with a broken character": (csv_of([HEADER, line(1)]).encode() + b"\xff\xe4", "encoding"),
    "no encoding": (b"\xff\xd9\xff,\xff\x80\r\n" * 5, "encoding"),
}


@pytest.mark.parametrize("name", FILES)
def test_p10_what_cannot_be_read_is_refused_by_name(name: str) -> None:
    """Guard: groups.rosters.container.is_workbook and open_zip."""
    data, code = FILES[name]
    assert refusal(data) == code


def test_every_refusal_says_what_to_do_in_both_programs() -> None:
    for code, detail in REFUSALS.items():
        assert "WPS" in detail, code
        assert "Excel" in detail, code
        assert detail.endswith(("。", "：")), code


def test_the_missing_columns_are_named() -> None:
    with pytest.raises(RosterRefused) as error:
        checked(workbook(["姓名", "手机号"], ["张某", "19900000001"]))
    assert error.value.detail.endswith("身份证号。")


def test_a_bad_sheet_beside_a_good_one_is_noted() -> None:
    pages = [Page([["姓名", "手机号"], ["张某", "1"]], name="旧"), Page([HEADER, line(1)], name="新")]
    report = checked(Book(pages).bytes())
    assert report.rows == 1
    assert any("「旧」" in each and "身份证号" in each for each in report.notes)


# --- what is made to hurt --------------------------------------------------------------------------------


def test_p10_a_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: groups.rosters.workbook.Workbook._counted."""
    monkeypatch.setattr("chalicelib.groups.rosters.workbook.MAX_UNPACKED_BYTES", 1_000_000)
    many = [line(n, occupation="外" * 2000) for n in range(300)]
    data = workbook(HEADER, *many)
    assert len(data) < 100_000
    assert refusal(data) == "too_large"


def test_p10_entities_are_refused_and_nothing_outside_is_read() -> None:
    """Guard: groups.rosters.workbook._refuse_doctype."""
    bomb = (
        '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name.endswith("sharedStrings.xml") else old.read(name))
    assert refusal(made.getvalue()) == "damaged"


def test_p10_the_limits_of_people_cells_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: groups.rosters.people.Collector._person, workbook.Workbook._parse, container.is_workbook."""
    data = workbook(HEADER, *[line(n) for n in range(30)])
    monkeypatch.setattr("chalicelib.groups.rosters.checking.MAX_PEOPLE", 29)
    assert refusal(data) == "too_many_rows"
    monkeypatch.setattr("chalicelib.groups.rosters.checking.MAX_PEOPLE", 30)
    assert checked(data).rows == 30
    monkeypatch.setattr("chalicelib.groups.rosters.workbook.MAX_CELLS", 100)
    assert refusal(data) == "too_large"
    monkeypatch.setattr("chalicelib.groups.rosters.delimited.MAX_CELLS", 100)
    assert refusal(csv_of([HEADER, *[line(n) for n in range(30)]]).encode()) == "too_large"
    monkeypatch.setattr("chalicelib.groups.rosters.container.MAX_SENT_BYTES", 1000)
    assert refusal(data) == "too_large"


def test_p10_a_lone_cell_at_the_far_corner_costs_nothing() -> None:
    """Guard: groups.rosters.workbook: rows are a stream, never a grid."""
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = workbook(HEADER, line(1), before_end=corner, dimension="A1:XFD1048576")
    tracemalloc.start()
    assert checked(data).rows == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@settings(max_examples=60)
@given(
    data=st.sampled_from(
        [
            GOOD,
            csv_of([HEADER, line(1), line(2)]).encode("gb18030"),
            csv_of([HEADER, line(1)]).encode("utf-16"),
        ]
    ),
    cuts=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), min_size=1, max_size=5),
    end=st.integers(0, 10_000),
)
def test_p10_any_damage_is_a_refusal_or_a_report(
    data: bytes, cuts: list[tuple[int, bytes]], end: int
) -> None:
    """Guard: groups.rosters.workbook.Workbook._parse: whatever breaks in a part is `damaged`."""
    changed = bytearray(data)
    for at, new in cuts:
        start = at % len(changed)
        changed[start : start + len(new)] = new
    with suppress(RosterRefused):
        report = checked(bytes(changed[: max(1, end % (2 * len(changed)))]))
        assert report.good + report.bad == report.rows > 0
