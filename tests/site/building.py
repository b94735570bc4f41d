"""Builds the site from any content folder into any place, with the real configuration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from chalicelib.platform import clock
from tests.once import once

ROOT = Path(__file__).resolve().parents[2]
INPUTS = [
    ROOT / name for name in ("content", "functions", "infra", "site", "mkdocs.yml", "requirements/dev.txt")
]


class BuildFailed(Exception):
    """The text is what MkDocs printed."""


def real_site() -> Path:
    """The site of the real content, built once for all who only read it."""
    # Pages say what is open today, and their own address.
    told = clock.today().isoformat(), os.environ.get("SITE_URL", "")
    return once("site", INPUTS, build_site, *told) / "site"


def build_site(
    target: Path,
    content: Path = ROOT / "content",
    theme: Path = ROOT / "site/theme",
    press: Path | None = ROOT / "build/press",
) -> Path:
    """Builds `content` with `theme` into `target`/site and returns that folder. Raises BuildFailed.

    Compressed twins are kept in `press`, so that a build only compresses what it changes; None: in `target`.
    """
    target.mkdir(parents=True, exist_ok=True)
    if press and not (target / "press").exists():
        press.mkdir(parents=True, exist_ok=True)
        (target / "press").symlink_to(press)
    config = target / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\n"
        f"docs_dir: {content}\n"
        f"site_dir: {target}/site\n"
        f"theme:\n  custom_dir: {theme}\n"
        f"hooks: [{ROOT}/site/hooks.py]\n"
        "watch: []\n",
        "utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    if run.returncode:
        raise BuildFailed(run.stdout + run.stderr)
    return target / "site"
