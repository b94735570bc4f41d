"""GET /me/inbox. The guard and whose inbox it is come from a floor above, so `app.py` hands both in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import clock
from chalicelib.platform.http import Answer, Guard, Request, Routes

if TYPE_CHECKING:
    from chalicelib.notify import service

# What `next` looks like: an instant with microseconds, "#", an outbox id.
_BEFORE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[\x21-\x7e]{1,128}")


class InboxItem(msgspec.Struct, frozen=True):
    id: str
    at: str
    kind: str  # joined | waiting | promoted
    text: str
    status: str  # pending | sending | sent | failed | unknown: how the SMS of it fared


class InboxAnswer(msgspec.Struct, frozen=True):
    items: list[InboxItem]
    next: str | None


def inbox_routes(member: Guard, recipients: Callable[[Request[Any]], list[str]]) -> Routes:
    """The blueprint. `recipients` gives the outbox recipients an admitted request may read."""
    routes = Routes(__name__)

    @routes.get("/me/inbox", guard=member, query=("before",), answers={200: InboxAnswer})
    def inbox(request: Request[Any]) -> Answer:
        """What was sent to me, newest first."""
        from chalicelib.notify import service

        before = request.query.get("before")
        if before is not None and not _BEFORE.fullmatch(before):
            raise InvalidRequestError("notify.unknown_page", "没有这一页。请回到消息首页，再往下翻。")
        found = service.inbox_of(recipients(request), before)
        return Answer(200, InboxAnswer([_shown(item) for item in found.items], found.next))

    return routes


def _shown(item: service.Item) -> InboxItem:
    return InboxItem(item.id, clock.stamp(item.at), item.kind, item.text, item.state.value)
