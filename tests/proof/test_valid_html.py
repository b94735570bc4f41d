"""Every page is valid HTML by the Nu checker of the W3C: engines may read what is not each in its own way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.packages import VNU, PackageMissing

BROKEN = '<!doctype html><html lang="zh"><title>坏</title><p id="a">坏<p id="a">坏<svg hidden></svg>'


def complaints(*pages: Path) -> list[str]:
    """What the checker calls an error, with its place. Raises PackageMissing."""
    java = shutil.which("java")
    if java is None:
        raise PackageMissing("java is missing. Run once: sudo apt-get install default-jre-headless")
    jar = VNU.unpacked("build/dist/vnu.jar")
    command = [
        java,
        "-jar",
        str(jar),
        "--format",
        "json",
        "--errors-only",
        "--skip-non-html",
        *map(str, pages),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    found = json.loads(done.stderr)["messages"]  # not JSON: the checker itself broke, and the text says how
    return [f"{each.get('url', '')}:{each.get('lastLine', '')} {each['message']}" for each in found]


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "broken.html").write_text(BROKEN, "utf-8")
    found = complaints(tmp_path / "broken.html")
    assert any("Duplicate ID" in each for each in found), found
    assert any("hidden" in each for each in found), found


def test_every_page_is_valid(site_dir: Path) -> None:
    assert len(list(site_dir.rglob("*.html"))) > 100, "the site has lost its pages"
    found = complaints(site_dir)
    assert not found, f"{len(found)} errors:\n" + "\n".join(found[:40])


@pytest.mark.parametrize("tool", ["java", "npm"])
def test_what_is_missing_fails_and_says_the_one_line_to_install_it(
    tool: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for each in {"java", "npm"} - {tool}:
        where = shutil.which(each)
        assert where, f"{each} is missing"
        (tmp_path / each).symlink_to(where)
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    monkeypatch.setattr("tests.browser.packages.FOLDER", tmp_path / "npm")  # nothing fetched before
    with pytest.raises(PackageMissing, match=f"{tool} is missing.*sudo apt-get install"):
        complaints(tmp_path)
