"""Build the pages for one address: canonical links, previews, feed and map name it in full."""

from __future__ import annotations

import os
import subprocess
import sys

from infra.paths import ROOT

COMMAND = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]


def environment(address: str) -> dict[str, str]:
    """`address` ends in a slash."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": address}


def address_of(parameters: dict[str, str]) -> str:
    """Where a stage's pages live: its own host name, else the first origin they are served from."""
    host = parameters.get("InfraSiteDomain")
    return f"https://{host}/" if host else parameters["InfraSiteOrigins"].split(",")[0].strip() + "/"


def start_building(address: str) -> subprocess.Popen[bytes]:
    """For this machine, so compressed quickly instead of best.

    In a session of its own, so that Ctrl-C reaches it once, through whoever started it.
    """
    quickly = environment(address) | {"BROTLI_QUALITY": "5"}
    return subprocess.Popen(COMMAND, cwd=ROOT, env=quickly, start_new_session=True)


def build_pages(address: str) -> None:
    if subprocess.run(COMMAND, cwd=ROOT, env=environment(address), check=False).returncode:
        raise SystemExit("the pages could not be built; the lines above say why")
