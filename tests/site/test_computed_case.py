"""A claim page sets the published payment beside what our terms would pay, or says why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib.benefits import service as estimates
from chalicelib.benefits.model import EarlierPayment
from chalicelib.kernel import Fen
from chalicelib.platform import clock
from publishing import compiler
from publishing.cases import CaseStudy
from sitebuild.figures.computed import computed
from tests.site.building import ROOT
from tests.site.test_figures_walk import read_text

MADE = compiler.compile_content(ROOT / "content")
CASES = {each.code: each for each in MADE.catalogue.cases}


def section(site_dir: Path, code: str) -> tuple[str, list[str]]:
    """(text, links) of the part of a case's page that reckons; empty where it has none."""
    html = (site_dir / "cases" / code / "index.html").read_text("utf-8")
    _, found, rest = html.partition('<h2 id="computed">')
    return read_text(f"<main>{found}{rest.partition('<h2')[0]}</main>") if found else ("", [])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_claim_page_reckons_or_says_why_not_and_no_other_page_does(
    site_dir: Path, case: CaseStudy
) -> None:
    text, links = section(site_dir, case.code)
    assert bool(text) is case.is_claim
    if case.computed:
        paid = case.figure(case.computed.figure)
        assert f"{paid.value:,}{paid.counted}" in text.replace("\n", "")
        assert f"/products/{case.computed.product}/#estimate" in links
        assert any(each.startswith(f"/products/{case.computed.product}/terms-") for each in links)
    elif case.is_claim:
        assert case.not_computed in text
        assert "/products/" in links


@pytest.mark.parametrize(
    ("code", "steps", "sample"),
    [
        ("claim-beijing-accident", ["一次给付60,000元。", "算出来60,000元", "公开的数60,000元"], False),
        (
            "claim-xinxiang",
            ["5,000元×40%＋2,000元×50%＝3,000元", "算出来3,000元", "公开的数3,177.23元"],
            True,
        ),
        ("claim-zhengzhou", ["＋50,833.33元×60%＝40,000元", "算出来40,000元", "公开的数4万余元"], True),
    ],
)
def test_each_step_is_shown_and_only_sample_terms_are_marked(
    site_dir: Path, code: str, steps: list[str], sample: bool
) -> None:
    text = section(site_dir, code)[0].replace("\n", "")
    for step in steps:
        assert step in text
    assert ("示范" in text and estimates.SAMPLE in text) is sample


def test_what_was_taken_away_is_told_with_its_clause_in_the_estimates_words() -> None:
    case = CASES["claim-beijing-accident"]
    assert case.computed is not None
    before = EarlierPayment(benefit="disability", amount_fen=Fen(600_050), same_event=True)
    facts = replace(case.computed.facts, earlier=(before,))
    answer = computed(MADE, replace(case, computed=replace(case.computed, facts=facts)), clock.today())
    assert answer is not None
    (line,) = answer.lines
    due, less = line.sentences
    assert (line.amount_fen, answer.total_fen) == (5_399_950, 5_399_950)
    assert less.text.startswith("减6,000.50元：同一次的")
    assert due.url == "/products/employee-accident/terms-2025-1/#article-7"
    assert (less.clause, less.url) == (
        "第八条　意外伤残互助金",
        "/products/employee-accident/terms-2025-1/#article-8",
    )


def test_a_case_that_cannot_be_computed_reckons_nothing() -> None:
    assert computed(MADE, CASES["claim-baoji"], clock.today()) is None
