"""What is wrong with a person's row: every rule, its address, its advice; and never a whole number."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict
from datetime import date

import pytest

from chalicelib.catalog import service as catalog
from chalicelib.catalog.insured import OCCUPATION_NAMES
from chalicelib.catalog.terms import Product
from chalicelib.groups.rosters import Report
from chalicelib.groups.rosters.model import SAMPLE_NOTE, Severity
from chalicelib.groups.rosters.occupations import group_of, words_of
from chalicelib.people.rules import check_digit
from infra.people import demo_person
from sitebuild.output.roster_templates import template_bytes
from tests.groups.rosters.books import (
    HEADER,
    ON,
    Raw,
    Value,
    checked,
    csv_of,
    formula,
    line,
    number,
    person,
    rules,
    workbook,
)

WHO = person(1)
ERROR = Raw(' t="e"><v>#N/A</v></c>')


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def born(on: date, sex: str = "male") -> str:
    return demo_person(7, born=on, gender=sex).id_number


def one(**changed: Value) -> Report:
    return checked(workbook(HEADER, line(1, **changed)))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": None}, ("A2", "name.missing")),
        ({"name": " \u3000"}, ("A2", "name.missing")),
        ({"name": "张3"}, ("A2", "name.invalid")),
        ({"name": "-张三"}, ("A2", "name.invalid")),
        ({"name": number("12")}, ("A2", "name.invalid")),
        ({"name": formula("B2")}, ("A2", "cell.formula")),
        ({"id_number": None}, ("B2", "id_number.missing")),
        ({"id_number": WHO.id_number[:17]}, ("B2", "id_number.length")),
        ({"id_number": WHO.id_number + "1"}, ("B2", "id_number.length")),
        ({"id_number": "O" + WHO.id_number[1:]}, ("B2", "id_number.characters")),
        ({"id_number": WHO.id_number[:6] + "20260230" + "0012"}, ("B2", "id_number.birthday")),
        ({"id_number": WHO.id_number[:17] + "A"}, ("B2", "id_number.characters")),
        ({"id_number": WHO.id_number[:3] + "***********" + WHO.id_number[-4:]}, ("B2", "id_number.masked")),
        ({"id_number": number(WHO.id_number[:17] + "0")}, ("B2", "id_number.digits_lost")),
        ({"id_number": number("9.90000197001019E+17")}, ("B2", "id_number.digits_lost")),
        ({"id_number": number("12345")}, ("B2", "id_number.length")),
        ({"id_number": number("990000700101001")}, ("B2", "id_number.fifteen_digits")),
        ({"id_number": number(WHO.id_number[:17] + "0.0")}, ("B2", "id_number.digits_lost")),
        ({"id_number": "9.90000197001019E+17"}, ("B2", "id_number.digits_lost")),
        ({"id_number": formula('"99"&"0"', WHO.id_number)}, ("B2", "cell.formula")),
        ({"id_number": ERROR}, ("B2", "cell.error")),
        ({"mobile": None}, ("C2", "mobile.missing")),
        ({"mobile": "0393-7221234"}, ("C2", "mobile.invalid")),
        ({"mobile": "1990000100"}, ("C2", "mobile.invalid")),
        ({"mobile": "199000010011"}, ("C2", "mobile.invalid")),
        ({"mobile": "1.99E+10x"}, ("C2", "mobile.invalid")),
        ({"mobile": "19900001001/19900001002"}, ("C2", "mobile.several")),
        ({"mobile": number("1.99000010010E+18")}, ("C2", "mobile.digits_lost")),
        ({"occupation": None}, ("D2", "occupation.missing")),
        ({"occupation": "飞行员"}, ("D2", "occupation.unknown")),
        ({"occupation": "单位在职职工"}, ("D2", "occupation.not_covered")),
        ({"occupation": formula("X1", "骑手")}, ("D2", "cell.formula")),
    ],
)
def test_each_mistake_has_its_rule_and_its_cell(changed: dict[str, Value], expected: tuple[str, str]) -> None:
    report = one(**changed)
    assert rules(report) == [expected]
    (problem,) = report.problems
    assert (report.rows, report.bad) == (1, int(problem.severity is Severity.ERROR))
    assert problem.detail.endswith("。")
    assert problem.hint.endswith(("。", "？"))


def test_a_check_digit_that_does_not_fit_is_told_apart_from_lost_digits() -> None:
    wrong = WHO.id_number[:17] + next(each for each in "0123456789X" if each != WHO.id_number[17])
    assert rules(one(id_number=wrong)) == [("B2", "id_number.check_digit")]
    lost = "990000197001010" + "000"
    assert check_digit(lost[:17]) != "0"
    assert rules(one(id_number=lost)) == [("B2", "id_number.digits_lost")]


@pytest.mark.parametrize(
    "typed",
    [
        WHO.id_number.lower(),
        f" {WHO.id_number[:6]} {WHO.id_number[6:14]}\u00a0{WHO.id_number[14:]} ",
        "\u200b" + WHO.id_number + "\ufeff",
        "'" + WHO.id_number,
        WHO.id_number.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        WHO.id_number + "\n",
    ],
)
def test_what_is_pasted_along_is_no_mistake(typed: str) -> None:
    assert one(id_number=typed).problems == []


@pytest.mark.parametrize(
    "typed",
    [
        "+86 199 0000 0001",
        "86-199-0000-0001",
        "0086 19900000001",
        "１９９００００００01",
        "199\u200b00000001",
        "019900000001",
    ],
)
def test_a_mobile_is_read_as_people_write_it(typed: str) -> None:
    assert one(mobile=typed).problems == []


@pytest.mark.parametrize("name", ["张　三", "张 三", "买买提·吐尔逊", "买买提•吐尔逊", "Anna Lee"])
def test_a_name_is_read_as_people_write_it(name: str) -> None:
    assert one(name=name).problems == []


def test_the_old_number_of_fifteen_digits_is_read_with_a_warning() -> None:
    old = "990000700101001"
    report = one(id_number=old)
    assert rules(report) == [("B2", "id_number.fifteen_digits")]
    assert report.bad == 0


@pytest.mark.parametrize(
    ("birthday", "fits"),
    [
        (date(2010, 12, 1), True),  # sixteen on the first day of cover
        (date(2010, 12, 2), False),
        (date(1965, 12, 2), True),  # sixty, the day before sixty-one
        (date(1965, 12, 1), False),
    ],
)
def test_ages_are_completed_years_on_the_first_day_of_cover(birthday: date, fits: bool) -> None:
    report = one(id_number=born(birthday))
    assert rules(report) == ([] if fits else [("B2", "age.outside")])
    later = checked(workbook(HEADER, line(1, id_number=born(date(2010, 12, 2)))), on=date(2026, 12, 2))
    assert later.problems == []


def test_a_product_for_women_refuses_men_and_one_for_employees_riders() -> None:
    rows = [
        line(1, id_number=born(date(1990, 1, 1), "female"), occupation="职工"),
        line(2, id_number=born(date(1990, 1, 1), "male"), occupation="骑手"),
    ]
    report = checked(workbook(HEADER, *rows), product="womens-disease")
    assert rules(report) == [("B3", "gender.outside"), ("D3", "occupation.not_covered")]
    assert (report.good, report.bad) == (1, 1)


def test_the_same_person_again_is_too_many_and_the_first_stays() -> None:
    again = line(1, id_number=f" {WHO.id_number} ", name=WHO.name[0] + "　" + WHO.name[1:])
    report = checked(workbook(HEADER, line(1), line(2), again, line(1)))
    assert rules(report, Severity.ERROR) == [("B4", "duplicate.same_person"), ("B5", "duplicate.same_person")]
    assert (report.rows, report.good, report.bad) == (4, 2, 2)
    assert all("第2行" in each.detail for each in report.problems)


def test_one_number_of_two_names_is_bad_everywhere_and_names_the_others() -> None:
    report = checked(workbook(HEADER, line(1), line(2), line(1, name="钱某"), line(1)))
    assert rules(report, Severity.ERROR) == [(f"B{row}", "duplicate.two_names") for row in (2, 4, 5)]
    assert "第4行、第5行" in report.problems[0].detail
    assert (report.good, report.bad) == (1, 3)


def test_a_mobile_of_several_people_is_a_warning_that_names_the_rows() -> None:
    rows = [line(n, mobile=WHO.mobile) for n in range(1, 10)]
    report = checked(workbook(HEADER, *rows))
    assert report.bad == 0
    assert {each.rule for each in report.problems} == {"mobile.shared"}
    assert "等8行" in report.problems[0].detail


def test_all_problems_of_all_rows_come_at_once() -> None:
    report = one(name=None, id_number="1", mobile="2", occupation="飞行员")
    assert [cell for cell, _ in rules(report)] == ["A2", "B2", "C2", "D2"]
    assert report.bad == 1
    many = checked(workbook(HEADER, *[line(n, mobile="1") for n in range(400)]))
    assert len(many.problems) == 400


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("骑手", "food_delivery_worker"),
        (" 外卖 小哥 ", "food_delivery_worker"),
        ("food_delivery_worker", "food_delivery_worker"),
        ("快递小哥", "courier"),
        ("滴滴司机", "ride_hailing_driver"),
        ("大车司机", "truck_driver"),
        ("保安", "security_guard"),
        ("司机", None),
        ("飞行员", None),
    ],
)
def test_occupations_are_read_as_clerks_write_them(said: str, group: str | None) -> None:
    assert group_of(said, words_of(catalog.catalogue())) == group


def test_an_unknown_occupation_is_told_the_nearest_words() -> None:
    (problem,) = one(occupation="外卖配送").problems
    assert OCCUPATION_NAMES["food_delivery_worker"] in problem.hint  # type: ignore[index]
    (driver,) = one(occupation="司机").problems
    assert "货车司机" in driver.hint
    assert "网约车司机" in driver.hint


def test_nothing_that_is_said_holds_a_whole_number_or_name() -> None:
    rows = [
        line(1, id_number=WHO.id_number[:17] + "A", mobile="19912345678、13912345678", name=WHO.mobile),
        line(2, name=WHO.id_number, id_number=number("123456789012345678"), mobile="手机19912345678"),
        line(3, occupation=f"骑手{WHO.id_number}"),
        line(4, occupation="电话 199 1234 5678 9"),
        line(1, name="王小明"),
        line(1, name="王大明"),
    ]
    head = [*HEADER, f"站点{WHO.mobile}"]
    report = checked(workbook(head, *rows, name=f"名单{WHO.mobile}"))
    said = json.dumps([asdict(each) for each in report.problems] + report.notes, ensure_ascii=False)
    assert not re.search(r"\d{11}", re.sub(r"(?<=\d)[\s\-、](?=\d)", "", said))
    for name in ("王小明", "王大明", WHO.name):
        assert name not in said
    assert any("*" in each.shown for each in report.problems)


def test_a_good_row_keeps_no_address_of_a_bad_one_and_csv_has_addresses_too() -> None:
    text = csv_of([HEADER, line(1), line(2, mobile="1")])
    report = checked(text.encode())
    assert [(each.row, each.cell, each.sheet) for each in report.problems] == [(3, "C3", "")]
    assert report.bad_rows == {("", 3)}
    assert date(2026, 11, 27) < ON


@pytest.mark.parametrize("product", catalog.catalogue().products_on(ON), ids=lambda each: each.code)
def test_the_template_we_publish_checks_clean_and_keeps_digits(product: Product) -> None:
    data = template_bytes(product)
    assert data == template_bytes(product)
    alone = checked(data, product=product.code)
    assert (alone.rows, alone.bad, alone.problems) == (2, 0, [])
    sheets = parts_of(data)
    assert f"条款版本{product.version}" in sheets["xl/sharedStrings.xml"]
    assert '<dataValidation type="list"' in sheets["xl/worksheets/sheet1.xml"]
    assert 'numFmtId="49"' in sheets["xl/styles.xml"]  # text


def test_samples_left_in_the_template_are_nobody() -> None:
    note = [*HEADER, "备注"]
    report = checked(workbook(note, [*line(1), SAMPLE_NOTE], [*line(2), None]))
    assert [each.row for each in report.people] == [3]
    assert any("第2行是模板里的示例" in each for each in report.notes)
