"""The minute schedule: nobody waits for an operator who closed the laptop."""

from __future__ import annotations

from chalicelib.enrollment.service import promotion
from chalicelib.kernel import System
from chalicelib.platform import log
from chalicelib.platform.work import Work


def on_schedule() -> None:
    """Give free seats to waiting people, in every campaign."""
    log.info("promotion_run", count=promotion.promote_everywhere(Work(System())))
