"""What workers and runs share: made once for its inputs by whoever asks first, never written to."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from infra.paths import BUILD, ROOT

FOLDER = BUILD / "tests"
KEPT = 3  # of a kind: this state of the tree, and what switching branches goes back to


def once(kind: str, inputs: Iterable[Path], make: Callable[[Path], object], *more: str) -> Path:
    """The folder `make` filled for these `inputs` (files and folders of the working copy) and words.

    Whoever comes while it is being made waits. A `make` that fails leaves nothing, and the next one tries.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = FOLDER / f"{kind}-{_digest(inputs, more)}"
    with (FOLDER / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the lock ends with this process, however it ends
        if not done.exists():
            making = FOLDER / f"{kind}.making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(done)
        os.utime(done)
        for old in sorted(FOLDER.glob(f"{kind}-*"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old)
    return done


def _digest(inputs: Iterable[Path], more: Iterable[str]) -> str:
    digest = hashlib.sha256(repr(list(more)).encode())
    for given in inputs:
        for file in sorted([given] if given.is_file() else given.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
