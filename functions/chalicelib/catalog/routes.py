"""Is it up, and which terms does it obey."""

from __future__ import annotations

import msgspec

from chalicelib.catalog import service
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.settings import settings

routes = Routes(__name__)


class HealthAnswer(msgspec.Struct, frozen=True):
    status: str
    release: str
    stage: str
    catalogue_sha256: str


@routes.get("/health", guard=public, answers={200: HealthAnswer})
def health(request: Request[None]) -> Answer:
    """The release that answers, and the hash of the catalogue it was built with."""
    here = settings()
    return Answer(200, HealthAnswer("ok", here.release, here.stage, service.sha256()))
