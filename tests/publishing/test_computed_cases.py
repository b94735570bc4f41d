"""A published payment beside what our terms would pay: each case, over the same route as an estimate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.catalog import service
from publishing import compiler
from publishing.cases import Compares, Figure, Unit
from publishing.source import ContentError
from tests.benefits.plans import bill, facts, ill, nef, total
from tests.catalog.asking import our_origin, post
from tests.publishing.test_bad_content import compile_unlocked, line_of

__all__ = ["our_origin"]
Edit = Callable[[str, str, str], Path]

CASES = compiler.compile_content(compiler.CONTENT).catalogue.cases
CLAIMS = {each.code: each for each in CASES if each.is_claim}
COMPUTED = {code: each.computed for code, each in CLAIMS.items() if each.computed}


def estimated(code: str, **changed: Any) -> int:
    """Fen that POST /estimates answers for what the case's front matter says."""
    computed = COMPUTED[code]
    body = {
        "product": computed.product,
        "version": computed.version,
        "facts": {**msgspec.to_builtins(computed.facts), **changed},
    }
    status, answer = post("/estimates", body)
    assert status == 200, answer
    fen: int = answer["total_fen"]
    return fen


@pytest.mark.parametrize("code", COMPUTED)
def test_the_estimate_of_a_case_is_what_its_page_compares(code: str) -> None:
    computed, fen = COMPUTED[code], estimated(code)
    paid = CLAIMS[code].figure(computed.figure).fen
    assert fen == computed.amount_fen
    if computed.compares is Compares.EQUAL:
        assert fen == paid
    elif computed.compares is Compares.DIFFERS:
        assert fen != paid
    else:
        costs = msgspec.to_builtins(computed.facts.costs)
        smaller = {**costs, "total_fen": costs["total_fen"] - 1}
        assert estimated(code, costs=smaller) < paid <= fen


def test_what_is_computed_was_worked_out_by_hand() -> None:
    """60,000 by one clause; 5,000 x 40 % + 2,000 x 50 %; 9,500 + 50,833.33 x 60 % = 39,999.998, rounded."""
    assert {code: (each.compares, each.amount_fen) for code, each in COMPUTED.items()} == {
        "claim-beijing-accident": ("equal", 6_000_000),
        "claim-xinxiang": ("differs", 300_000),
        "claim-zhengzhou": ("reaches", 4_000_000),
    }
    assert CLAIMS["claim-beijing-accident"].figure("paid").fen == 6_000_000
    assert CLAIMS["claim-beijing-accident"].figure("fee").fen == terms("employee-accident").fee_fen
    assert CLAIMS["claim-xinxiang"].figure("paid").fen == 317_723


def terms(code: str) -> Any:
    return service.catalogue().product_version(code, "2025-1")


def test_the_riders_sum_needs_a_great_bill_and_stays_below_the_most() -> None:
    rider = CLAIMS["claim-zhengzhou"]
    most = rider.figure("most").fen
    assert most == terms("hospital-medical").period_limit_fen
    assert COMPUTED["claim-zhengzhou"].amount_fen < most
    assert total(terms("hospital-medical"), ill(costs=bill(7_083_332))) < rider.figure("paid").fen
    assert total(terms("hospital-medical"), ill(costs=bill(7_083_333))) == rider.figure("paid").fen


def test_the_drivers_sum_is_that_of_more_than_one_outcome_so_the_page_guesses_none() -> None:
    driver = CLAIMS["claim-shaanxi-driver"]
    paid = driver.figure("paid").fen
    assert [n for n in range(1, 11) if total(nef(), facts(disability_grade=n)) == paid] == [4]
    five = facts(disability_grade=5, costs=bill(635_000))
    assert total(nef(), five) == paid  # 30,000, and 80 % of 6,250 above 100
    assert driver.computed is None
    text = Path("content/cases/claim-shaanxi-driver.md").read_text("utf-8")
    assert "伤残" not in text
    assert "级" not in text


def test_every_claim_is_computed_or_says_why_it_cannot_be() -> None:
    assert {code for code, each in CLAIMS.items() if each.not_computed} == CLAIMS.keys() - COMPUTED.keys()
    assert all("算不出来" in each.not_computed for each in CLAIMS.values() if each.not_computed)
    assert not [each.code for each in CASES if not each.is_claim and (each.computed or each.not_computed)]


# --- what the build refuses ------------------------------------------------------------------------------

DROWNED, FIRST, RIDER = (f"cases/claim-{each}.md" for each in ("beijing-accident", "xinxiang", "zhengzhou"))
HOSPITAL, ACCIDENT = (
    f"products/{each}/terms-2025-1.md" for each in ("hospital-medical", "employee-accident")
)
REASON = "not_computed: 这一件算不出来。\n"
# (case, file changed, what stands there, what somebody writes instead, field, a word of the message)
MISTAKES: dict[str, tuple[str, str, str, str, str, str]] = {
    "another published sum": (
        DROWNED,
        DROWNED,
        "    value: 60000\n",
        "    value: 50000\n",
        "computed.compares",
        "not so",
    ),
    "a sum that is only about equal": (
        DROWNED,
        DROWNED,
        "    value: 60000\n",
        "    value: 60000\n    about: 余\n",
        "computed.compares",
        "not so",
    ),
    "another stated sum": (
        FIRST,
        FIRST,
        "amount_fen: 300000",
        "amount_fen: 317723",
        "computed.amount_fen",
        "300000",
    ),
    "other bands in the terms": (
        FIRST,
        HOSPITAL,
        "{above_fen: 500000, percent: 50}",
        "{above_fen: 500000, percent: 55}",
        "computed.amount_fen",
        "310000",
    ),
    "another sum in the terms": (
        DROWNED,
        ACCIDENT,
        "    amount_fen: 6000000\n",
        "    amount_fen: 5900000\n",
        "computed.amount_fen",
        "5900000",
    ),
    "not the smallest bill": (
        RIDER,
        RIDER,
        "total_fen: 7083333",
        "total_fen: 7083334",
        "computed.compares",
        "not so",
    ),
    "a bill one fen too small": (
        RIDER,
        RIDER,
        "total_fen: 7083333",
        "total_fen: 7083332",
        "computed.amount_fen",
        "3999999",
    ),
    "a sum to reach without a bill": (
        DROWNED,
        DROWNED,
        "compares: equal",
        "compares: reaches",
        "computed.compares",
        "not so",
    ),
    "said to differ and equal": (
        DROWNED,
        DROWNED,
        "compares: equal",
        "compares: differs",
        "computed.compares",
        "not so",
    ),
    "terms that are not there": (
        DROWNED,
        DROWNED,
        "version: 2025-1",
        "version: 2017-1",
        "computed.version",
        "employee-accident",
    ),
    "a figure that is not there": (
        DROWNED,
        DROWNED,
        "figure: paid",
        "figure: sum",
        "computed.figure",
        "`sum`",
    ),
    "a figure that is no money": (
        DROWNED,
        DROWNED,
        "    value: 60000\n    unit: 元",
        "    value: 60000\n    unit: 人",
        "computed.figure",
        "money",
    ),
    "a fact nobody knows": (
        DROWNED,
        DROWNED,
        "death: true}",
        "drowned: true}",
        "computed.facts.drowned",
        "unknown",
    ),
    "facts that contradict": (
        FIRST,
        FIRST,
        "outside_catalogue_fen: 0}",
        "outside_catalogue_fen: 800000}",
        "computed.facts.costs.outside_catalogue_fen",
        "超过",
    ),
    "facts too few": (
        DROWNED,
        DROWNED,
        ", death: true}",
        "}",
        "computed.facts.death",
        "至少填写一项",
    ),
    "a typed figure": (
        FIRST,
        FIRST,
        "正好是[[case.figures.own]]",
        "正好是7000元",
        "computed.supposes",
        "7000元",
    ),
    "a placeholder of nothing": (
        FIRST,
        FIRST,
        "正好是[[case.figures.own]]",
        "正好是[[case.figures.cost]]",
        "[[case.figures.cost]]",
        "no item",
    ),
    "both": (DROWNED, DROWNED, "computed:\n", REASON + "computed:\n", "not_computed", "either"),
    "neither": (
        "cases/claim-baoji.md",
        "cases/claim-baoji.md",
        "not_computed: 这些算不出来。材料只写了一共给付多少，没有写每个人是哪项保障、花了多少钱。\n",
        "",
        "computed",
        "either",
    ),
    "of no claim": (
        "cases/linying.md",
        "cases/linying.md",
        "figures:\n",
        REASON + "figures:\n",
        "not_computed",
        "only a claim case",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_comparison_that_does_not_hold_fails_the_build(mistake: str, content: Path, edit: Edit) -> None:
    case, path, old, new, field, word = MISTAKES[mistake]
    edit(path, old, new)
    with pytest.raises(ContentError) as refused:
        compile_unlocked(content)
    assert (refused.value.path, refused.value.field) == (case, field)
    assert word in str(refused.value)
    key = f"{field.rpartition('.')[2].removesuffix(']')}:"
    if f"  {key}" in (content / case).read_text("utf-8"):
        assert refused.value.line == line_of(content, case, f"  {key}")


@pytest.mark.parametrize(
    ("value", "about", "unit", "words", "fen"),
    [
        (4, "余", Unit.TEN_THOUSAND_YUAN, "4万余元", 4_000_000),
        (70, "余", Unit.TEN_THOUSAND_YUAN, "70余万元", 70_000_000),
        (1002, "余", Unit.TEN_THOUSAND_YUAN, "1002万余元", 1_002_000_000),
        (4000, "多", Unit.PERSONS, "4000多人", None),
        (8, "", Unit.TEN_THOUSAND_YUAN, "8万元", 8_000_000),
        (2, "多", Unit.HUNDRED_MILLION_YUAN, "2亿多元", 20_000_000_000),
    ],
)
def test_a_sum_is_said_as_people_say_it(
    value: int, about: str, unit: Unit, words: str, fen: int | None
) -> None:
    figure = Figure(id="x", label="x", value=value, about=about, unit=unit, place="x", period="x", source="x")
    assert f"{figure.value}{figure.counted}" == words
    assert figure.fen == fen
