"""The build itself refuses a broken page, and says which file and line to mend."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from publishing import compiler
from publishing.source import ContentError
from tests.site.altered_site import LAW, PICTURE, Altered
from tests.site.building import ROOT
from tests.site.refused_build import FAULTS, PAGE, Refused, refused_build


@pytest.fixture(scope="module")
def refused() -> Refused:
    return refused_build()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_the_build_and_is_named_with_its_line_among_all_others(
    refused: Refused, fault: str
) -> None:
    (told,) = [each for each in refused.said.split("\n") if f"{PAGE}:{refused.lines[fault]}: " in each]
    assert re.search(FAULTS[fault], told)


def test_the_sources_under_site_survive_a_build(refused: Refused) -> None:
    before, after = refused.sources
    assert before == after
    assert "\nsite_dir: build/site" in (ROOT / "mkdocs.yml").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "told"), [("每人每年30元。", r"`30元` is typed"), ("<img src='form.png'>", r"HTML in a page")]
)
def test_a_fault_in_the_text_is_named_before_any_page_is_made(tmp_path: Path, line: str, told: str) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    text = (content / PAGE).read_text("utf-8").rstrip("\n") + f"\n\n{line}\n"
    (content / PAGE).write_text(text, "utf-8")
    number = text.count("\n")
    with pytest.raises(ContentError, match=rf"{PAGE}:{number}: .*{told}"):
        compiler.compile_content(content)


def test_a_cited_law_may_be_linked_and_a_picture_with_words_shown(altered: Altered) -> None:
    page = (altered.site / "guide/join/index.html").read_text("utf-8")
    assert f'href="{LAW}"' in page
    assert (altered.site / "guide/form.png").read_bytes() == PICTURE


def test_a_figure_without_a_source_ends_the_build(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    file = content / "campaigns/union-pays-nef.md"
    file.write_text(file.read_text("utf-8").replace("  seats: {kind: sample}\n", ""), "utf-8")
    with pytest.raises(
        ContentError, match=r"campaigns/union-pays-nef\.md:\d+: sources: no source for `seats`"
    ):
        compiler.compile_content(content)
