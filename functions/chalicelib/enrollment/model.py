"""The nouns of joining. A campaign may give several products: what is said of a join is said of a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from chalicelib.benefits.model import Start
from chalicelib.kernel import Masked, ShanghaiDate
from chalicelib.people.model import IdNumber
from chalicelib.people.rules import mask_name

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was agreed to: one scope, the exact text by version and hash."""

    scope: Code
    version: Short
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Acknowledgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The exclusions of one product that were read and ticked, by their ids in its terms."""

    product: Code
    exclusions: Annotated[tuple[Code, ...], msgspec.Meta(max_length=50)]


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a worker sends to join. Five typed fields; the rest is ticks and where they came from."""

    campaign: Code
    name: Short
    id_number: Short
    occupation_group: Code
    platform: Annotated[str, msgspec.Meta(max_length=64)]
    district: Code
    acknowledgements: Annotated[tuple[Acknowledgement, ...], msgspec.Meta(max_length=10)]
    consents: Annotated[tuple[Consent, ...], msgspec.Meta(max_length=20)]
    channel: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as read from what they typed."""

    name: Masked
    id_number: IdNumber

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)


class JoinedCover(msgspec.Struct, frozen=True):
    """One product's certificate after a join. `already`: it was there before."""

    product: str
    product_name: str
    number: str
    check: str
    effective_from: ShanghaiDate
    effective_to: ShanghaiDate
    starts: tuple[Start, ...] = ()
    already: bool = False


class Joined(msgspec.Struct, frozen=True):
    """What came of an application: certificates, or a place on the waiting list, or (when one product is held
    and the other has no seat) both. `first`: this application changed something."""

    name_masked: str
    covers: tuple[JoinedCover, ...] = ()
    ticket: int | None = None
    waiting_for: tuple[str, ...] = ()  # names of the products waited for
    first: bool = True


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


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """What a campaign's form needs to know of today, so that no page decides it by the day it was built.

    `state`: not_open, open, over. `seats_at_least`: what is left, rounded down in steps; no promise.
    """

    code: str
    state: str
    seats_at_least: int
