"""`make proof [ONLY=P18]`: remove each guard in a copy of the tree; its test must go red.

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
from collections.abc import Iterator, Sequence
from multiprocessing import connection
from pathlib import Path

from infra.paths import BUILD, ROOT
from tests.once import FOLDER as MADE
from tests.proof.mutants import cover, local, messages, money, requests, rosters, sign_in, table, uploads
from tests.proof.mutants.run import Run, preload
from tests.proof.mutants.table import Mutant

MUTANTS = (
    *table.MUTANTS,
    *cover.MUTANTS,
    *sign_in.MUTANTS,
    *messages.MUTANTS,
    *money.MUTANTS,
    *requests.MUTANTS,
    *rosters.MUTANTS,
    *local.MUTANTS,
    *uploads.MUTANTS,
)
FOLDER = BUILD / "mutants"
AT_ONCE = 2  # cores; each has a copy of the tree
RESULTS = {0: "GREEN", 1: "red"}  # pytest's exit codes; another is a test that could not run


def copy_tree(to: Path) -> Path:
    """What git would hand to somebody else, with today's edits. Environment, drawings and builds are shared:
    they are named by what they are made from, so a mutant makes its own."""
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
    for name in ("npm", "package", "press", "press-kit", "vendor"):
        (BUILD / name).mkdir(parents=True, exist_ok=True)
        (to / "build").mkdir(exist_ok=True)
        (to / "build" / name).symlink_to(BUILD / name)
    if MADE.exists():
        shutil.copytree(MADE, to / MADE.relative_to(ROOT), symlinks=True, copy_function=os.link)
    return to


def unchanged(tree: Path, tests: Sequence[str]) -> tuple[bool, str]:
    """Whether all of them are green as they are, and pytest's last line."""
    workers = ["--numprocesses", str(AT_ONCE), "--dist", "loadscope"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *workers, *tests],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, (done.stdout.strip() or done.stderr).rpartition("\n")[2]


def results(trees: Sequence[Path], mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str, str]]:
    """(mutant, "red" | "GREEN" | "LOST" | "BROKEN", what pytest said last), each as it ends."""
    free, running, waiting = list(trees), list[tuple[Run, Mutant, str]](), list(mutants)
    while waiting or running:
        while waiting and free:
            mutant = waiting.pop(0)
            text = (free[-1] / mutant.file).read_text("utf-8")
            if text.count(mutant.guard) != 1:
                yield mutant, "LOST", f"the guard stands {text.count(mutant.guard)} times in {mutant.file}"
                continue
            tree = free.pop()
            (tree / mutant.file).write_text(text.replace(mutant.guard, mutant.instead), "utf-8")
            running.append((Run(tree, [mutant.test]), mutant, text))
        ended = connection.wait([each.process.sentinel for each, _, _ in running]) if running else []
        for each in [entry for entry in running if entry[0].process.sentinel in ended]:
            run, mutant, text = each
            running.remove(each)
            code, line = run.end()
            (run.tree / mutant.file).write_text(text, "utf-8")
            free.append(run.tree)
            yield mutant, RESULTS.get(code, "BROKEN"), line


def main(only: Sequence[str]) -> int:
    chosen = [each for each in MUTANTS if not only or each.promise in only]
    if not chosen:
        print(f"no guard of {' '.join(only)} is in the table")
        return 1
    began, bad = time.monotonic(), 0
    trees = [copy_tree(FOLDER / str(number)) for number in range(AT_ONCE)]
    green, line = unchanged(trees[0], sorted({each.test for each in chosen}))
    if not green:
        print(f"the tests are not green without any mutant: {line}")
        return 1
    print(f"unchanged: {line}\n\n{'promise':8} {'result':7} guard removed", flush=True)
    preload()
    for mutant, result, line in results(trees, chosen):
        print(f"{mutant.promise:8} {result:7} {mutant.what}", flush=True)
        if result != "red":
            bad += 1
            print(f"{'':16} {mutant.test}: {line}", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"\n{len(chosen) - bad} of {len(chosen)} red, in {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
