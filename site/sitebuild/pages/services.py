"""What the pages of the services are given: the join form of a campaign, and the choices of the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import MEDICAL_NAMES, OCCUPATION_NAMES, OccupationGroup
from chalicelib.catalog.model import Catalogue, PrivacyText
from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.addresses import page_url
from sitebuild.campaigns import lists
from sitebuild.campaigns.view import CampaignView, campaign_view
from sitebuild.places import places_within


@dataclass(frozen=True)
class ConsentView:
    """A text to agree to. `url` is its page, which also offers the hashed file itself."""

    scope: str
    title: str
    version: str
    sha256: str
    url: str


@dataclass(frozen=True)
class JoinView:
    campaign: CampaignView
    first_age: int
    last_age: int
    occupations: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str], ...]
    consents: tuple[ConsentView, ...]


# The privacy texts a person joining must agree to, each for itself (PIPL 13, 28-29).
TEXT_SCOPES = ("personal_information", "id_number")


def join_view(catalogue: Catalogue, campaign: Campaign, on: ShanghaiDate) -> JoinView:
    view = campaign_view(catalogue, campaign, on)
    day = min(max(on, campaign.window.first), campaign.window.last)
    groups: set[OccupationGroup] = set(campaign.occupation_groups)
    for product in view.products:
        groups &= set(product.occupation_groups)
    consents = [_terms_consent(product) for product in view.products]
    consents += [_text_consent(catalogue.consent_text(scope, day)) for scope in TEXT_SCOPES]
    return JoinView(
        campaign=view,
        first_age=max(product.ages.first for product in view.products),
        last_age=min(product.ages.last for product in view.products),
        occupations=tuple((each, OCCUPATION_NAMES[each]) for each in OCCUPATION_NAMES if each in groups),
        districts=places_within(catalogue, campaign.regions),
        consents=tuple(consents),
    )


def check_options(catalogue: Catalogue) -> dict[str, tuple[tuple[str, str], ...]]:
    """The choices of the anonymous check, by the name of their list."""
    return {
        "occupation_groups": tuple(OCCUPATION_NAMES.items()),
        "medical_insurance": tuple(MEDICAL_NAMES.items()),
        "regions": places_within(catalogue, ()),
        "age_bands": tuple((each.code, each.label) for each in catalogue.age_bands),
    }


def _terms_consent(product: Product) -> ConsentView:
    return ConsentView(
        scope="terms",
        title=f"{product.short_name}条款",
        version=product.version,
        sha256=product.terms_sha256,
        url=page_url(product.terms_path),
    )


def _text_consent(text: PrivacyText) -> ConsentView:
    return ConsentView(
        scope=text.scope,
        title=text.title,
        version=text.version,
        sha256=text.sha256,
        url=page_url(text.path),
    )


def service_context(meta: dict[str, Any], made: Compiled, on: ShanghaiDate) -> dict[str, Any]:
    catalogue = made.catalogue
    given: dict[str, Any] = {"service": meta["service"], "join": None, "campaigns": [], "options": {}}
    if "campaign" in meta:
        given["join"] = join_view(catalogue, catalogue.campaign(meta["campaign"]), on)
    elif meta["service"] == "join":
        given["campaigns"] = [each for each in lists.running(made, on) if each.joins_online]
        given["options"] = check_options(catalogue)
    return given
