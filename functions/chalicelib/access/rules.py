"""Pure decisions of sign-in: when the next code may go, what counts as one network, when a session ends."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from chalicelib.access.model import Pace

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


def network(address: str) -> str:
    """IPv4 /24 or IPv6 /56: what one home, office or carrier cell hands out. Anything else is one network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def session_ends(started: int, seen: int, idle_seconds: int, most_seconds: int) -> int:
    """Epoch second from which a session is over: idle too long, or as old as a session may get."""
    return min(seen + idle_seconds, started + most_seconds)


def in_words(seconds: int) -> str:
    """`40秒`, `5分钟`, `3小时`: a wait, rounded up so that coming back then is not too early."""
    for unit, size in (("小时", _HOUR), ("分钟", 60)):
        if seconds > size:
            return f"{-(-seconds // size)}{unit}"
    return f"{seconds}秒"
