"""What it costs to write: the preview's first page and a page after an edit, beside a full build of the same
content; and everything drawn once, beside the same. CPU seconds, each in a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from infra.paths import ROOT
from tests.benchmarks.table import Row, ratio
from tests.site.building import build_site

PAGE = "guide/join"
FIRST_MOST, EDIT_MOST, DRAWN_MOST = 0.5, 0.15, 2.5  # of a full build with nothing to draw or compress


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-writing-") as folder:
        work = Path(folder)
        _built(work / "built")  # fills the caches of drawings and compressed files
        warm = _built(work / "built")
        drawn = _built(work / "built", PRESS_KIT_CACHE=str(work / "drawn")) - warm
        first, edit = _previewed(work)
    return [
        ratio("preview: the first page, beside a full build", first, warm, FIRST_MOST, "s"),
        ratio("preview: a page after an edit", edit, warm, EDIT_MOST, "s"),
        ratio("everything printed, drawn for the first time", drawn, warm, DRAWN_MOST, "s"),
    ]


def _built(target: Path, **environment: str) -> float:
    before = _cpu_of_children()
    with patch.dict(os.environ, environment):
        build_site(target, press=None)
    return _cpu_of_children() - before


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _previewed(work: Path) -> tuple[float, float]:
    content = work / "content"
    shutil.copytree(ROOT / "content", content)
    config = work / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\ndocs_dir: content\nwatch: []\nhooks: []\n"
        f"theme:\n  custom_dir: {ROOT}/site/theme\n",
        "utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.writing", str(config)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "site:functions:."},
        capture_output=True,
        check=True,
    )
    first, edit = json.loads(ran.stdout)
    return first, edit


def _preview(config_file: str) -> None:
    """In a process of its own: prints CPU seconds of the first page, imports included, and after an edit."""
    from mkdocs.config import load_config

    from sitebuild.preview import Preview

    config = load_config(config_file, site_url="http://127.0.0.1:8000/")
    config.plugins.on_startup(command="serve", dirty=False)
    preview = Preview(config)
    assert preview.now().answer(f"{PAGE}/index.html")
    first = time.process_time()
    file = Path(config.docs_dir) / f"{PAGE}.md"
    file.write_text(file.read_text("utf-8") + "\n又一句。\n", "utf-8")
    assert "又一句" in (preview.now().answer(f"{PAGE}/index.html") or b"").decode()
    print(json.dumps([first, time.process_time() - first]))


if __name__ == "__main__":
    _preview(sys.argv[1])
