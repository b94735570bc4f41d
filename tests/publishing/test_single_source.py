"""Terms are the single source: one fee and one age changed in a copy, and everything follows without code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from chalicelib.catalog.insured import OccupationGroup
from chalicelib.pricing import rules
from chalicelib.pricing.model import Answers
from publishing import compiler, figures, lock
from publishing.compiler import Compiled

NEF = "products/nef-accident/terms-2026-2.md"
BEFORE, FROM = date(2026, 12, 31), date(2027, 1, 1)


def with_new_version(content: Path, edit: Callable[[str], str]) -> Compiled:
    """Publish another version of the accident terms, valid from 2027, made from the newest by `edit`."""
    text = (content / NEF).read_text("utf-8").replace("version: 2026-2", "version: 2027-1")
    text = edit(text.replace("valid_from: 2026-11-27", "valid_from: 2027-01-01"))
    (content / "products/nef-accident/terms-2027-1.md").write_text(text, "utf-8")
    assert lock.publish(content, compiler.read_pages(content)) == ["products/nef-accident/terms-2027-1.md"]
    return compiler.compile_content(content)


def test_a_new_fee_and_age_in_the_terms_change_everything_that_shows_or_obeys_them(content: Path) -> None:
    compiled = with_new_version(
        content,
        lambda text: text.replace("fee_fen: 2500", "fee_fen: 3150").replace(
            "ages: {first: 16, last: 60}", "ages: {first: 18, last: 60}"
        ),
    )
    catalogue = compiled.catalogue
    old, new = catalogue.product("nef-accident", BEFORE), catalogue.product("nef-accident", FROM)
    assert (old.version, new.version) == ("2026-2", "2027-1")
    assert old.terms_sha256 != new.terms_sha256

    campaign, henan = catalogue.campaign("union-pays-nef"), catalogue.region("henan")
    for product, day, fee in ((old, BEFORE, 2500), (new, FROM, 3150)):
        quote = rules.quote([product], campaign, 10, henan, day)
        assert quote.fee_fen == fee * 10
        assert {share.payer: share.fee_fen for share in quote.shares} == {
            "worker": 0,
            "industry_union": fee * 10,
        }

    seventeen = date(2009, 6, 1)
    answers = Answers(occupation_group=OccupationGroup.COURIER, born=seventeen, region=henan)
    assert rules.eligibility(old, campaign, answers, BEFORE - timedelta(days=1)).eligible
    (reason,) = rules.eligibility(new, campaign, answers, FROM).reasons
    assert reason.code == "age_too_low"
    assert "18周岁" in reason.text

    assert [band.first for band in catalogue.age_bands] == [0, 16, 18, 61]
    card = compiled.pages["products/nef-accident/index.md"]
    before, after = (figures.render_body(card, catalogue, day) for day in (BEFORE, FROM))
    assert "每人每年25元" in before
    assert "年满16周岁" in before
    assert "每人每年31.50元" in after
    assert "年满18周岁" in after
    guide = figures.render_body(compiled.pages["guide/join.md"], catalogue, FROM)
    assert "年满18周岁" in guide


def test_the_terms_page_of_each_version_shows_its_own_figures(content: Path) -> None:
    compiled = with_new_version(content, lambda text: text.replace("fee_fen: 2500", "fee_fen: 3150"))
    for version, fee in (("2026-2", "25元"), ("2027-1", "31.50元")):
        page = compiled.pages[f"products/nef-accident/terms-{version}.md"]
        assert f"会费每人每份{fee}" in figures.render_body(page, compiled.catalogue, FROM)


def test_the_functions_obey_what_the_pages_show() -> None:
    """The committed data.json is what content/ compiles to, byte for byte."""
    assert compiler.DATA.read_bytes() == compiler.data_json(
        compiler.compile_content(compiler.CONTENT).catalogue
    )
