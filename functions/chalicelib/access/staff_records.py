"""Rows of the desk's table that access owns. Beside `records`, whose rows expire in the table of codes: the
member API's role reaches those and none of these.

desk    folder                              part
        staff                               <staff id>      an account
        staff_mobile#<mobile's index>       lock            whose mobile it is, under every index key
        desk_session#<token's hash>         session         expires

Everybody on the staff is one folder: an office has five people, a province a few hundred.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.platform.rows import DeskRow

STAFF = "staff"
LOCK, SESSION = "lock", "session"
SEALED = ("name", "mobile", "secret")


class StaffRow(DeskRow):
    name_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_masked = UnicodeAttribute()
    roles = ListAttribute[Any](of=UnicodeAttribute)
    region = UnicodeAttribute(default="")
    state = UnicodeAttribute()
    secret_sealed = BinaryAttribute(legacy_encoding=False)
    last_step = NumberAttribute(default=0)  # of the newest time-based code used
    recovery = ListAttribute[Any](of=UnicodeAttribute)  # keyed hashes of the codes left


class StaffMobileRow(DeskRow):
    staff_id = UnicodeAttribute()


class DeskSessionRow(DeskRow):
    staff_id = UnicodeAttribute()
    started_at = NumberAttribute()
    seen_at = NumberAttribute()
    expires_at = NumberAttribute()


def mobile_folder(index: str) -> str:
    return f"staff_mobile#{index}"


def session_folder(token: str) -> str:
    return f"desk_session#{hashlib.sha256(token.encode()).hexdigest()}"


def account(staff_id: str) -> StaffRow | None:
    try:
        return StaffRow.get(STAFF, staff_id, consistent_read=True)
    except StaffRow.DoesNotExist:
        return None


def everybody() -> list[StaffRow]:
    return list(StaffRow.query(STAFF, consistent_read=True))


def with_mobile(indexes: Iterable[str]) -> str | None:
    """Whose mobile this is, by any of its indexes, newest first."""
    for index in reversed(list(indexes)):
        try:
            return str(StaffMobileRow.get(mobile_folder(index), LOCK, consistent_read=True).staff_id)
        except StaffMobileRow.DoesNotExist:
            continue
    return None


def live_session(token: str, now: int) -> DeskSessionRow | None:
    """One consistent read; None when absent or expired, whatever the store has not removed yet (P23)."""
    try:
        row = DeskSessionRow.get(session_folder(token), SESSION, consistent_read=True)
    except DeskSessionRow.DoesNotExist:
        return None
    return row if now < row.expires_at else None
