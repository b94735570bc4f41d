"""The deployment package, unpacked as Lambda does it, and the line beside it in the same packages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.package import package

HERE = Path(__file__).parent
OURS = ("app.py", "chalicelib")


@dataclass(frozen=True)
class Folders:
    """`line` has every package of `ours` and the bare app in place of ours; `line_app` is that app alone,
    under that name, to be loaded beside ours."""

    ours: Path
    line: Path
    line_app: Path
    zip_bytes: int


def unpack(into: Path) -> Folders:
    archive = package().archive
    folders = Folders(into / "ours", into / "line", into / "beside", archive.stat().st_size)
    for folder in (folders.ours, folders.line):
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(folder)
    (folders.line / "app.py").unlink()
    (folders.line / "__pycache__" / f"app.{sys.implementation.cache_tag}.pyc").unlink()
    shutil.rmtree(folders.line / "chalicelib")
    shutil.copy(HERE / "line" / "app.py", folders.line / "app.py")
    folders.line_app.mkdir()
    shutil.copy(HERE / "line" / "app.py", folders.line_app / "line_app.py")
    for folder in (folders.line / "app.py", folders.line_app / "line_app.py"):
        command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
        subprocess.run([*command, str(folder)], check=True)
    return folders


def run(order: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
    """One order to child.py in a process of its own, as isolated as a function. Raises RuntimeError."""
    python = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(
        [python, "-I", "-S", "-B", str(HERE / "child.py")],
        input=json.dumps(order),
        env={**environment, "AWS_LAMBDA_FUNCTION_NAME": "bench", "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:] + done.stdout[-500:])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
