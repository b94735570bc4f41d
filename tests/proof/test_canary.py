"""A way out should MkDocs be abandoned: ProperDocs, its continuation, builds the very same pages.

It runs in a process of its own, so that nothing it imports meets the MkDocs of this one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.site.building import ROOT

# What the two may differ in, each by name. Nothing yet: our templates print no generator, date or footer.
DIFFERENCES: dict[str, re.Pattern[bytes]] = {}


def test_properdocs_builds_the_same_pages(site_dir: Path, tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\ndocs_dir: {ROOT}/content\nsite_dir: {tmp_path}/site\n"
        f"theme:\n  custom_dir: {ROOT}/site/theme\nhooks: [{ROOT}/site/hooks.py]\nwatch: []\n",
        "utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--quiet", "--strict", "--config-file", str(config)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    other = tmp_path / "site"
    names = {file.relative_to(site_dir).as_posix() for file in site_dir.rglob("*") if file.is_file()}
    assert {file.relative_to(other).as_posix() for file in other.rglob("*") if file.is_file()} == names
    different = [
        name
        for name in sorted(names)
        if name.endswith((".html", ".xml", ".txt", ".json", ".js"))
        and plain((site_dir / name).read_bytes()) != plain((other / name).read_bytes())
    ]
    assert different == []
    assert sum(name.endswith(".html") for name in names) > 50


def plain(page: bytes) -> bytes:
    for pattern in DIFFERENCES.values():
        page = pattern.sub(b"", page)
    return page


def test_this_process_still_has_mkdocs() -> None:
    assert "properdocs" not in sys.modules
    import mkdocs

    assert Path(mkdocs.__file__).parent.name == "mkdocs"
