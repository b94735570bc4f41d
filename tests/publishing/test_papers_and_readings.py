"""The least papers a claim needs, derived from what it pays; what a newer version says of unchanged words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.catalog.terms import Product
from publishing import compiler, lock
from publishing.checks.papers import least
from publishing.source import ContentError

NEF, OLD_NEF = "products/nef-accident/terms-2026-2.md", "products/nef-accident/terms-2026-1.md"
MEDICAL, OLD_MEDICAL = (f"products/hospital-medical/terms-{each}.md" for each in ("2026-1", "2025-1"))
Edit = Callable[[str, str, str], Path]


def published(content: Path) -> compiler.Compiled:
    (content / lock.NAME).unlink()
    lock.publish(content, compiler.read_pages(content))
    return compiler.compile_content(content)


def product(made: compiler.Compiled, code: str, version: str) -> Product:
    return made.catalogue.product_version(code, version)


def without(text: str, claim: str, paper: str) -> str:
    """The terms' text without one paper of one kind of claim."""
    head, rest = text.split(f"  - code: {claim}\n", 1)
    cut = re.sub(rf"      - (?:&\w+\n        )?id: {paper}\n(?:        .*\n)+", "", rest, count=1)
    cut = cut if cut != rest else rest.replace(f"      - *{paper}\n", "", 1)
    assert cut != rest, paper
    return f"{head}  - code: {claim}\n{cut}"


@pytest.mark.parametrize(
    ("path", "claim", "paper", "shows"),
    [
        (NEF, "disability", "invoices", "the bill"),
        (NEF, "disability", "disability_appraisal", "the grade"),
        (NEF, "disability", "discharge_record", "the days"),
        (NEF, "death", "invoices", "the bill"),
        (NEF, "death", "discharge_record", "the days"),
        (NEF, "death", "death_certificate", "the death"),
        (NEF, "death", "relation_proof", "who inherits"),
        (NEF, "death", "beneficiary_bank_card", "the money"),
        (MEDICAL, "heirs", "settlement", "medical insurance"),
        (MEDICAL, "heirs", "fee_list", "the catalogue"),
        ("products/critical-illness/terms-2026-1.md", "diagnosis", "findings", "rests on"),
    ],
)
def test_a_list_shorter_than_what_the_claim_pays_is_refused(
    content: Path, path: str, claim: str, paper: str, shows: str
) -> None:
    file = content / path
    file.write_text(without(file.read_text("utf-8"), claim, paper), "utf-8")
    with pytest.raises(ContentError) as refused:
        published(content)
    assert refused.value.path == path
    assert re.fullmatch(r"claim_types\[\d\]\.documents", refused.value.field)
    assert shows in str(refused.value)


def test_every_claim_of_the_newest_terms_asks_for_what_it_pays() -> None:
    made = compiler.compile_content(compiler.CONTENT)
    nef = product(made, "nef-accident", "2026-2")
    papers = {claim.code: {each.id: each.when for each in claim.documents} for claim in nef.claim_types}
    assert papers["disability"]["invoices"] == "还要报医疗费才需要"
    assert papers["death"]["invoices"] == "抢救治疗花了钱才需要"
    assert papers["death"]["discharge_record"] == "身故前住过院才需要"
    shown = [shows for shows, _ in least(nef, nef.claim_types[3])]
    assert shown == [
        "who claims",
        "where the money goes",
        "the accident",
        "the death",
        "who inherits",
        "the accident",
        "the days in hospital",
        "the accident",
        "the bill",
        "what was treated",
    ]


def test_the_same_words_are_read_as_the_newest_version_reads_them(content: Path) -> None:
    old = product(compiler.compile_content(content), "hospital-medical", "2025-1")
    assert "excludes" not in (content / OLD_MEDICAL).read_text("utf-8")
    assert [each.excludes for each in old.exclusions[:3]] == ["cost", "cost", "event"]
    assert old.benefits[0].conditions


def test_other_words_are_not_read_by_a_later_version(content: Path, edit: Edit) -> None:
    edit(OLD_NEF, "在二级及以上医院住院治疗的", "住院治疗的")
    nef = product(published(content), "nef-accident", "2026-1")
    assert [each.id for each in nef.benefits if each.conditions] == ["disability", "medical"]
    edit(OLD_NEF, "饮酒、吸食或者注射毒品后驾驶车辆。", "酒后驾驶车辆。")
    with pytest.raises(ContentError, match=r"terms-2026-1\.md:\d+: exclusions\[1\]: .*excludes"):
        published(content)


def test_sums_days_and_papers_of_a_published_version_stay_its_own(content: Path, edit: Edit) -> None:
    edit(NEF, "daily_fen: 5000", "daily_fen: 7000")
    made = published(content)
    assert [product(made, "nef-accident", each).benefits[2].daily_fen for each in ("2026-1", "2026-2")] == [
        5_000,
        7_000,
    ]
    old = {
        each.code: {one.id for one in each.documents}
        for each in product(made, "nef-accident", "2026-1").claim_types
    }
    assert "invoices" not in old["disability"]


def test_an_earlier_version_may_keep_the_words_it_was_published_with(content: Path) -> None:
    assert "指定的人" in (content / OLD_NEF).read_text("utf-8")
    compiler.compile_content(content)
