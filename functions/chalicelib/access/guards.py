"""Who may call a route. Every route names one of these, or `platform.http.public`."""

from __future__ import annotations

from typing import Any

from chalicelib.access.model import Member, Staff
from chalicelib.platform.http import Request


class _MemberGuard:
    """Somebody who proved a mobile by code and whose session has not ended."""

    name = "member"

    def admit(self, request: Request[Any]) -> Member:
        from chalicelib.access.service import sessions  # when somebody calls: not every function's start

        return sessions.admit(request.cookies, int(request.now.timestamp()))


class _ProvedMobileGuard:
    """A member, for a function that may only read sessions: the desk's cannot keep one alive."""

    name = "proved_mobile"

    def admit(self, request: Request[Any]) -> Member:
        from chalicelib.access.service import sessions

        return sessions.admit(request.cookies, int(request.now.timestamp()), mark_seen=False)


class _StaffGuard:
    """A member of staff who gave a second factor and whose session has not ended."""

    name = "staff"

    def admit(self, request: Request[Any]) -> Staff:
        from chalicelib.access.service import desk_sessions

        return desk_sessions.admit(request.cookies, int(request.now.timestamp()))


member = _MemberGuard()
proved_mobile = _ProvedMobileGuard()
staff = _StaffGuard()
