"""A campaign as its page shows it: who pays what, who may join, and whether it is open."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import OCCUPATION_NAMES
from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Exclusion, Product, Source
from chalicelib.kernel import ShanghaiDate
from chalicelib.pricing import rules
from sitebuild.campaigns import funding, wording
from sitebuild.formats import yuan


@dataclass(frozen=True)
class CampaignView:
    campaign: Campaign
    products: tuple[Product, ...]
    fee_fen: int
    own_fen: int  # what the worker pays
    slices: tuple[funding.Slice, ...]
    state: str  # soon | open | over
    regions: tuple[str, ...]
    occupations: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    is_sample: bool
    worker_named: bool  # whether the split says what the worker pays
    split_is_sample: bool
    scopes: tuple[funding.ScopeBar, ...]
    steps: funding.StepChart | None
    advance: str  # who pays first for everybody; empty: nobody does
    rounding: str  # who pays the odd fen; empty: there is none
    who: tuple[str, ...]  # ages and sex, in words
    origins: tuple[tuple[str, Source], ...]

    @property
    def joins_online(self) -> bool:
        """Somebody has prepaid and the worker owes nothing: then a single person may join by phone."""
        return self.campaign.sponsor_policy is not None and not self.own_fen

    @property
    def join_url(self) -> str:
        return f"/services/join/{self.campaign.code}/"

    @property
    def own_words(self) -> str:
        """The number to set big, in yuan: what the worker pays, from-to where that still depends on the day
        (or did); the whole fee where nobody says what the worker pays."""
        if not self.worker_named:
            return yuan(self.fee_fen)
        if self.steps and self.state != "open":
            sums = sorted({step.own_fen for step in self.steps.steps})
            return "—".join(yuan(each) for each in dict.fromkeys((sums[0], sums[-1])))
        return yuan(self.own_fen)

    @property
    def url(self) -> str:
        return f"/campaigns/{self.campaign.code}/"


def campaign_view(catalogue: Catalogue, campaign: Campaign, on: ShanghaiDate) -> CampaignView:
    """A campaign as read on `on`; before and after its window the split of its nearest day is shown."""
    day = min(max(on, campaign.window.first), campaign.window.last)
    products = tuple(catalogue.product(code, day) for code in campaign.products)
    region = catalogue.region(campaign.regions[0])
    quote = rules.quote(products, campaign, 1, region, day)
    return CampaignView(
        campaign=campaign,
        products=products,
        fee_fen=quote.fee_fen,
        own_fen=funding.own_part(quote.shares),
        slices=funding.slices_of(quote.shares, worker_named=funding.names_the_worker(campaign)),
        state="soon" if on < campaign.window.first else "over" if on > campaign.window.last else "open",
        regions=tuple(catalogue.region(code).name for code in campaign.regions),
        occupations=tuple(OCCUPATION_NAMES[each] for each in campaign.occupation_groups),
        exclusions=tuple(each for product in products for each in product.exclusions),
        is_sample=campaign.is_sample or any(product.is_sample for product in products),
        worker_named=funding.names_the_worker(campaign),
        split_is_sample=wording.split_is_sample(campaign, products),
        scopes=funding.scope_bars(campaign, products, day),
        steps=funding.step_chart(campaign, products, region, on),
        advance=funding.label_of(campaign, campaign.advance_payer) if campaign.advance_payer else "",
        rounding=(
            funding.label_of(campaign, campaign.rounding_payer) if funding.rounds(campaign, products) else ""
        ),
        who=wording.who_may(products),
        origins=wording.origins(campaign, products),
    )


def campaigns_of(catalogue: Catalogue, product: str, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    """The campaigns through which somebody may join `product` now or later; by itself before in a package."""
    views = [
        campaign_view(catalogue, each, on)
        for each in catalogue.campaigns
        if product in each.products and on <= each.window.last
    ]
    return tuple(sorted(views, key=lambda view: (view.state != "open", len(view.products))))
