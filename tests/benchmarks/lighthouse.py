"""What Lighthouse says of one page of each type, on its own default phone and on a slow one.

Default    Lighthouse's mobile settings as they are: all four categories.
Slow       its slow 4G applied to the real connection (562 ms before every answer, 1.47 Mbit/s) and a
           processor 16 times slower: performance only.
Lighthouse is a tool of this folder alone: pinned, installed by npm into build/, never in the site. Scores of
performance move with the machine's load: a page below its budget is run again, and the median is told. The
other three are accessibility, best practices and SEO, in that order; they do not move. The line is the plain
page of the same text on the slow phone, where tests/benchmarks/pages.py makes one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from infra.paths import BUILD
from tests.benchmarks.pages import PAGES, served_site
from tests.benchmarks.table import Row, score
from tests.browser.chromium import EXECUTABLE, QUIET

VERSION = "12.8.2"
TOOLS = BUILD / "lighthouse"
PROGRAM = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
STILL = ("accessibility", "best-practices", "seo")
FAST_LEAST, SLOW_LEAST = 0.99, 0.98
SLOW = ("--throttling-method=devtools", "--throttling.cpuSlowdownMultiplier=16")
ONE_RUN_SECONDS = 120

TYPES = {
    "home": "/",
    "product": "/products/nef-accident/",
    "terms": "/products/nef-accident/terms-2026-1/",
    "campaign": "/campaigns/union-pays-nef/",
    "case": "/cases/qingfeng/",
    "faq": "/faq/claim/",
    "guide": "/guide/claim/",
    "board": "/boards/quarterly/",
    "compare": "/products/compare/",
    "news": "/news/2026-11-large-text/",
    "press": "/press/",
    "outlet": "/outlets/qingfeng/",
    "join": "/services/join/union-pays-nef/",
    "privacy": "/privacy/personal-information-2026-1/",
    "search": "/search/",
}


@dataclass(frozen=True)
class Report:
    """Scores by category, and the audits that cost a part of them, each with what it found."""

    scores: dict[str, float]
    missed: tuple[str, ...]


def rows(rounds: int) -> list[Row]:
    """Three rows a page; what costs a part of a score is named below them."""
    if not shutil.which("node") or not shutil.which("npm"):
        return [Row("Lighthouse needs node and npm, which are not here", "not measured")]
    _install()
    with served_site() as origin:
        site = BUILD / "bench" / "site"
        return [
            row
            for name, path in TYPES.items()
            if (site / path.strip("/") / "index.html").exists()
            for row in _page(name, origin + path, (rounds + 1) // 2)
        ]


def _install() -> None:
    if (
        PROGRAM.exists()
        and json.loads((PROGRAM.parents[1] / "package.json").read_text())["version"] == VERSION
    ):
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    subprocess.run(
        ["npm", "install", *quiet, "--prefix", str(TOOLS), f"lighthouse@{VERSION}"], check=True, cwd=TOOLS
    )


def _page(name: str, address: str, tries: int) -> list[Row]:
    first = run(address)
    fast = [first.scores["performance"]]
    slow: list[float] = []
    while median(fast) < FAST_LEAST and len(fast) < tries:
        fast.append(run(address, only=("performance",)).scores["performance"])
    while not slow or (median(slow) < SLOW_LEAST and len(slow) < tries):
        slow.append(run(address, *SLOW, only=("performance",)).scores["performance"])
    still = [first.scores[category] for category in STILL]
    print(f"Lighthouse: {name} {fast} {slow} {still} {first.missed}", file=sys.stderr, flush=True)
    return [
        score(f"{name}: performance", median(fast), FAST_LEAST),
        score(f"{name}: performance, slow phone", median(slow), SLOW_LEAST, line=_line(address, tries)),
        score(f"{name}: the other three", min(still), 1, "  ".join(f"{each:.2f}" for each in still)),
        *[Row(f"  {each}", "") for each in first.missed],
    ]


def _line(address: str, tries: int) -> str:
    """What the plain page of the same text gets on the slow phone, where there is one: what this machine,
    with all it does meanwhile, allows at most."""
    url = urlsplit(address)
    if url.path not in {page.path for page in PAGES}:
        return ""
    plain = f"{url.scheme}://{url.netloc}/line{url.path}"
    found = [run(plain, *SLOW, only=("performance",)).scores["performance"] for _ in range(tries)]
    return f"{median(found):.2f}"


def run(address: str, *settings: str, only: tuple[str, ...] = ("performance", *STILL)) -> Report:
    """One run in a browser of its own. Raises CalledProcessError if the page could not be measured twice
    running: a browser that fails to start now and then measures nothing, and ends no hour of work."""
    flags = " ".join(["--headless=new", *QUIET])
    command = [
        "node",
        str(PROGRAM),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(only)}",
        f"--chrome-flags={flags}",
        *settings,
    ]
    for last in (False, True):
        done = subprocess.run(
            command,
            check=last,
            capture_output=True,
            text=True,
            timeout=ONE_RUN_SECONDS,
            cwd=TOOLS,
            env={**os.environ, "CHROME_PATH": EXECUTABLE},
        )
        if done.returncode == 0:
            break
    return read(json.loads(done.stdout))


def read(said: dict[str, Any]) -> Report:
    categories = said["categories"]
    scores = {name: float(each["score"] or 0) for name, each in categories.items()}
    missed = [
        f"{reference['id']}: {_found(said['audits'][reference['id']])}"
        for name in STILL
        if name in categories
        for reference in categories[name]["auditRefs"]
        if reference["weight"]
        and (said["audits"][reference["id"]]["score"] or 0) < 1
        and said["audits"][reference["id"]]["scoreDisplayMode"]
        not in ("notApplicable", "manual", "informative")
    ]
    return Report(scores, tuple(missed))


def _found(audit: dict[str, Any]) -> str:
    items = (audit.get("details") or {}).get("items") or [{}]
    node = items[0].get("node") or items[0].get("source") or items[0]
    text = node.get("snippet") or node.get("url") or "" if isinstance(node, dict) else str(node)
    return str(text or audit["title"])[:90]
