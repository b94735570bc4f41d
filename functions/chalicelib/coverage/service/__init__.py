"""Entering cover, waiting for it, leaving it (`issue`); asking what there is (`read`). Nothing here commits.

Days are worked out by `rules.coverage` alone; this room stores what the office did.
"""

from chalicelib.coverage.rules import effective_day
from chalicelib.coverage.service.issue import (
    endorse_writes,
    enter,
    leave_list_writes,
    promote,
    wait_writes,
)
from chalicelib.coverage.service.read import certificate, covers_of

__all__ = [
    "certificate",
    "covers_of",
    "effective_day",
    "endorse_writes",
    "enter",
    "leave_list_writes",
    "promote",
    "wait_writes",
]
