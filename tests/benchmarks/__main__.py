"""`make bench`: what is measured, the line beside it, and the budgets held to.

    python -m tests.benchmarks [--rounds N] [functions] [store] [pages] [growth] [writing] [rosters]
                               [lighthouse]

    functions   CPU and memory of the functions, beside a bare Chalice app
    store       calls and request units of a join
    pages       first views, beside the same text as a plain page and beside the default theme
    growth      a full build of the real content, and of the same grown to 1,000 pages
    writing     the live preview, and drawing what is printed, beside a full build
    rosters     the check of a clerk's spreadsheet, beside readers that only hand over its cells
    lighthouse  one page of each type, on Lighthouse's default phone and on a slow one (npm fetches it once)

Everything is a ratio within one run, or a count; times alone mean nothing on a shared machine. It always
ends well: a timing is never a test. What can be counted is asserted in tests/stack and tests/site as well.
With 5 rounds on two cores the first three take about four minutes, growth two, writing one, Lighthouse ten;
take more rounds on a busy machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "functions"))

from tests.benchmarks.table import Row, count, show

PARTS = ("functions", "store", "pages", "growth", "writing", "rosters", "lighthouse")
LINE = "the line"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="turns a side takes (default 5)")
    chosen = parser.parse_args()
    parts = tuple(chosen.parts) or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    busy = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"Python {platform.python_version()}, {busy} at the start, {chosen.rounds} rounds\n", flush=True)
    began = time.monotonic()
    for title, rows, line in _measured(parts, chosen.rounds):
        print(show(title, rows, line), end="\n\n", flush=True)
    busy = f"load {os.getloadavg()[0]:.1f}"
    print(f"{time.monotonic() - began:.0f} s, {busy} at the end. Trust ratios and counts, not milliseconds.")


def _measured(parts: tuple[str, ...], rounds: int) -> Iterable[tuple[str, list[Row], str]]:
    if "functions" in parts or "store" in parts:
        from tests.benchmarks import functions, requests
        from tests.benchmarks.store import served_store

        with served_store() as environment:
            joins = _quietly(_joins) if "store" in parts else []
            script = _quietly(requests.record)
        if "functions" in parts:
            rows = functions.rows(script, environment, rounds)
            yield "Functions: CPU, beside a bare Chalice app", rows, LINE
        if joins:
            yield "A join at the store, keys warm", joins, "request units"
    if "pages" in parts:
        from tests.benchmarks import stock, views

        yield "First view: beside the same text as a plain page", views.rows(rounds), LINE
        yield "First view: beside the default theme", stock.rows(), "Material"
    if "growth" in parts:
        from tests.benchmarks import growth

        yield "A full build as the content grows", growth.rows(), "CPU, or few"
    if "writing" in parts:
        from tests.benchmarks import writing

        yield "Writing: CPU, beside a full build", writing.rows(), "full build"
    if "rosters" in parts:
        from tests.benchmarks import rosters

        yield "The check of a roster", rosters.rows(rounds), "bare reader"
    if "lighthouse" in parts:
        from tests.benchmarks import lighthouse

        yield f"Lighthouse {lighthouse.VERSION}, mobile", lighthouse.rows(rounds), LINE


def _joins() -> list[Row]:
    from tests.benchmarks.joins import CASES, COMMIT, measure

    rows = []
    for number, case in enumerate(CASES):
        cost = measure(case, seed=1000 + number)
        others = [f"{times} {name}" for name, times in sorted(cost.calls.items()) if name != COMMIT]
        commits = [f"{cost.commits} {COMMIT}"] if cost.commits else []
        rows.append(Row(case.name, " + ".join([*commits, *others]), f"{cost.units:g}"))
        if case.name == "first try":
            rows.append(count("  transactions", cost.commits, 1))
            rows.append(count("  other calls", cost.others, 4))
    return rows


def _quietly(work: Callable[[], object]) -> object:
    """Without the functions' own log lines."""
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        return work()


if __name__ == "__main__":
    main()
