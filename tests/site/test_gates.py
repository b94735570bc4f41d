"""The build itself refuses a broken page, and says which file and line to mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.site.building import ROOT, BuildFailed, build_site

PAGE = "guide/join.md"
PICTURE = bytes.fromhex("89504e470d0a1a0a")  # a name and a signature are enough: nobody decodes it here


@pytest.fixture
def content(tmp_path: Path) -> Path:
    copy = tmp_path / "content"
    shutil.copytree(ROOT / "content", copy)
    (copy / "guide/form.png").write_bytes(PICTURE)
    return copy


def write(content: Path, line: str) -> int:
    """Adds `line` to a page and returns its number."""
    file = content / PAGE
    text = file.read_text("utf-8").rstrip("\n") + f"\n\n{line}\n"
    file.write_text(text, "utf-8")
    return text.count("\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("看[这里](claim.md#no-such)。", r"leads nowhere: no `#no-such` on /guide/claim/"),
        ("看[这里](/no/such/)。", r"/no/such"),
        ("看[这里](no-such.md)。", r"no-such\.md"),
        ("![](form.png)", r"`\S*form\.png` has no alternative text"),
        ("![填好的表](https://pictures.example/form.png)", r"would be loaded from another host"),
        ("![填好的表](//pictures.example/form.png)", r"would be loaded from another host"),
        ("看[这里](https://elsewhere.example/)。", r"leads to another host; allowed: https and "),
        ("看[这里](http://www.gov.cn/)。", r"leads to another host"),
        ("看[这里](javascript:alert)。", r"leads to another host"),
        ("每人每年30元。", r"`30元` is typed"),
        ("<img src='form.png'>", r"HTML in a page"),
    ],
)
def test_a_fault_ends_the_build_and_is_named(tmp_path: Path, content: Path, line: str, told: str) -> None:
    number = write(content, line)
    with pytest.raises(BuildFailed, match=told) as caught:
        build_site(tmp_path / "out", content)
    message = str(caught.value)
    assert f"{PAGE}:{number}: " in message or f"'{PAGE}'" in message  # the latter are MkDocs' own words


def test_all_faults_are_told_at_once(tmp_path: Path, content: Path) -> None:
    first = write(content, "看[这里](claim.md#no-such)。")
    second = write(content, "![](form.png)")
    with pytest.raises(BuildFailed) as caught:
        build_site(tmp_path / "out", content)
    assert f"{PAGE}:{first}: " in str(caught.value)
    assert f"{PAGE}:{second}: " in str(caught.value)


def test_a_cited_law_may_be_linked_and_a_picture_with_words_shown(tmp_path: Path, content: Path) -> None:
    write(content, "看[法律原文](https://flk.npc.gov.cn/)。")
    write(content, "![填好的申领表](form.png)")
    site = build_site(tmp_path / "out", content)
    page = (site / "guide/join/index.html").read_text("utf-8")
    assert 'href="https://flk.npc.gov.cn/"' in page
    assert (site / "guide/form.png").read_bytes() == PICTURE


def test_a_figure_without_a_source_ends_the_build(tmp_path: Path, content: Path) -> None:
    file = content / "campaigns/union-pays-nef.md"
    file.write_text(file.read_text("utf-8").replace("  seats: {kind: sample}\n", ""), "utf-8")
    with pytest.raises(
        BuildFailed, match=r"campaigns/union-pays-nef\.md:\d+: sources: no source for `seats`"
    ):
        build_site(tmp_path / "out", content)
