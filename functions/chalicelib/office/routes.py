"""The suggestion box's one door."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.office.model import SuggestionKind
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)


class Filed(msgspec.Struct, frozen=True):
    """`receipt` is `<Shanghai day>-<check code>`."""

    receipt: Annotated[str, Meta(pattern="^[0-9]{8}-[2-9A-HJKMNP-TW-Z]{8}$")]


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

    asked: SuggestionBody = request.body
    filed = service.leave(request.work, asked.kind, asked.text, asked.contact, asked.page)
    return Answer(201, Filed(filed.receipt))
