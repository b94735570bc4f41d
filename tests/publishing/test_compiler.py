"""The compiler's command line, and what of it Lambda may import: nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "publishing.compiler", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "site:functions"},
    )


def test_the_command_line_checks_writes_nothing_and_names_the_mistake(content: Path) -> None:
    assert run("--check").returncode == 0
    stale = run("--check", "--content", str(content))  # test products are not in the committed data
    assert stale.returncode == 1
    assert "make catalogue" in stale.stderr
    terms = content / "products/nef-accident/terms-2026-2.md"
    terms.write_text(terms.read_text("utf-8").replace("fee_fen: 2500", "fee_fen: 9"), "utf-8")
    broken = run("--check", "--content", str(content))
    assert broken.returncode == 1
    assert "published terms changed" in broken.stderr


def test_functions_read_the_catalogue_without_a_yaml_parser() -> None:
    program = (
        "import sys, app; from chalicelib.catalog import service; service.catalogue();"
        " bad = {'yaml', 'publishing'} & set(sys.modules);"
        " sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, env={"PYTHONPATH": "site:functions"})
    assert done.returncode == 0
