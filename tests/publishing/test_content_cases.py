"""The published cases: what each says is in its quotation, exact, and never more than the paper says."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from publishing import compiler, figures
from publishing.cases import CaseStudy, Figure, Unit

CATALOGUE = compiler.compile_content(compiler.CONTENT).catalogue
CASES = CATALOGUE.cases
TODAY = date(2026, 11, 22)
PAGES = compiler.read_pages(compiler.CONTENT)
CLAIMS = [each for each in CASES if each.is_claim]
HAN = {2: "两", 3: "三"}  # the only figures the papers write in Han characters


def case(code: str) -> CaseStudy:
    return next(each for each in CASES if each.code == code)


def test_ten_enrolment_cases_and_the_claim_cases_the_papers_support() -> None:
    assert len(CASES) - len(CLAIMS) >= 10
    assert len(CLAIMS) >= 10


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.code)
def test_a_quoted_figure_stands_in_its_quotation(each: CaseStudy) -> None:
    for figure in each.figures:
        if figure.quote:
            said = figure.quote.replace(",", "")
            assert str(figure.value) in said or HAN.get(int(figure.value), "-") in said, figure.id
            assert figure.about in said, figure.id
            if figure.about and figure.counted[0] in "万亿":
                assert f"{figure.value}{figure.counted}" in said, "as the paper says it"
        else:
            assert figure.note, f"{figure.id}: nothing quoted, so a note says how it was derived"


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.code)
def test_a_figure_counts_what_its_quotation_counts(each: CaseStudy) -> None:
    """A quotation in 人次 is never shown as 人, nor the other way round."""
    for figure in each.figures:
        number = re.escape(str(figure.value))
        counted = re.search(rf"{number}万?[余多]?(人次|人|名)", figure.quote.replace(",", ""))
        if counted and figure.unit.endswith(("人", "人次")):
            assert figure.unit.endswith("人次") == (counted.group(1) == "人次"), figure.id


def test_a_decimal_is_printed_digit_for_digit_and_survives_the_data_file() -> None:
    assert case("claim-shilin").figure("paid").value == Decimal("42029.5")
    assert case("claim-linying").figure("paid").value == Decimal("7302.97")
    claim, showcase = (
        figures.render_body(PAGES[f"cases/{code}.md"], CATALOGUE, TODAY)
        for code in ("claim-shilin", "shaanxi-2022")
    )
    assert "42,029.5元" in claim
    assert "94.252万元" in claim
    assert "166.90万人次" in showcase  # the paper's own digits, the last zero included


def test_one_firms_ratio_is_shown_with_its_caution_and_promises_nothing() -> None:
    ratio = case("claim-shilin").figure("ratio")
    assert "123.04%" in ratio.note
    assert "不能当作回报" in ratio.note
    ratio_said = re.compile(r"123(\.\d+)?[%％]|claim-shilin\.figures\.ratio")
    shown_elsewhere = [
        path
        for path, page in PAGES.items()
        if ratio_said.search(page.body) and path != "cases/claim-shilin.md"
    ]
    assert shown_elsewhere == []


def test_the_two_tellings_of_one_firm_stand_side_by_side() -> None:
    told = case("claim-shilin")
    assert (told.figure("people").value, told.figure("people_by_city").value) == (8, 9)
    assert told.figure("people_by_city").source == "漯河市总工会交流材料"


def test_shaanxis_two_papers_are_never_merged() -> None:
    plan, showcase = case("shaanxi-2020"), case("shaanxi-2022")
    assert plan.document != showcase.document
    for one, other in ((plan, "成就展"), (showcase, "规划》")):
        assert all(other not in figure.source for figure in one.figures)
    assert all("不含西安市" in each.place for each in showcase.figures)
    assert "综合支出率" in plan.figure("spent_rate").label


@pytest.mark.parametrize(
    ("code", "figure", "words"),
    [
        ("linying", "target", "103.9%"),
        ("shaanxi-2020", "fee_growth", "71%"),
        ("shaanxi-2022", "benefit_growth", "52.99%"),
        ("shaanxi-2022", "growth", "翻番"),
        ("shaanxi-2020", "staff", "近万人"),
        ("guangdong", "members", "历年累计"),
    ],
)
def test_a_figure_the_paper_contradicts_says_so(code: str, figure: str, words: str) -> None:
    assert words in case(code).figure(figure).note


def test_parts_add_up_where_the_paper_gives_the_whole() -> None:
    shilin = case("shilin")
    assert shilin.figure("members").value * shilin.figure("fee").value == shilin.figure("fees").value
    assert shilin.figure("employer_share") + shilin.figure("worker_share") == 100


@pytest.mark.parametrize("small", [Unit.PERSONS, Unit.PERSON_TIMES, Unit.YUAN])
def test_units_of_different_scale_are_never_added(small: Unit) -> None:
    def figure(unit: Unit) -> Figure:
        return Figure(id="x", label="x", value=1, unit=unit, place="x", period="x", source="x")

    for big in (Unit.TEN_THOUSAND_PERSONS, Unit.TEN_THOUSAND_PERSON_TIMES, Unit.HUNDRED_MILLION_YUAN):
        with pytest.raises(TypeError, match="never added"):
            figure(small) + figure(big)


def test_a_report_of_which_only_the_opening_was_read_is_told_so_and_not_quoted_from_a_copy() -> None:
    partly = [each for each in CLAIMS if "只读到开头" in each.document]
    assert {each.code for each in partly} == {"claim-xinxiang", "claim-shaanxi-driver", "claim-shanghai"}
    for each in partly:
        assert "我们只读到开头" in PAGES[f"cases/{each.code}.md"].body
        for figure in each.figures:
            assert figure.note.startswith("公开报道，只读到开头"), (each.code, figure.id)
            assert not (figure.quote and "转载" in figure.note), (each.code, figure.id)


@pytest.mark.parametrize("each", CLAIMS, ids=lambda each: each.code)
def test_a_claim_is_told_in_the_same_order_and_promises_nothing(each: CaseStudy) -> None:
    body = PAGES[f"cases/{each.code}.md"].body
    anchors = re.findall(r"{#(\w+)}", body)
    known = ["problem", "action", "result", "honest", "lesson"]
    assert anchors == [name for name in known if name in anchors]
    assert {"problem", "action", "lesson"} <= set(anchors)
    assert body.rstrip().endswith(
        "这是已经发生的事，不是对您能领多少的承诺。能领多少，看条款，也看您的单据。"
    )


def test_people_are_named_by_surname_only() -> None:
    for path, page in PAGES.items():
        if path.startswith("cases/"):
            assert not re.search(r"(书记|市长|主席|主任)[一-龥]{2,3}(在|带|到|任)", page.body), path
