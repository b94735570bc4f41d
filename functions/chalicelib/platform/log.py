"""Structured logs. One JSON line an event; only allowed keys, only plain values (P26).

There is no free-text message and no exception text: both would sooner or later carry somebody's ID number.
"""

from __future__ import annotations

import json
import sys

from chalicelib.platform import clock

ALLOWED = frozenset(
    "route status ms code guard request_id api_id error place count template outbox_id state campaign reason "
    "attempts age_seconds file_id queue purpose version operation".split()
)


def info(event: str, **fields: str | int | float | None) -> None:
    """Write one line. Raises ValueError for a key that is not allowed: a programming error, seen in tests."""
    unknown = fields.keys() - ALLOWED
    if unknown:
        raise ValueError(f"log keys not allowed: {sorted(unknown)}")
    line = {"at": clock.stamp(clock.now()), "event": event, **fields}
    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")), file=sys.stderr, flush=True)


def failure(event: str, error: BaseException, **fields: str | int | float | None) -> None:
    """Log where an unforeseen error happened: its type and the code line that raised it, never its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
    info(event, error=type(error).__name__, place=place, **fields)
