"""What a template is given, by page type: values of the catalogue, already chosen and counted.

Templates print; they decide nothing. `on` is the Shanghai day of the build.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import MEDICAL_NAMES, OCCUPATION_NAMES, OccupationGroup
from chalicelib.catalog.model import Catalogue, PlacePromise, PrivacyText
from chalicelib.catalog.terms import AnyBenefit, Exclusion, Product, Source
from chalicelib.kernel import ShanghaiDate
from chalicelib.pricing import rules
from publishing.cases import CaseStudy
from publishing.page_types import Comparison
from sitebuild import campaign_words, funding, words
from sitebuild.charts import Bar, bars


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
            return words.yuan(self.fee_fen)
        if self.steps and self.state != "open":
            sums = sorted({step.own_fen for step in self.steps.steps})
            return "—".join(words.yuan(each) for each in dict.fromkeys((sums[0], sums[-1])))
        return words.yuan(self.own_fen)

    @property
    def url(self) -> str:
        return f"/campaigns/{self.campaign.code}/"


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
        split_is_sample=campaign_words.split_is_sample(campaign, products),
        scopes=funding.scope_bars(campaign, products, day),
        steps=funding.step_chart(campaign, products, region, on),
        advance=funding.label_of(campaign, campaign.advance_payer) if campaign.advance_payer else "",
        rounding=(
            funding.label_of(campaign, campaign.rounding_payer) if funding.rounds(campaign, products) else ""
        ),
        who=campaign_words.who_may(products),
        origins=campaign_words.origins(campaign, products),
    )


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


def places_within(catalogue: Catalogue, within: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(code, name) of the places inside `within`, or of all; a district is named with its city.

    A region that only holds others (a province) is left out: nobody works in all of it.
    """
    names = {each.code: each.name for each in catalogue.regions}
    tops = {each.code for each in catalogue.regions if each.parent is None}
    parents = {each.parent for each in catalogue.regions}
    found = []
    for each in catalogue.regions:
        if (within and not each.is_within(within)) or each.code in tops & parents:
            continue
        city = "" if each.parent is None or each.parent in tops else names[each.parent] + " "
        found.append((each.code, city + each.name))
    return tuple(found)


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


def page_url(path: str) -> str:
    """`products/x/terms-2026-1.md` -> `/products/x/terms-2026-1/`; an index page is its folder."""
    stem = path.removesuffix(".md")
    return "/" + (stem.removesuffix("index") if stem.endswith("index") else stem + "/")


_SUMS = {"amount_fen": "", "sum_fen": "最高", "daily_fen": "每天", "annual_limit_fen": "每年最高"}


def benefit_sum(benefit: AnyBenefit) -> tuple[int, str]:
    """(fen, what it is a sum of): the one number of a benefit to set big."""
    for field, word in _SUMS.items():
        if hasattr(benefit, field):
            return getattr(benefit, field), word
    raise TypeError(f"no sum is known for {type(benefit).__name__}")


def campaigns_of(catalogue: Catalogue, product: str, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    """The campaigns through which somebody may join `product` now or later; by itself before in a package."""
    views = [
        campaign_view(catalogue, each, on)
        for each in catalogue.campaigns
        if product in each.products and on <= each.window.last
    ]
    return tuple(sorted(views, key=lambda view: (view.state != "open", len(view.products))))


def case_charts(case: CaseStudy, asked: tuple[Comparison, ...]) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    """(title, bars) of each drawing a case asks for; the words are the figure's own, with unit."""
    return tuple(
        (
            chart.title,
            bars(
                [
                    (figure.label, f"{figure.value:,}{figure.counted}", figure.value)
                    for figure in map(case.figure, chart.figures)
                ]
            ),
        )
        for chart in asked
    )


def place_promises(catalogue: Catalogue) -> tuple[tuple[str, PlacePromise], ...]:
    """Each place's own promise, with its name; places are never merged."""
    return tuple((catalogue.region(each.region).name, each) for each in catalogue.service_standard.places)
