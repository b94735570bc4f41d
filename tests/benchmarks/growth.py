"""What a full build costs as the content grows: the real content, and the same grown to 1,000 pages.

The grown pages are copies of real cases and questions under codes of their own, so that every check, list,
map and compressed twin is made for each. Cold has no kept compressed files, as on a new machine; warm has
those of the build before, as at a desk. Each is one run of the same command `make pages` uses, its start
included. CPU seconds are what a page is judged by; the clock is told beside them.
"""

from __future__ import annotations

import re
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from infra.paths import ROOT
from tests.benchmarks.table import Row, ratio
from tests.site.building import build_site

PAGES = 1000
A_PAGE_MOST = 1.2  # times what a page of the real content costs: a build grows with its pages, not faster
COPIED = ("cases/claim-*.md", "faq/[!i]*.md")


@dataclass(frozen=True)
class Build:
    pages: int
    clock: float
    cpu: float

    def row(self, what: str) -> Row:
        return Row(
            what, f"{self.clock:.1f} s", f"{self.cpu:.1f} s", 1000 * self.cpu / self.pages, None, " ms"
        )


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
        root = Path(folder)
        real = _cold_and_warm(root / "real", ROOT / "content")
        grown = grow(root / "content", PAGES - real[0].pages)
        more = _cold_and_warm(root / "grown", grown)
    found = []
    for temper, few, many in zip(("cold", "warm"), real, more, strict=True):
        found += [few.row(f"{few.pages} pages, {temper}"), many.row(f"{many.pages} pages, {temper}")]
        costs = [1000 * each.cpu / each.pages for each in (many, few)]
        found.append(ratio(f"a page of many, beside one of few, {temper}", *costs, A_PAGE_MOST, "ms"))
    return found


def grow(target: Path, more: int) -> Path:
    """The real content with `more` pages under generated codes."""
    shutil.copytree(ROOT / "content", target)
    sources = [file for pattern in COPIED for file in sorted(target.glob(pattern))]
    for number in range(more):
        source = sources[number % len(sources)]
        code = f"grown-{number}"
        text = re.sub(r"(?m)^code: .*$", f"code: {code}", source.read_text("utf-8"), count=1)
        text = re.sub(r"(?m)^title: (.*)$", rf"title: \1，第{number}页", text, count=1)
        source.with_name(f"{code}.md").write_text(text, "utf-8")
    return target


def _cold_and_warm(target: Path, content: Path) -> tuple[Build, Build]:
    cold = _timed(target, content)
    return cold, _timed(target, content)


def _timed(target: Path, content: Path) -> Build:
    began, used = time.monotonic(), _cpu()
    site = build_site(target, content, press=None)
    taken, used = time.monotonic() - began, _cpu() - used
    return Build(sum(1 for _ in site.rglob("*.html")), taken, used)


def _cpu() -> float:
    """Seconds of all finished child processes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
