"""The nouns of joining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from chalicelib.kernel import ShanghaiDate

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was agreed to: one scope, the exact text by version and hash."""

    scope: Code
    version: Short
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a worker sends to join. Five typed fields; the rest is ticks and where they came from."""

    campaign: Code
    name: Short
    id_number: Short
    occupation_group: Code
    platform: Annotated[str, msgspec.Meta(max_length=30)]
    district: Code
    acknowledged_exclusions: Annotated[tuple[Code, ...], msgspec.Meta(max_length=50)]
    consents: Annotated[tuple[Consent, ...], msgspec.Meta(max_length=10)]
    channel: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One place on a campaign's waiting list. `ticket` only grows; gaps are possible, order is exact."""

    policy_id: str
    ticket: int
    person_id: str
    campaign: str
    district: str
    agreed: tuple[str, ...]  # `<product>@<version>` of each terms text agreed to
    since: ShanghaiDate
