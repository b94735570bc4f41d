"""The only clock. Server time, UTC; cover days are Shanghai days (P24)."""

from datetime import UTC, datetime

from chalicelib.kernel import ShanghaiDate, shanghai_day


def now() -> datetime:
    """This instant, timezone-aware, UTC."""
    return datetime.now(UTC)


def today() -> ShanghaiDate:
    """Today's calendar day in Shanghai."""
    return shanghai_day(now())


def stamp(instant: datetime) -> str:
    """`2026-11-22T03:04:05Z`: the wire form of an instant, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
