"""Children we start and stop: always by process id, never by name."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

STOP_SECONDS = 15


def free_port(preferred: int = 0) -> int:
    """A free loopback port; `preferred` if nobody has it."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def stop(child: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> None:
    """TERM, so that it can save; KILL only one that does not answer."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def children(pid: int) -> list[int]:
    """Process ids of all living direct children, whichever thread started them."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def kill_all(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
