"""A gateway as a process of its own, so that a test can kill it as a crash would."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from infra.paths import ROOT
from infra.stack import Stack
from tests.patience import PATIENCE_SECONDS


def start(stack: Stack, port: int, site: Path) -> subprocess.Popen[bytes]:
    """Started and answering."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(port), stack.api_url, str(site), str(stack.sms_file)],
        cwd=ROOT,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                return process
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    process.kill()
    raise RuntimeError("the gateway did not start")


def main(port: str, api_url: str, site: str, sms_file: str) -> None:
    import uvicorn

    from infra.gateway import gateway

    app = gateway(Path(site), api_url, "", Path(sms_file), [])
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
