"""The nouns of a campaign: who may join, when, and who pays what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from chalicelib.catalog.insured import OccupationGroup
from chalicelib.catalog.terms import Amount, Code, Noun, Percent, Source, SourceKind, Text
from chalicelib.kernel import DateInterval, ShanghaiDate


class CampaignKind(StrEnum):
    UNION_PAYS = "union_pays"  # 工会为您买了一份保险
    MAIN_GIVES_SUPPLEMENT = "main_gives_supplement"  # 您买主险、我送副险
    BUNDLE_SHARED = "bundle_shared"  # 您买套餐、我来分担
    GIFT = "gift"  # 百万赠送, 五送


class Payer(StrEnum):
    PROVINCE_UNION = "province_union"
    CITY_UNION = "city_union"
    COUNTY_UNION = "county_union"
    INDUSTRY_UNION = "industry_union"
    GRASSROOTS_UNION = "grassroots_union"
    EMPLOYER = "employer"
    WORKER = "worker"


class Window(Noun, frozen=True, kw_only=True):
    """Days a campaign accepts people, both inclusive."""

    first: ShanghaiDate
    last: ShanghaiDate

    @property
    def interval(self) -> DateInterval:
        return DateInterval(self.first, self.last)


class DatedAmount(Noun, frozen=True, kw_only=True):
    """A fixed amount a person for enrolments on `first`..`last`; such as Luyi's 30, 20, 10 yuan."""

    first: ShanghaiDate
    last: ShanghaiDate
    fixed_fen: Amount


class FundingLine(Noun, frozen=True, kw_only=True):
    """One payer's part of the fee of one person. Exactly one of the four ways is given.

    `products` empty: of the whole campaign's fee; else of these products' fee only. The lines of one such
    scope split that scope's fee exactly, and the scopes together cover every product once.
    """

    payer: Payer
    label: Text
    fixed_fen: Amount | None = None
    percent: Percent | None = None
    by_enrolment_date: tuple[DatedAmount, ...] = ()
    rest: bool = False
    products: tuple[Code, ...] = ()


class Bundle(Noun, frozen=True, kw_only=True):
    """A package (套餐) joined as a whole. Its fee is the sum of its products' fees, never typed."""

    code: Code
    name: Text
    plain: Text  # for whom, in a sentence
    products: Annotated[tuple[Code, ...], Meta(min_length=2)]


class Channel(Noun, frozen=True, kw_only=True):
    """Where a poster hangs; `code` is printed in its QR."""

    code: Code
    name: Text


class Campaign(Noun, frozen=True, kw_only=True):
    code: Code
    name: Text
    kind: CampaignKind
    products: Annotated[tuple[Code, ...], Meta(min_length=1)]
    bundle: Code | None = None  # the package these products are, if they are one
    window: Window
    regions: Annotated[tuple[Code, ...], Meta(min_length=1)]
    occupation_groups: Annotated[tuple[OccupationGroup, ...], Meta(min_length=1)]
    funding: Annotated[tuple[FundingLine, ...], Meta(min_length=1)]
    rounding_payer: Payer
    advance_payer: Payer | None = None  # who pays first for everybody, before settling
    # The stored group policy whose seats are given out, by id. Holder, days and seats are what is stored; the
    # two below are what the page says of them.
    sponsor_policy: Code | None = None
    organiser: str = ""
    seats: Annotated[int, Meta(ge=0)] = 0  # at opening
    target: Annotated[int, Meta(ge=0)] = 0
    channels: tuple[Channel, ...] = ()
    sources: dict[str, Source]

    @property
    def is_sample(self) -> bool:
        return any(source.kind is SourceKind.SAMPLE for source in self.sources.values())
