"""Nobody is named without a declared reason: what counts as a person, and what does not."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from publishing import compiler
from publishing.names import undeclared
from publishing.source import ContentError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("县直单位的乔某、企业的白某，先后生病住院。", ["乔某", "白某"]),
        ("骑手王某某送餐时摔伤。", ["王某某"]),
        ("职工李某甲领到了钱。", ["李某甲"]),
        ("县总工会主席张建国来到现场。", ["张建国"]),
        ("党组书记、主席：刘洋", ["刘洋"]),
        ("**记者** 陈小明报道", ["陈小明"]),
        ("联系人：马丽", ["马丽"]),
        ("市长高平说，要办好这件事。", ["高平"]),
        ("主任[孙红](../cases/index.md)带队走访", ["孙红"]),
    ],
)
def test_a_person_is_seen(line: str, named: list[str]) -> None:
    found = undeclared(line, set())
    assert len(found) == len(named)
    assert all(seen.startswith(name) for seen, name in zip(found, named, strict=True)), found


@pytest.mark.parametrize(
    "line",
    [
        "在某个地方，某些单位，于某年某月某日参加。",
        "拨打12351，请工会主席、经办人帮忙。",
        "主任方便时再打；经理何时都在；书记任职以后。",
        "由医生开具诊断证明，医生高度怀疑时复查。",
        "单位负责人签字，部门经理审核，院长办公室盖章。",
        "记者节和会长会议都不是人。",
        "向某单位了解，对方某次没有回答。",
        "联系人写单位工会的电话。",
        "站长时常在，队长连夜赶到。",
    ],
)
def test_an_everyday_sentence_names_nobody(line: str) -> None:
    assert undeclared(line, set()) == []


def test_a_declared_person_may_be_named_and_nobody_else() -> None:
    assert undeclared("乔某和白某住院后交了资料。", {"乔某"}) == ["白某"]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    copy = tmp_path / "content"
    shutil.copytree(ROOT / "content", copy)
    return copy


def test_an_undeclared_person_is_refused_by_file_and_line(content: Path) -> None:
    page = content / "guide/join.md"
    text = page.read_text("utf-8") + "\n感谢县总工会主席张建国。\n"
    page.write_text(text, "utf-8")
    line = text.count("\n")
    with pytest.raises(ContentError, match=rf"guide/join\.md:{line}: `张建国"):
        compiler.compile_content(content)


def test_a_person_in_front_matter_is_refused_by_field(content: Path) -> None:
    page = content / "cases/claim-qingfeng.md"
    text, count = re.subn(r"people:\n(  - .*\n)+", "", page.read_text("utf-8"))
    assert count == 1
    page.write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"claim-qingfeng\.md:\d+: figures\[0\]\.note: `乔某`"):
        compiler.compile_content(content)


def test_a_declaration_needs_a_reason(content: Path) -> None:
    page = content / "guide/join.md"
    page.write_text(page.read_text("utf-8").replace("order:", "people: [{name: 王芳}]\norder:", 1), "utf-8")
    with pytest.raises(ContentError, match=r"guide/join\.md:\d+: people\[0\]: say who named them"):
        compiler.compile_content(content)
