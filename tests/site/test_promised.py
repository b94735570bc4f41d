"""No page promises a benefit without its conditions, however it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.platform import clock
from publishing import compiler
from sitebuild.campaigns.view import campaign_view
from sitebuild.output.promised import promised_products, unsaid
from sitebuild.products.conditions import conditions_of, limits_of, starts_words

MADE = compiler.compile_content(compiler.CONTENT).catalogue
TODAY = clock.today()
GRADE = "要在二级及以上医院住院；一级和没有定级的医院，不给。"


def promising() -> Iterator[str]:
    for product in MADE.products_on(TODAY):
        yield f"products/{product.code}/index.html"
    for campaign in MADE.campaigns:
        yield f"campaigns/{campaign.code}/index.html"
        if campaign.sponsor_policy and campaign_view(MADE, campaign, TODAY).state == "open":
            yield f"services/join/{campaign.code}/index.html"


@pytest.mark.parametrize("path", list(promising()))
def test_a_card_a_campaign_and_a_join_form_say_every_condition(site_dir: Path, path: str) -> None:
    page = (site_dir / path).read_text("utf-8")
    products = promised_products(path, MADE, TODAY)
    assert products
    for product in products:
        said = [each for benefit in product.benefits for each in conditions_of(product, benefit)]
        assert len(said) >= len(product.benefits)
        for each in (*said, *limits_of(product)):
            assert each in page
    assert list(unsaid(path, page, MADE, TODAY)) == []


@pytest.mark.parametrize(
    "path",
    [
        "products/nef-accident/index.html",
        "campaigns/union-pays-nef/index.html",
        "services/join/union-pays-nef/index.html",
        "products/nef-accident/terms-2026-2/index.html",
    ],
)
def test_a_page_that_leaves_one_out_is_refused_with_the_benefit_and_the_words(
    site_dir: Path, path: str
) -> None:
    page = (site_dir / path).read_text("utf-8")
    assert GRADE in page
    (told,) = set(unsaid(path, page.replace(GRADE, ""), MADE, TODAY))
    assert told == f"a condition of `nef-accident.hospital_allowance` is left out: {GRADE}"


def test_a_page_that_draws_a_benefit_by_itself_is_refused(site_dir: Path) -> None:
    path = "products/nef-accident/index.html"
    page = (site_dir / path).read_text("utf-8").replace(' data-benefit="nef-accident.medical"', "")
    assert any("draw it by ui.covered" in each for each in unsaid(path, page, MADE, TODAY))
    words = next(each.plain for each in MADE.product("nef-accident", TODAY).benefits if each.id == "medical")
    assert any("先减掉" in each for each in unsaid("guide/x/index.html", words, MADE, TODAY))


def test_what_the_days_and_the_sums_ask_for_becomes_a_sentence() -> None:
    nef = MADE.product("nef-accident", TODAY)
    by_id = {each.id: "".join(conditions_of(nef, each)) for each in nef.benefits}
    assert "从每次住院的第4天起给，一个保障期最多90天。" in by_id["hospital_allowance"]
    assert "减去100元，余下的给80%。" in by_id["medical"]
    assert "同一次已经领了意外伤残互助金的，要扣除。" in by_id["death"]
    medical = MADE.product("hospital-medical", TODAY)
    assert "到5,000元的部分给40%，到20,000元的部分给50%，再往上的部分给60%。" in "".join(
        conditions_of(medical, medical.benefits[0])
    )
    critical = limits_of(MADE.product("critical-illness", TODAY))
    assert critical[:2] == (
        "写的是一份的金额，每人最多3份。",
        "生病从第31天起给50%，第91天起全给。不间断续保的，不用再等。",
    )
    assert starts_words(nef) == "意外从第1天起给。"
    assert starts_words(medical) == "意外从第1天起给；生病从第31天起给。不间断续保的，不用再等。"
    assert "10天内报告，从出院第二天起算；没有住院的，从事故第二天起算。" in "".join(limits_of(nef))
    assert "730天内申领" in "".join(limits_of(nef))
