"""The minute schedule: nobody waits for an operator who closed the laptop."""

from __future__ import annotations

from chalicelib.enrollment import promotion
from chalicelib.platform import clock, log


def on_schedule() -> None:
    """Give free seats to waiting people, in every campaign."""
    log.info("promotion_run", count=promotion.promote_everywhere(clock.today()))
