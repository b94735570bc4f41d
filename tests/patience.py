"""Waiting for what surely comes: only a broken product uses the patience up, never a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300


def wait_for(true: Callable[[], object], what: str) -> None:
    """Until it is so."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < until, f"waited for ever: {what}"
        time.sleep(0.05)
