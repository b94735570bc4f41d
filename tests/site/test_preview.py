"""`make site`: what one writes is on this machine's screen a moment later; what is wrong is named."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.site.building import ROOT

PATIENCE_SECONDS = 240  # a build takes a minute on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < until, what
        time.sleep(0.2)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """(address, content folder, log) of a preview of a copy, with the options of the Makefile."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\ndocs_dir: content\nsite_dir: build/site\nwatch: []\n"
        f"theme:\n  custom_dir: {ROOT}/site/theme\nhooks: [{ROOT}/site/hooks.py]\n",
        "utf-8",
    )
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = re.search(r"mkdocs serve (.*) --dev-addr 127\.0\.0\.1:\$\(PORT\)", makefile)
    assert found, "make site must bind to this machine only"
    port = free_port()
    options = [*found[1].split(), "--dev-addr", f"127.0.0.1:{port}", "--config-file", str(config)]
    log = tmp_path / "log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", *options],
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
        try:
            wait_for(lambda: "Serving on" in log.read_text("utf-8"), "the preview starts")
            yield f"http://127.0.0.1:{port}", tmp_path / "content", log
        finally:
            server.terminate()
            server.wait()


def test_the_preview_follows_the_text_and_names_mistakes(preview: tuple[str, Path, Path]) -> None:
    address, content, log = preview

    def page() -> str:
        with urllib.request.urlopen(f"{address}/guide/join/", timeout=PATIENCE_SECONDS) as answer:
            return str(answer.read().decode())

    file = content / "guide/join.md"
    good = file.read_text("utf-8")
    assert f'<link rel="canonical" href="{address}/guide/join/">' in page()
    file.write_text(good + "\n多写的一句话。\n", "utf-8")
    wait_for(lambda: "多写的一句话" in page(), "the new sentence is shown")
    file.write_text(good + "\n看[这里](claim.md#no-such)。\n", "utf-8")
    wait_for(lambda: "no `#no-such`" in log.read_text("utf-8"), "the broken link is named")
    assert re.search(r"guide/join\.md:\d+: the link", log.read_text("utf-8"))
    file.write_text(good, "utf-8")
    wait_for(lambda: log.read_text("utf-8").count("Documentation built") >= 3, "and goes on when mended")
    assert not (content.parent / "build").exists()

    by_another_name = urllib.request.Request(f"{address}/guide/join/", headers={"Host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError, match="421"):  # what is not published yet is for this machine
        urllib.request.urlopen(by_another_name, timeout=PATIENCE_SECONDS)
