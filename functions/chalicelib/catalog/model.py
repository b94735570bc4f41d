"""The nouns of the catalogue: products, campaigns, regions, service standard, consent texts.

A product is in `catalog.terms`, a campaign in `catalog.campaigns`. Each type is at once the schema of
`content/`'s front matter, the shape of the compiled `data.json`, and what the rules read.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from msgspec import Meta

from chalicelib.catalog.campaigns import Bundle, Campaign
from chalicelib.catalog.insured import OccupationGroup
from chalicelib.catalog.terms import Amount, Code, Noun, Product, Sha256, Source, Text, Version
from chalicelib.kernel import InvalidRequestError, ShanghaiDate

# --- places ----------------------------------------------------------------------------------------------


class Region(Noun, frozen=True, kw_only=True):
    """`path` is the region's own code and all its ancestors', nearest first; the compiler fills it."""

    code: Code
    name: Text
    parent: Code | None = None
    path: tuple[Code, ...]

    def is_within(self, codes: tuple[Code, ...]) -> bool:
        return any(code in codes for code in self.path)


class Outlet(Noun, frozen=True, kw_only=True):
    code: Code
    name: Text
    region: Code
    address: str = ""  # empty where no public source gives it: then the hotline is shown
    hours: str = ""
    phone: Text
    services: Annotated[tuple[Text, ...], Meta(min_length=1)]


class PlacePromise(Noun, frozen=True, kw_only=True):
    """What one place promises, or was measured at. Places are never merged."""

    region: Code
    step: Text
    working_days: Annotated[int, Meta(ge=1)] | None = None
    calendar_days: Annotated[int, Meta(ge=1)] | None = None
    note: str = ""
    source: Source


class ReviewTier(Noun, frozen=True, kw_only=True):
    code: Code
    name: Text
    up_to_fen: Amount | None = None  # inclusive; None: no upper end
    levels: Annotated[tuple[Text, ...], Meta(min_length=1)]
    working_days: Annotated[int, Meta(ge=1)]
    note: str = ""


class ServiceStandard(Noun, frozen=True, kw_only=True):
    """Shown on the site and enforced by claims. `pauses` names what stops the clock."""

    places: tuple[PlacePromise, ...]
    tiers: Annotated[tuple[ReviewTier, ...], Meta(min_length=1)]
    acknowledge_working_days: Annotated[int, Meta(ge=0)]
    completeness_check_working_days: Annotated[int, Meta(ge=1)]
    pauses: Annotated[tuple[Text, ...], Meta(min_length=1)]
    source: Source


# --- consent texts ------------------------------------------------------------------------------------------


class PrivacyText(Noun, frozen=True, kw_only=True):
    """A text people agree to, by scope. A consent stores scope, version and sha256."""

    code: Code
    scope: Code
    version: Version
    valid_from: ShanghaiDate
    title: Text
    path: str
    sha256: Sha256


class Contact(Noun, frozen=True, kw_only=True):
    """What every page shows for help."""

    hotline: Text
    hotline_name: Text


class AgeBand(Noun, frozen=True, kw_only=True):
    """Members' ages nobody's terms tell apart, so that an anonymous check needs no birthday. Derived."""

    code: str
    first: int
    last: int
    label: str


class Catalogue(Noun, frozen=True, kw_only=True):
    products: tuple[Product, ...]  # every version, oldest first
    bundles: tuple[Bundle, ...] = ()
    campaigns: tuple[Campaign, ...]
    regions: tuple[Region, ...]
    outlets: tuple[Outlet, ...]
    service_standard: ServiceStandard
    privacy: tuple[PrivacyText, ...]
    age_bands: tuple[AgeBand, ...]
    contact: Contact
    occupation_words: dict[OccupationGroup, tuple[Text, ...]]  # what clerks write besides the names

    def product(self, code: str, on: ShanghaiDate) -> Product:
        """The terms version in force for somebody who joins on `on`."""
        fitting = [each for each in self.products if each.code == code and each.valid_from <= on]
        return _found(fitting[-1:], "product", "products", "没有这个保障项目，请从保障项目页面重新进入。")

    def product_version(self, code: str, version: str) -> Product:
        fitting = [each for each in self.products if (each.code, each.version) == (code, version)]
        return _found(fitting, "product", "products", "没有这个条款版本，请拨打12351核对。")

    def products_on(self, on: ShanghaiDate) -> tuple[Product, ...]:
        """Each product once, in the version of `on`."""
        codes = dict.fromkeys(each.code for each in self.products if each.valid_from <= on)
        return tuple(self.product(code, on) for code in codes)

    def campaign(self, code: str) -> Campaign:
        fitting = [each for each in self.campaigns if each.code == code]
        return _found(fitting, "campaign", "campaign", "没有这个活动，请从活动页面重新进入。")

    def region(self, code: str) -> Region:
        fitting = [each for each in self.regions if each.code == code]
        return _found(fitting, "region", "region", "没有这个地区，请重新选择所在地区。")

    def age_band(self, code: str) -> AgeBand:
        fitting = [each for each in self.age_bands if each.code == code]
        return _found(fitting, "age_band", "age_band", "请重新选择年龄段。")

    def consent_text(self, scope: str, on: ShanghaiDate) -> PrivacyText:
        """The text of a consent scope in force on `on`."""
        fitting = [each for each in self.privacy if each.scope == scope and each.valid_from <= on]
        return _found(fitting[-1:], "scope", "consents", "没有这份告知书，请刷新页面后重试。")


T = TypeVar("T")


def _found(fitting: list[T], what: str, field: str, detail: str) -> T:
    if not fitting:
        raise InvalidRequestError(f"catalog.unknown_{what}", detail, {field: detail})
    return fitting[0]
