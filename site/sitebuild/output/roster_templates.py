"""A workbook for clerks, one a product: /products/<code>/roster-template.xlsx.

Text cells, so that no number loses digits; occupations to choose from; two sample rows that are named as such
and never counted as people. It checks clean by the office's own check (tests/groups/rosters).
"""

from __future__ import annotations

import io
from datetime import datetime, time
from functools import partial

import xlsxwriter

from chalicelib.catalog.insured import OCCUPATION_NAMES, Gender
from chalicelib.catalog.terms import Product
from chalicelib.groups.rosters.model import COLUMN_NAMES, NEEDED, SAMPLE_NOTE
from chalicelib.people.rules import check_digit
from sitebuild.built import Built, Files

ROWS = 5_000  # formatted as text; more may be pasted below
TEXT = 49  # the built-in format of text
WIDTHS = (12, 24, 16, 18, 16, 16, 30)
NAMES = ("李示范", "欧阳示范")


def roster_templates(built: Built) -> Files:
    return {
        f"products/{each.code}/roster-template.xlsx": partial(template_bytes, each)
        for each in built.compiled.catalogue.products_on(built.on)
    }


def template_bytes(product: Product) -> bytes:
    """The same bytes for the same terms."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties(
            {"created": datetime.combine(product.valid_from, time()), "title": f"{product.name}名单模板"}
        )
        _people(book, product)
        _words(book, product)
    return made.getvalue()


def _people(book: xlsxwriter.Workbook, product: Product) -> None:
    sheet = book.add_worksheet("名单")
    text = book.add_format({"num_format": TEXT})
    head = book.add_format({"bold": True, "bg_color": "#F8ECE8", "border": 1, "num_format": TEXT})
    sample = book.add_format({"num_format": TEXT, "italic": True, "font_color": "#625A52"})
    for n, (column, width) in enumerate(zip(COLUMN_NAMES, WIDTHS, strict=True)):
        sheet.set_column(n, n, width, text)
        needed = "（必填）" if column in NEEDED else ""
        sheet.write_string(0, n, COLUMN_NAMES[column] + needed, head)
    group = OCCUPATION_NAMES[product.occupation_groups[0]]
    for row, name in enumerate(NAMES, 1):
        values = (name, _number(product, row), f"1990000900{row}", group, "", "", SAMPLE_NOTE)
        for n, value in enumerate(values):
            sheet.write_string(row, n, value, sample)
    sheet.data_validation(
        1,
        3,
        ROWS,
        3,
        {
            "validate": "list",
            "source": [OCCUPATION_NAMES[each] for each in product.occupation_groups],
            "error_type": "warning",
            "error_title": "职业",
            "error_message": "请从列表里选；没有合适的，先打12351问一问。",
        },
    )
    sheet.freeze_panes(1, 0)


def _number(product: Product, order: int) -> str:
    """Valid by its check digit, of an age and sex the terms ask for, of a region code nobody has."""
    year = product.valid_from.year - (product.ages.first + product.ages.last) // 2
    sex = 1 if Gender.MALE in product.genders else 0
    first_17 = f"990000{year}0101{order * 2 + sex:03d}"
    return first_17 + check_digit(first_17)


def _words(book: xlsxwriter.Workbook, product: Product) -> None:
    sheet = book.add_worksheet("填写说明")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 90, wrapped)
    ages = f"{product.ages.first}至{product.ages.last}周岁"
    lines = (
        f"名单模板　{product.name}　条款版本{product.version}",
        "一、先告诉每个人：参加什么、不保什么、谁出钱、哪天开始、信息给谁。本人不愿意的，不要填。",
        f"二、一个人一行。姓名、身份证号、手机号必须填。保障开始那天要满{ages}。",
        "三、身份证号照证件一位一位填，最后是X的填X。单元格已经是文本格式，请用「粘贴为数值」贴进来，别拖动填充。",
        "四、手机号要本人的，要能收短信：保障办好了，短信发给本人。",
        "五、职业从下拉列表里选。平台、地区、备注可以不填。",
        "六、表头别改，列可以换位置，也可以多几列，多的不读。",
        "七、灰色斜体的两行是示例，不算人数，删不删都行。",
        "八、存成.xlsx再交。老格式.xls、带宏的.xlsm、加密码的，都读不了。",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped)
