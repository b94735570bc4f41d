"""The folder that keeps a local stack's data belongs to one `make start` at a time.

The claim is a lock of the kernel's: it ends with the process, however that ends. What the lock file says is
only for whoever comes second.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

LOCK = "start.lock"


class FolderInUseError(Exception):
    """The text says who uses it and what to do."""


@contextlib.contextmanager
def claimed(folder: Path, address: str) -> Iterator[None]:
    """Hold `folder` while serving at `address`; touches nothing else in it. Raises FolderInUseError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)  # not inherited by what we start
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(_who(folder)) from None
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        _write(lock, json.dumps({"process": os.getpid(), "address": address, "since": since}))
        try:
            yield
        finally:
            _write(lock, "")
    finally:
        os.close(lock)


def _write(lock: int, text: str) -> None:
    os.ftruncate(lock, 0)
    os.pwrite(lock, text.encode(), 0)


def _who(folder: Path) -> str:
    try:
        said = json.loads((folder / LOCK).read_text("utf-8"))
        process, address, since = said["process"], said["address"], said["since"]
    except (ValueError, KeyError, OSError):  # it has only just begun, or is about to end
        return f"Another `make start` uses {folder}. Wait a moment, then try again.\n请稍等片刻再试。"
    return (
        f"Another `make start` uses {folder}: process {process}, {address}, since {since}.\n"
        f"Nothing of it was touched. Open {address}, or stop it first: Ctrl-C in its terminal, "
        f"or: kill {process}\n"
        f"另一个 make start（进程 {process}）正在使用这个文件夹，没有改动它。"
        f"请直接打开 {address}，或先停止它再试。"
    )
