"""Which rows and columns a clerk's file has, whatever program wrote it and however it is laid out."""

from __future__ import annotations

import codecs

import pytest

from chalicelib.groups.rosters import header
from chalicelib.groups.rosters.model import Column
from tests.groups.rosters.books import (
    BLANK,
    HEADER,
    Book,
    Page,
    Raw,
    checked,
    csv_of,
    line,
    number,
    person,
    rules,
    workbook,
)

THREE = [line(n) for n in (1, 2, 3)]


def rows_of(data: bytes) -> list[int]:
    report = checked(data)
    assert report.bad == 0, report.problems
    assert report.good + report.bad == report.rows == len(report.people)
    return [each.row for each in report.people]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(Book([Page([HEADER, *THREE])]).bytes(), id="shared strings"),
        pytest.param(Book([Page([HEADER, *THREE])], inline=True).bytes(), id="inline strings"),
        pytest.param(Book([Page([HEADER, *THREE])], strict=True).bytes(), id="strict"),
        pytest.param(Book([Page([HEADER, *THREE])], absolute=True).bytes(), id="targets from the root"),
        pytest.param(Book([Page([HEADER, *THREE], prefix="x")]).bytes(), id="a prefix"),
        pytest.param(Book([Page([HEADER, *THREE], addresses=False)]).bytes(), id="no addresses"),
        pytest.param(Book([Page([HEADER, *THREE], dimension="A1:A1")]).bytes(), id="a wrong dimension"),
        pytest.param(csv_of([HEADER, *THREE]).encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + csv_of([HEADER, *THREE]).encode(), id="UTF-8 with BOM"),
        pytest.param(csv_of([HEADER, *THREE]).encode("gb18030"), id="GB18030"),
        pytest.param(csv_of([HEADER, *THREE]).encode("utf-16"), id="UTF-16"),
        pytest.param(csv_of([HEADER, *THREE]).encode("utf-16-le"), id="UTF-16 without BOM"),
        pytest.param(csv_of([HEADER, *THREE]).encode("utf-16-be"), id="UTF-16, the other order"),
        pytest.param(csv_of([HEADER, *THREE], "\t").encode(), id="tabs"),
        pytest.param(csv_of([HEADER, *THREE], ";").encode("gb18030"), id="semicolons"),
        pytest.param(csv_of([HEADER, *THREE], end="\r").encode(), id="old line ends"),
        pytest.param(
            csv_of([[*each, "", "", ""] for each in [HEADER, *THREE]]).encode(), id="trailing commas"
        ),
    ],
)
def test_a_plain_list_is_read_whatever_wrote_it(data: bytes) -> None:
    assert rows_of(data) == [2, 3, 4]


def test_a_separator_line_counts_as_a_record_and_a_blank_one_too() -> None:
    text = "sep=;\r\n" + csv_of([HEADER, THREE[0]], ";") + "\r\n;;;\r\n" + csv_of(THREE[1:], ";")
    assert rows_of(text.encode()) == [3, 6, 7]


def test_a_cell_with_a_line_break_is_one_record() -> None:
    text = csv_of([HEADER]) + f'"{person(1).name}","{person(1).id_number}",{person(1).mobile},"骑手\n"\r\n'
    assert rows_of((text + csv_of([THREE[1]])).encode()) == [2, 3]


@pytest.mark.parametrize("broken", ['"王', '王"', '王"明'])
def test_a_stray_quote_swallows_nobody(broken: str) -> None:
    text = csv_of([HEADER, THREE[0], line(2, name=broken), THREE[2], line(4)])
    report = checked(text.encode())
    assert [each.row for each in report.people] == [2, 3, 4, 5]


def test_numbers_kept_as_text_by_an_exporter_keep_their_digits() -> None:
    who = person(1)
    text = csv_of([HEADER]) + f'{who.name},"=""{who.id_number}""",\t{who.mobile},骑手\r\n'
    assert rows_of(text.encode()) == [2]


def test_rows_and_columns_are_those_the_spreadsheet_shows() -> None:
    data = workbook(
        ["某某站点参保名单"],
        [],
        ["序号", None, "手 机\n号 码", "姓　名", "（必填）身份证号*", "职业/工种", "入职日期"],
        ["1", None, person(1).mobile, person(1).name, person(1).id_number, "骑手", "2025-1-1"],
        [None, None, None, None, None, None],
        ["2", None, person(2).mobile, person(2).name, "12", "骑手", "2025-1-1"],
        ["3", None, None, None, None, None],
        ["合计：2人"],
        ["制表人：钱某", None, None, "审核：孙某", None, "日期：2026年11月"],
        first=4,
    )
    report = checked(data)
    assert [each.row for each in report.people] == [7, 9]
    assert rules(report) == [("E9", "id_number.length")]
    assert "「序号」" in report.notes[0]
    assert "「入职日期」" in report.notes[0]


def test_two_header_rows_are_one_header() -> None:
    data = workbook(
        ["基本信息", None, None, "工作信息", None],
        ["姓名", "身份证号", "手机号", "职业", "平台"],
        [*line(1), "美团"],
        merges=["A1:C1", "D1:E1"],
    )
    assert rows_of(data) == [3]
    over = workbook(
        ["姓名", "证件", "联系方式", "职业"],
        [None, "号码", "手机", None],
        line(1),
        merges=["A1:A2", "D1:D2"],
    )
    assert rows_of(over) == [3]


def test_a_header_again_on_every_printed_page_is_no_person() -> None:
    report = checked(workbook(HEADER, THREE[0], HEADER, THREE[1]))
    assert [each.row for each in report.people] == [2, 4]
    assert any("1次表头" in each for each in report.notes)


def test_people_side_by_side_are_all_read() -> None:
    report = checked(workbook([*HEADER, *HEADER], [*line(1), *line(2)], [*line(3), *([None] * 4)]))
    assert [each.row for each in report.people] == [2, 2, 3]
    assert report.bad == 0
    bad = checked(workbook([*HEADER, *HEADER], [*line(1), *line(2, id_number="1")]))
    assert rules(bad) == [("F2", "id_number.length")]
    assert (bad.rows, bad.good) == (2, 1)


def test_every_visible_sheet_is_read_and_hidden_ones_are_named() -> None:
    report = checked(
        Book(
            [
                Page([["填表说明"], ["每人一行"]], name="说明"),
                Page([HEADER, THREE[0]], name="一站"),
                Page([HEADER, line(2)], name="旧名单", state="hidden"),
                Page([HEADER, line(3)], name="更旧", state="veryHidden"),
                Page([HEADER, line(4), line(1)], name="二站"),
            ]
        ).bytes()
    )
    assert [(each.sheet, each.row) for each in report.people] == [("一站", 2), ("二站", 2), ("二站", 3)]
    assert "「一站」第2行" in report.problems[0].detail
    assert [each for each in report.notes if "隐藏" in each] == [
        "工作表「旧名单」是隐藏的，没有读。",
        "工作表「更旧」是隐藏的，没有读。",
    ]
    assert any("「说明」" in each for each in report.notes)


def test_hidden_rows_are_read_with_a_warning() -> None:
    report = checked(workbook(HEADER, *THREE, hidden=[3]))
    assert rules(report) == [("", "row.hidden")]
    assert (report.rows, report.bad, report.problems[0].row) == (3, 0, 3)


def test_what_is_merged_over_rows_stands_in_each() -> None:
    data = workbook(HEADER, line(1), line(2, occupation=None), merges=["D2:D3"])
    assert rules(checked(data)) == []
    shared = checked(workbook(HEADER, line(1), line(2, mobile=None), merges=["C2:C3"]))
    assert {rule for _, rule in rules(shared)} == {"mobile.shared"}


def test_rows_without_a_person_are_named_and_not_counted() -> None:
    report = checked(workbook(HEADER, line(1), [None, None, None, "外卖配送员"], [None, None, None, "骑手"]))
    assert report.rows == 1
    assert "第3、4行" in report.notes[-1]


def test_a_million_formatted_blank_rows_cost_little() -> None:
    blank = "".join(
        f'<row r="{n}" spans="1:4"><c r="A{n}" s="1"/><c r="B{n}" s="2"></c></row>' for n in range(5, 300_005)
    )
    data = workbook(HEADER, *THREE, before_end=blank)
    assert rows_of(data) == [2, 3, 4]


def test_cells_far_to_the_right_are_not_read_and_blank_ones_are_no_cells() -> None:
    far = Raw("><v>1</v></c>")
    row: list[object] = [*line(1), *([None] * 400), far]
    assert rows_of(workbook(HEADER, row, [BLANK, BLANK, BLANK, BLANK])) == [2]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("姓  名", Column.NAME),
        ("*姓名（必填）", Column.NAME),
        ("被保险人\n姓名", Column.NAME),
        ("Name", Column.NAME),
        ("紧急联系人姓名", None),
        ("身份证号码(18位)", Column.ID_NUMBER),
        ("员工身份证号", Column.ID_NUMBER),
        ("公民身份号码", Column.ID_NUMBER),
        ("身份证有效期", None),
        ("身份证正面照片", None),
        ("ＩＤ Card", Column.ID_NUMBER),
        ("联系电话", Column.MOBILE),
        ("本人手机号码：", Column.MOBILE),
        ("紧急联系电话", None),
        ("工种", Column.OCCUPATION),
        ("所属平台", Column.PLATFORM),
        ("区县", Column.DISTRICT),
        ("备注", Column.NOTE),
        ("银行卡号", None),
        ("性别", None),
        ("", None),
    ],
)
def test_a_header_means_what_clerks_mean(text: str, column: Column | None) -> None:
    found = header.column_for(text)
    assert (found[0] if found else None) == column


def test_of_two_columns_of_one_meaning_the_clearer_one_is_read() -> None:
    data = workbook(
        ["ID", "姓名", "联系电话", "手机号", "身份证号"],
        ["A01", person(1).name, "0393-7220000", person(1).mobile, person(1).id_number],
    )
    assert rows_of(data) == [2]


def test_numbers_in_number_cells() -> None:
    mobile = checked(workbook(HEADER, line(1, mobile=number(person(1).mobile))))
    assert mobile.problems == []
    as_float = checked(workbook(HEADER, line(1, mobile=number(f"{float(person(1).mobile):.10E}"))))
    assert as_float.problems == []
    lost = checked(workbook(HEADER, line(1, id_number=number("9.90000197001019E+17"))))
    assert rules(lost) == [("B2", "id_number.digits_lost")]
    assert lost.problems[0].shown == "990…E+17"
