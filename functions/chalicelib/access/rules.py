"""Pure decisions: when the next code may go, when a session ends, and who may do what (`may`)."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.access.model import Action, Grant, Handler, Member, Pace, Role, Staff, Thing
from chalicelib.kernel import Actor, ForbiddenError, System

_HOUR, _DAY = 3600, 86400


def wait_seconds(sent: Sequence[int], now: int, pace: Pace) -> int:
    """Seconds until this mobile may get its next code; 0 is now. `sent`: epoch seconds, oldest first.

    The windows slide, so no clock hour lets two hours' worth through. Using up an hour also starts the
    cool-off; it only bites when the hour's codes were spread out.
    """
    free_at = [
        _free_at(sent, pace.per_minute, 60),
        _free_at(sent, pace.per_hour, _HOUR),
        _free_at(sent, pace.per_day, _DAY),
    ]
    if len(sent) >= pace.per_hour and sent[-1] - sent[-pace.per_hour] < _HOUR:
        free_at.append(sent[-1] + pace.cool_off_seconds)
    return max(0, max(free_at) - now)


def _free_at(sent: Sequence[int], most: int, window: int) -> int:
    """When fewer than `most` lie within the last `window` seconds."""
    return sent[-most] + window if len(sent) >= most else 0


def still_counted(sent: Sequence[int], now: int, pace: Pace) -> list[int]:
    """The sends any rule can still look at."""
    return [at for at in sent if at > now - _DAY][-pace.per_day :]


def session_ends(started: int, seen: int, idle_seconds: int, most_seconds: int) -> int:
    """Epoch second from which a session is over: idle too long, or as old as a session may get."""
    return min(seen + idle_seconds, started + most_seconds)


_OFFICE = frozenset({Role.UNDERWRITER, Role.FINANCE, Role.CLERK})

# Everything not said here is refused.
GRANTS: dict[Action, Grant] = {
    Action.JOIN: Grant(members=True),
    Action.OPEN_POLICY: Grant(roles=frozenset({Role.UNDERWRITER})),
    Action.ADD_SEATS: Grant(roles=frozenset({Role.UNDERWRITER, Role.FINANCE})),
    Action.PROMOTE_WAITING: Grant(system=True, roles=frozenset({Role.UNDERWRITER, Role.FINANCE})),
    Action.RESEND_MESSAGE: Grant(roles=_OFFICE),
    Action.READ_SUGGESTIONS: Grant(roles=_OFFICE),
    Action.READ_OFFICE_CHECKS: Grant(roles=frozenset({Role.UNDERWRITER, Role.CLERK})),
    Action.MANAGE_STAFF: Grant(roles=frozenset({Role.ADMINISTRATOR})),
    Action.TURN_KEYS: Grant(roles=frozenset({Role.ADMINISTRATOR})),
    Action.VERIFY_AUDIT: Grant(roles=frozenset({Role.ADMINISTRATOR})),
    Action.REDRIVE_UPLOADS: Grant(roles=frozenset({Role.ADMINISTRATOR})),
    Action.READ_ROSTER: Grant(handlers=True, roles=frozenset({Role.UNDERWRITER, Role.CLERK})),
    Action.READ_UNIT_DOCUMENT: Grant(handlers=True, roles=frozenset({Role.UNDERWRITER, Role.CLERK})),
    Action.READ_CLAIM_PHOTO: Grant(owners=True, roles=frozenset({Role.CLERK})),
    Action.READ_BANK_FILE: Grant(roles=frozenset({Role.FINANCE})),
}


def may(actor: Actor, action: Action, thing: Thing) -> bool:
    """The one answer to who may do what.

    member, system     where the grant says so; a member also where it says so of what is their own
    handler            where the grant says so, on things of their own unit
    staff              with one of the grant's roles, on things wholly inside their region
    visitor            never: what anybody may do asks no permission
    """
    grant = GRANTS[action]
    if isinstance(actor, Member):
        return grant.members or (grant.owners and bool(actor.key) and actor.key == thing.member)
    if isinstance(actor, System):
        return grant.system
    if isinstance(actor, Handler):
        return grant.handlers and bool(actor.unit_id) and actor.unit_id == thing.unit_id
    if isinstance(actor, Staff):
        return bool(grant.roles & actor.roles) and _covers(actor.region, thing)
    return False


def require(actor: Actor, action: Action, thing: Thing) -> None:
    """Raises ForbiddenError unless `may`."""
    if not may(actor, action, thing):
        raise ForbiddenError("access.not_allowed", "您的账号不能办这一步。请联系有权限的同事，或拨打12351。")


def _covers(region: str, thing: Thing) -> bool:
    """The whole office covers everything; a region what lies in it, and nothing that belongs to no region."""
    if not region:
        return True
    return bool(thing.regions) and all(region in path for path in thing.regions)
