"""The figure gate: prose shows figures from the data, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from publishing import figures
from publishing.compiler import Compiled
from publishing.source import ContentError
from tests.publishing.test_bad_content import compile_unlocked

Edit = Callable[[str, str, str], Path]
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("每人每年25元", "25元"),
        ("每人每年 25 元", "25 元"),
        ("每人每年**25**元", "25元"),
        ("每人每年２５元", "25元"),
        ("一共1,234.5万元", "1,234.5万元"),
        ("给付80%", "80%"),
        ("给付80％", "80%"),
        ("共7117人参加", "7117人"),
        ("共2000多人参加", "2000多人"),
        ("共75929人次", "75929人次"),
        ("印了8万份", "8万"),
        ("90天以内", "90天"),
        ("二十五元", "二十五元"),
        ("一百元", "一百元"),
        ("在三天内到账", "三天"),
        ("年满16周岁", "16周岁"),
        ("等5个工作日", "5个工作日"),
        ("名额200个", "200个"),
        ("只要¥25", "¥2"),
        ("| 第1级 | 100 |", "1"),
        ("| 身故 | 50000 |", "5"),
        ("身故 | 50000", "5"),
        ("第3条给付50元", "50元"),  # an ordinal beside it excuses nothing
        ("2026年起每人25元", "25元"),
        ("只要110元", "110元"),  # an amount is no phone number
        ("共120人参加", "120人"),
    ],
)
def test_a_typed_figure_is_found(line: str, found: str) -> None:
    assert figures.typed_figure(line) is not None
    assert found in (figures.typed_figure(line) or "")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("placeholder", "每人每年[[product.fee_yuan]]元，共[[case.figures.members]]"),
        ("placeholder", "| 第1级 | [[product.benefits.disability.percent_by_grade.1]]% |"),
        ("quote", "原话是「三天内互助金到账，满意度100%」"),
        ("title", "《20元补助办法》"),
        ("document number", "总工发〔2018〕28号"),
        ("date", "2025年6月18日，6月18日，2026-01-01，2025年3月"),
        ("time of day", "从00:00到24时"),
        ("phone", "拨打12351，急救120，热线0371-12345678"),
        ("ordinal", "第3条，第10级，步骤 2"),
        ("ordinal", "1. 先救人"),
        ("clause anchor", "### 第六条 {#article-6}"),
        ("link target", "[告知书](../privacy/id-number-2026-1.md)"),
        ("plain words", "一个人一份，千万不要把验证码给别人，一分不用掏"),
    ],
)
def test_dates_phones_ordinals_and_quotes_are_exempt_by_name(kind: str, line: str) -> None:
    assert kind in figures.EXEMPT or kind in ("placeholder", "plain words")
    assert figures.typed_figure(line) is None


def test_every_exemption_is_needed_by_some_line_above() -> None:
    """An exemption nobody needs is a hole: without it, its own example must be refused."""
    needed = {
        "quote": "「满意度100%」",
        "title": "《20元补助办法》",
        "document number": "| 总工发〔2018〕28号 |",
        "date": "| 2025年6月18日 |",
        "time of day": "| 00:00 |",
        "phone": "| 12351 |",
        "ordinal": "| 第3条 |",
        "clause anchor": "| {#article-6} |",
        "link target": "| [告知书](../privacy/id-number-2026-1.md) |",
    }
    assert needed.keys() == figures.EXEMPT.keys()
    for name, line in needed.items():
        assert figures.typed_figure(line) is None, name
        kept = dict(figures.EXEMPT)
        pattern = figures.EXEMPT.pop(name)
        try:
            assert figures.typed_figure(line) is not None, name
        finally:
            figures.EXEMPT.clear()
            figures.EXEMPT.update(kept)
        assert pattern is figures.EXEMPT[name]


@pytest.mark.parametrize(
    ("added", "word"),
    [
        ("\n每人每年25元。\n", "25元"),
        ("\n每人每年25\n元。\n", "25元"),
        ("\n| 身故 | 50000 |\n", "typed"),
        ("\n<b>免费</b>\n", "HTML"),
        ("\n每人[[product.fee_yuam]]元\n", "fee_yuam"),
        ("\n每人[[prodct.fee_yuan]]元\n", "prodct"),
        ("\n每人[[product.benefits]]元\n", "single figure"),
        ("\n每人[[product.benefits.cake.amount_yuan]]元\n", "cake"),
    ],
)
def test_a_page_that_prints_what_is_not_in_the_data_fails_on_its_line(
    content: Path, added: str, word: str
) -> None:
    page = content / "products/nef-accident/index.md"
    text = page.read_text("utf-8")
    page.write_text(text + added, "utf-8")
    with pytest.raises(ContentError) as refused:
        compile_unlocked(content)
    assert word in str(refused.value)
    assert refused.value.path == "products/nef-accident/index.md"
    assert refused.value.line == text.count("\n") + 2


def test_no_page_of_the_site_prints_a_placeholder(compiled: Compiled) -> None:
    for page in compiled.pages.values():
        body = figures.render_body(page, compiled.catalogue, TODAY)
        assert "[[" not in body, page.path
        assert "]]" not in body, page.path


def test_a_sample_figure_is_marked_and_the_page_says_so_first(compiled: Compiled) -> None:
    terms = compiled.pages["products/nef-accident/terms-2026-2.md"]
    body = figures.render_body(terms, compiled.catalogue, TODAY)
    assert body.startswith(figures.NOTICE)
    assert "示范数值，以经办机构正式条款为准" in figures.NOTICE
    assert "50,000元※" in body
    assert "25元，" in body  # the fee is published, so it carries no mark


def test_a_page_of_published_figures_carries_no_mark(compiled: Compiled) -> None:
    body = figures.render_body(compiled.pages["cases/qingfeng.md"], compiled.catalogue, TODAY)
    assert "※" not in body
    for exact in (
        "7,117人",
        "2,000多人",
        "78家",
        "320人",
        "65%",
        "100%",
        "3天",
        "20元",
        "10元",
        "50元",
        "80元",
    ):
        assert exact in body


def test_people_and_person_times_are_never_added(compiled: Compiled) -> None:
    case = next(each for each in compiled.catalogue.cases if each.code == "qingfeng")
    members, days = case.figure("members"), case.figure("payout_days")
    assert members + case.figure("new_employment") == 7437
    with pytest.raises(TypeError, match="never added"):
        members + days


def test_every_figure_of_the_case_is_in_its_quotation(compiled: Compiled) -> None:
    """What is said to be quoted holds the number; `三` is the one figure the paper writes in Han."""
    case = next(each for each in compiled.catalogue.cases if each.code == "qingfeng")
    for figure in case.figures:
        if figure.quote:
            assert str(figure.value) in figure.quote or (figure.value == 3 and "三天" in figure.quote), (
                figure.id
            )
    parts = [case.figure(each).value for each in ("city_subsidy", "county_subsidy", "grassroots")]
    assert sum(parts) == case.figure("fee").value


def test_places_keep_their_own_promise(compiled: Compiled) -> None:
    places = {
        each.region: each.working_days or each.calendar_days
        for each in compiled.catalogue.service_standard.places
    }
    assert places == {"luohe": 2, "qingfeng": 3, "shaanxi": 5, "beijing": 10}


def test_the_shares_a_campaign_page_shows_are_the_quote(compiled: Compiled) -> None:
    body = figures.render_body(compiled.pages["campaigns/early-bird.md"], compiled.catalogue, TODAY)
    assert "县里出20元※，您出60元※，单位出0元※" in body
    later = figures.render_body(
        compiled.pages["campaigns/early-bird.md"], compiled.catalogue, date(2026, 7, 1)
    )
    assert "县里出10元※，您出70元※" in later
