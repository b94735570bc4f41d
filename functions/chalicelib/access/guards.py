"""Who may call a route. Every route names one of these, or `platform.http.public`."""

from __future__ import annotations

from typing import Any

from chalicelib.access.model import Member
from chalicelib.platform.http import Request


class _MemberGuard:
    """Somebody who proved a mobile by code and whose session has not ended."""

    name = "member"

    def admit(self, request: Request[Any]) -> Member:
        from chalicelib.access.service import sessions  # when somebody calls: not every function's start

        return sessions.admit(request.cookies, int(request.now.timestamp()))


member = _MemberGuard()
