"""Boards, charts, the comparison of products and of terms versions: drawn from data, told in words."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.catalog.terms import Source, SourceKind
from publishing.boards import Award, Board, Standing
from publishing.compiler import CONTENT, Compiled, compile_content
from tests.site.building import ROOT
from tests.site.html import read_html

sys.path.insert(0, str(ROOT / "site"))

from sitebuild.figures.bars import bars
from sitebuild.products import changes, comparison


@pytest.fixture(scope="module")
def made() -> Compiled:
    return compile_content(CONTENT)


def board(*people: tuple[str, int, int]) -> Board:
    return Board(
        code="test",
        first=date(2026, 1, 1),
        last=date(2026, 3, 31),
        standings=tuple(
            Standing(place=place, people=count, target_people=target, claims_paid=0)
            for place, count, target in people
        ),
        source=Source(kind=SourceKind.SAMPLE),
        awards=(Award(rank=1, amount_fen=6000000),),
        awards_source=Source(kind=SourceKind.SAMPLE),
    )


def test_places_are_ranked_by_what_they_reached_and_a_target_missed_by_one_is_missed() -> None:
    ranked = board(("甲", 999, 1000), ("乙", 100, 100), ("丙", 1998, 2000)).ranked
    assert [(each.place, each.percent) for each in ranked] == [("乙", 100), ("丙", 99), ("甲", 99)]


def test_bars_compare_as_the_numbers_do() -> None:
    made = bars([("a", "1", 1), ("b", "4", 4), ("c", "2.5", Decimal("2.5"))], [None, 2, None])
    assert [(bar.width, bar.mark) for bar in made] == [(25, None), (100, 50), (62.5, None)]


@pytest.mark.parametrize("values", [[], [0, 0], [-1, 2]])
def test_what_cannot_be_drawn_from_zero_is_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="from zero"):
        bars([("x", str(value), value) for value in values])


@pytest.mark.parametrize("code", ["weekly", "monthly", "quarterly"])
def test_a_board_says_in_words_what_it_draws(site_dir: Path, made: Compiled, code: str) -> None:
    wanted = next(each for each in made.catalogue.boards if each.code == code)
    file = site_dir / "boards" / code / "index.html"
    page = file.read_text("utf-8")
    assert "示范数据" in page
    for rank, standing in enumerate(wanted.ranked, 1):
        row = f'<tr><td>{rank}</td><th scope="row">{standing.place}</th><td>{standing.people:,}</td>'
        assert row in page
    rects = [each.attributes for each in read_html(file).all("rect")]
    widths = [float(each["width"]) for each in rects if each["class"] == "value"]
    longest = max(100, *(each.percent for each in wanted.ranked))
    assert widths == [round(100 * each.percent / longest, 2) for each in wanted.ranked]


def test_the_quarters_awards_are_zhoukous_and_add_up(site_dir: Path, made: Compiled) -> None:
    """周口: 6+5+4+3+2+1 = 21 ten-thousand yuan."""
    quarterly = next(each for each in made.catalogue.boards if each.code == "quarterly")
    assert quarterly.awards_fen == 21_000_000
    page = (site_dir / "boards/quarterly/index.html").read_text("utf-8")
    assert "210,000" in page
    assert "周口市总工会交流材料" in page


def test_every_product_is_in_the_comparison_with_its_own_figures(site_dir: Path, made: Compiled) -> None:
    page = (site_dir / "products/compare/index.html").read_text("utf-8")
    newest = max(each.valid_from for each in made.catalogue.products)
    rows = comparison.view(made.catalogue.products_on(newest))["rows"]
    assert {row.product.code for row in rows} == {each.code for each in made.catalogue.products}
    for row in rows:
        assert f'href="/products/{row.product.code}/"' in page
        assert row.events, f"{row.product.code} pays for nothing"


def test_an_accident_product_is_not_offered_to_the_ill(made: Compiled) -> None:
    product = next(each for each in made.catalogue.products if each.code == "nef-accident")
    assert comparison.events_of(product) == ("accident_costs", "accident_days", "disability", "death")


def test_a_changed_number_changes_as_a_whole() -> None:
    found = list(changes.runs("给付10000元，共6种。", "给付15000元，共12种。"))
    assert [(run.how, run.text) for run in found] == [
        ("same", "给付"),
        ("gone", "10000"),
        ("new", "15000"),
        ("same", "元，共"),
        ("gone", "6"),
        ("new", "12"),
        ("same", "种。"),
    ]


def test_the_plain_words_stand_beside_their_clause(site_dir: Path, made: Compiled) -> None:
    for product in made.catalogue.products:
        text = (site_dir / product.terms_path.removesuffix(".md") / "index.html").read_text("utf-8")
        for exclusion in product.exclusions:
            clause = text.partition(f'id="{exclusion.clause}"')[2].partition("</section>")[0]
            assert exclusion.plain in clause, (product.code, exclusion.id)
            assert exclusion.example in clause, (product.code, exclusion.id)
        for benefit in product.benefits:
            clause = text.partition(f'id="{benefit.clause}"')[2].partition("</section>")[0]
            assert benefit.plain in clause, (product.code, benefit.id)
            for each in benefit.conditions:
                clause = text.partition(f'id="{each.clause}"')[2].partition("</section>")[0]
                assert each.plain in clause, (product.code, benefit.id, each.id)
