"""The suggestion box's one door."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from chalicelib.office.answers import Filed
from chalicelib.office.model import SuggestionKind
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)


class SuggestionBody(Body, frozen=True, kw_only=True):
    """`page` is the path somebody came from; it says which sentence was wrong, never who read it."""

    kind: SuggestionKind
    text: Annotated[str, Meta(max_length=4000)]
    contact: Annotated[str, Meta(max_length=200)] = ""
    page: Annotated[str, Meta(max_length=200)] = ""


@routes.post("/suggestions", guard=public, body=SuggestionBody, answers={201: Filed})
def suggestions(request: Request[Any]) -> Answer:
    """Leave a suggestion, a complaint or a correction with the office; the answer is its receipt"""
    from chalicelib.office import service
    from chalicelib.platform.idempotency import Attempt

    asked: SuggestionBody = request.body
    return service.leave(
        asked.kind,
        asked.text,
        asked.contact,
        asked.page,
        source_ip=request.source_ip,
        attempt=Attempt(request),
        now=request.now,
    )
