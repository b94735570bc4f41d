"""One site of altered content for every test that needs some: all its changes live side by side.

It is read by many tests, so a change here has a code, a page or a product of its own, or spoils nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chalicelib.platform import clock
from publishing import compiler, lock
from tests.enrollment.newer_terms import add_newer_terms
from tests.once import once
from tests.publishing.altered import FIXTURES
from tests.site.asking_content import content_with_products
from tests.site.building import INPUTS, ROOT, build_site

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
EXAMPLE = re.findall(r"```markdown\n(.*?)```\n", GUIDE, re.DOTALL)[0]  # the campaign it publishes
EXAMPLE_CODE = re.findall(r"(?m)^code: (\S+)$", EXAMPLE)[0]
NEWS = """---
type: news
title: 一条消息
description: 这是一条只在测试里的消息，看它排在哪里。
date: 2031-05-06
kind: news
---

正文。
"""
PICTURE = bytes.fromhex("89504e470d0a1a0a")  # a name and a signature are enough: nobody decodes it here
LAW = "https://flk.npc.gov.cn/"
MOVED = ("guide/pictures/", "photo-guide/")  # where /guide/photo/ once was
# Copies of the campaign one joins by phone, by when they run: (first, last) in days from today.
RUN = {"opens-later": (1, 30), "over-by-now": (-30, -1)}


@dataclass(frozen=True)
class Altered:
    """`data` is what `content` compiles to."""

    folder: Path

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def data(self) -> Path:
        return self.folder / "data.json"


def altered_site() -> Altered:
    """Built once for all who read it."""
    inputs = [*INPUTS, FIXTURES, *(ROOT / "tests" / each for each in ("site", "enrollment", "catalog"))]
    return Altered(once("altered", [*inputs, ROOT / "CONTRIBUTING.md"], _make, clock.today().isoformat()))


def _make(folder: Path) -> None:
    made = Altered(folder)
    _alter(content_with_products(made.content))
    made.data.write_bytes(compiler.data_json(compiler.compile_content(made.content).catalogue))
    build_site(folder, made.content)


def _alter(content: Path) -> None:
    add_newer_terms(content)
    campaigns = content / "campaigns"
    nef = (campaigns / "union-pays-nef.md").read_text("utf-8")
    for code, days in RUN.items():
        own = nef.replace("code: union-pays-nef", f"code: {code}").replace(
            "id: henan-nef-2026", f"id: {code}"
        )
        (campaigns / f"{code}.md").write_text(_window(own, *map(_day, days)), "utf-8")
    _run_around_today(campaigns)
    (campaigns / "luyi-now.md").write_text(_luyi_today(campaigns), "utf-8")
    (campaigns / f"{EXAMPLE_CODE}.md").write_text(EXAMPLE, "utf-8")
    (content / "news/later.md").write_text(NEWS, "utf-8")
    _change(content / "guide/photo.md", "order:", f"moved_from: {list(MOVED)}\norder:")
    (content / "guide/form.png").write_bytes(PICTURE)
    with (content / "guide/join.md").open("a", encoding="utf-8") as page:
        page.write(f"\n看[法律原文]({LAW})。\n\n![填好的申领表](form.png)\n")
    lock.publish(content, compiler.read_pages(content))


def _run_around_today(campaigns: Path) -> None:
    """The campaigns of the fixtures, and the one of the real content; `gift` ended yesterday."""
    own = [each.name for each in (FIXTURES / "campaigns").glob("*.md")]
    for file in (campaigns / name for name in ["union-pays-nef.md", *own]):
        text = _window(file.read_text("utf-8"), "2026-01-01", _day(-1 if file.stem == "gift" else 300))
        file.write_text(
            text.replace("2026-07-01, last: 2026-12-31", f"2026-07-01, last: {_day(300)}"), "utf-8"
        )


def _luyi_today(campaigns: Path) -> str:
    """The campaign whose sums change by the month, today in its second step."""
    text = (campaigns / "luyi-2025.md").read_text("utf-8").replace("code: luyi-2025", "code: luyi-now")
    old = ("2025-03-01", "2025-04-30", "2025-05-01", "2025-06-30", "2025-07-01", "2025-08-31")
    for before, days in zip(old, (-30, -6, -5, 20, 21, 45), strict=True):
        assert before in text
        text = text.replace(before, _day(days))
    return text


def _window(text: str, first: str, last: str) -> str:
    moved, count = re.subn(r"(?m)^window: .*$", f"window: {{first: {first}, last: {last}}}", text)
    assert count == 1
    return moved


def _day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
