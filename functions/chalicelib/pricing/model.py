"""The nouns of pricing: shares, quotes, what is known of a joiner, and the answer to "may I"."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.catalog.campaigns import Payer
from chalicelib.catalog.insured import Gender, MedicalInsurance, OccupationGroup
from chalicelib.catalog.model import AgeBand, Region
from chalicelib.catalog.terms import Noun, Text
from chalicelib.kernel import Fen, ShanghaiDate


class Share(Noun, frozen=True, kw_only=True):
    payer: Payer
    label: Text
    fee_fen: Fen


class Quote(Noun, frozen=True, kw_only=True):
    """What `people` cost for one period, and who pays: shares are >= 0 and sum to `fee_fen` exactly."""

    fee_fen: Fen
    people: Annotated[int, Meta(ge=1)]
    shares: tuple[Share, ...]


class Answers(Noun, frozen=True, kw_only=True):
    """What is known of a person. `born` is the birthday, or an age band where nobody asked for it;
    `gender` None where nobody asked."""

    occupation_group: OccupationGroup
    born: ShanghaiDate | AgeBand
    region: Region
    medical_insurance: MedicalInsurance = MedicalInsurance.UNKNOWN
    gender: Gender | None = None


class Reason(Noun, frozen=True, kw_only=True):
    """Why not: a stable code, and a sentence that says what to do next."""

    code: str
    text: Text


class Eligibility(Noun, frozen=True, kw_only=True):
    eligible: bool
    reasons: tuple[Reason, ...]


class Offer(Noun, frozen=True, kw_only=True):
    """One product for one person: may they, through which campaign and sponsor, and who pays what."""

    product: str
    name: str
    eligible: bool
    reasons: tuple[Reason, ...]
    sponsor: str
    campaign: str | None
    payers: tuple[Share, ...]
