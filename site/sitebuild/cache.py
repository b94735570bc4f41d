"""What is slow to make is made once and kept in a file, named by everything that decides it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of `file`, which `make` fills the first time.

    Builds side by side may share it: it is whole or not there.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
            fresh.write(make())
        Path(fresh.name).replace(file)
    return file.read_bytes()
