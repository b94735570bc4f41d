"""CONTRIBUTING.md is followed to the letter: its campaign is published, each mistake it names is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from publishing import compiler
from publishing.source import ContentError
from tests.site.altered_site import EXAMPLE, GUIDE, Altered
from tests.site.altered_site import EXAMPLE_CODE as CODE
from tests.site.building import ROOT
from tests.site.html import read_html
from tests.site.refused_build import MISTYPED, refused_build

CHAPTER = GUIDE.partition("## Publish a campaign in ten minutes\n")[2].partition("\n## ")[0]
MISTAKES = [
    [cell.strip("`") for cell in re.split(r"(?<=`) \| (?=`)|(?<=`) \|(?: \|)? (?=`)", row)]
    for row in re.findall(r"(?m)^\| (`.*`) \|$", CHAPTER)
]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    copy = tmp_path / "content"
    shutil.copytree(ROOT / "content", copy)
    return copy


def test_the_steps_publish_a_campaign(altered: Altered) -> None:
    url, site = f"/campaigns/{CODE}/", altered.site
    page = site / url.lstrip("/") / "index.html"
    assert read_html(page).all("h1")[0].text == "高温天，工会送您一份保障"
    assert "[[product.fee_yuan]]" in EXAMPLE
    assert "会费每人每年31.50元" in page.read_text("utf-8")  # of the newer terms there
    assert url in {each.attributes["href"] for each in read_html(site / "campaigns/index.html").all("a")}
    for name in ("feed.xml", "sitemap.xml", "llms.txt"):
        assert f"http://127.0.0.1:8000{url}" in (site / name).read_text("utf-8"), name


def test_the_guide_names_its_mistakes() -> None:
    assert len(MISTAKES) >= 12
    assert all(EXAMPLE.count(row[0]) >= 1 for row in MISTAKES), MISTAKES


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: row[-1])
def test_each_mistake_is_refused_where_the_guide_says(content: Path, row: list[str]) -> None:
    instead, written, where = row[0], row[1] if len(row) == 3 else "", row[-1]
    file = content / f"campaigns/{CODE}.md"
    file.write_text(EXAMPLE.replace(instead, written), "utf-8")
    said = refusal(content, instead, written)
    assert re.search(rf"campaigns/{CODE}\.md.*{re.escape(where)}|campaigns/\S+\.md:\d+: {where}", said), said


def refusal(content: Path, instead: str, written: str) -> str:
    """What whoever builds is told: on reading, or, of a link, when its page was made."""
    try:
        compiler.compile_content(content)
    except ContentError as error:
        return str(error)
    assert (instead, written) == MISTYPED
    return refused_build().said


def test_the_other_chapters_name_what_there_is() -> None:
    for title in ("Publish news", "Publish a case", "Change a page's address"):
        assert f"\n## {title}\n" in GUIDE
    for path in re.findall(r"`(content/[a-z0-9/-]+\.md)`", GUIDE):
        assert (ROOT / path).is_file(), path
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make ([a-z]+)", GUIDE):
        assert f"\n{target}: " in makefile, target
