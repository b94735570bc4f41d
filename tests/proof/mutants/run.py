"""pytest in a copy of the tree, in a fork of this process: its packages are imported once for all mutants."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

from infra.paths import ROOT

PACKAGES = ("boto3", "chalice.test", "hypothesis", "moto.backends", "msgspec", "pytest", "pynamodb.models")
OURS = {"app", "chalicelib", "infra", "publishing", "sitebuild", "tests"}  # modules of this tree


def preload() -> None:
    """Imports what every test needs, and nothing of this tree."""
    # A copy's files change within a second, which bytecode would not notice.
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
    for name in PACKAGES:
        import_module(name)


class Run:
    """One run of pytest on `tests`, started. `process.sentinel` says when it has ended."""

    def __init__(self, tree: Path, tests: Sequence[str]) -> None:
        self.tree = tree
        self.said = tree.with_suffix(".said")
        self.process = get_context("fork").Process(target=self._run, args=(tests,))
        self.process.start()

    def end(self) -> tuple[int, str]:
        """pytest's exit code and its last line."""
        self.process.join()
        lines = [line for line in self.said.read_text("utf-8", "replace").splitlines() if line.strip()]
        return self.process.exitcode or 0, lines[-1] if lines else ""

    def _run(self, tests: Sequence[str]) -> None:
        said = os.open(self.said, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.chdir(self.tree)
        for name in [each for each in sys.modules if each.partition(".")[0] in OURS]:
            del sys.modules[name]
        sys.path[:] = [each for each in sys.path if Path(each or ".").resolve() not in {ROOT, self.tree}]
        import pytest

        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])
        sys.stdout.flush()
        os._exit(int(code))
