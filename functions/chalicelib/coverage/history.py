"""Endorsements as text, for a row. A row keeps every endorsement its cover follows from, and nothing it can
work out from them: days and states come from `rules.coverage` on every read."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.coverage.model import Add, Correct, Endorsement, Kind, Remove, Renew, Substitute

_KINDS: dict[Kind, type[Endorsement]] = {
    Kind.ADD: Add,
    Kind.REMOVE: Remove,
    Kind.SUBSTITUTE: Substitute,
    Kind.CORRECT: Correct,
    Kind.RENEW: Renew,
}


class _Told(msgspec.Struct):
    kind: Kind
    facts: msgspec.Raw


def pack(endorsements: Iterable[Endorsement]) -> str:
    """JSON: `[{"kind": "add", "facts": {…}}, …]`."""
    told = [{"kind": each.kind, "facts": each} for each in endorsements]
    return msgspec.json.encode(told).decode()


def unpack(text: str) -> list[Endorsement]:
    """What `pack` was given. Raises msgspec.ValidationError for anything else."""
    told = msgspec.json.decode(text, type=list[_Told])
    return [msgspec.json.decode(each.facts, type=_KINDS[each.kind]) for each in told]
