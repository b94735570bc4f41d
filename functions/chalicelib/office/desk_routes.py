"""What the desk answers, under /desk: a function of its own with a role of its own (`functions/desk.py`).

Beside `routes.py` because those are the public API's: a route added here cannot be reached there.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.settings import settings

routes = Routes(__name__)


class DeskHealthAnswer(msgspec.Struct, frozen=True):
    status: str
    release: str


@routes.get("/desk/health", guard=public, answers={200: DeskHealthAnswer})
def desk_health(request: Request[Any]) -> Answer:
    """That the desk's own function answers, and in which release."""
    return Answer(200, DeskHealthAnswer("ok", settings().release))
