"""`make mutants [ONLY=P18]`: remove each guard in a copy of the tree; its test must go red.

A mutant is one exact replacement in one file. First every named test must be green without it, else its red
would prove nothing. Prints the table; exits 1 if a test stayed green or a guard is no longer where the table
says it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.paths import BUILD, ROOT
from tests.mutants import (
    asking,
    cover,
    downloads,
    gates,
    local,
    messages,
    money,
    pages,
    printed,
    requests,
    sign_in,
    table,
)
from tests.mutants.table import Mutant

MUTANTS = (
    *table.MUTANTS,
    *cover.MUTANTS,
    *sign_in.MUTANTS,
    *messages.MUTANTS,
    *money.MUTANTS,
    *requests.MUTANTS,
    *pages.MUTANTS,
    *gates.MUTANTS,
    *downloads.MUTANTS,
    *printed.MUTANTS,
    *asking.MUTANTS,
    *local.MUTANTS,
)
FOLDER = BUILD / "mutants"
AT_ONCE = 2  # cores


def copy_tree(to: Path) -> None:
    """What git would hand to somebody else, with today's edits; environment and drawn pictures are shared."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    shutil.rmtree(to, ignore_errors=True)
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            target = to / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    (to / ".venv").symlink_to(ROOT / ".venv")
    drawn = BUILD / "press-kit"  # kept by a hash of code and inputs, so a mutant draws its own
    drawn.mkdir(parents=True, exist_ok=True)
    (to / "build").mkdir()
    (to / "build" / "press-kit").symlink_to(drawn)


def run_tests(tree: Path, selectors: Sequence[str]) -> tuple[int, str]:
    """pytest's exit code and its last line."""
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *selectors],
        cwd=tree,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return done.returncode, lines[-1] if lines else done.stderr[-200:]


def mutate(number: int, mutant: Mutant) -> tuple[str, str]:
    """("red" | "GREEN" | "LOST" | "BROKEN", pytest's last line)."""
    tree = FOLDER / f"{number:03}"
    copy_tree(tree)
    try:
        file = tree / mutant.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutant.guard) != 1:
            return "LOST", f"the guard stands {text.count(mutant.guard)} times in {mutant.file}"
        file.write_text(text.replace(mutant.guard, mutant.instead), encoding="utf-8")
        code, line = run_tests(tree, [mutant.test])
        return {0: "GREEN", 1: "red"}.get(code, "BROKEN"), line
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def main(only: Sequence[str]) -> int:
    chosen = [each for each in MUTANTS if not only or each.promise in only]
    began = time.monotonic()
    clean = FOLDER / "clean"
    copy_tree(clean)
    code, line = run_tests(clean, sorted({each.test for each in chosen}))
    shutil.rmtree(clean, ignore_errors=True)
    if code != 0:
        print(f"the tests are not green without any mutant: {line}")
        return 1
    print(f"unchanged: {line}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(mutate, range(len(chosen)), chosen))
    print(f"\n{'promise':8} {'result':7} guard removed")
    for mutant, (result, line) in zip(chosen, results, strict=True):
        print(f"{mutant.promise:8} {result:7} {mutant.what}")
        if result != "red":
            print(f"{'':16} {mutant.test}: {line}")
    bad = sum(result != "red" for result, _ in results)
    print(f"\n{len(chosen) - bad} of {len(chosen)} red, in {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
