"""What the catalogue offers one person."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from chalicelib.pricing.model import Answers, Eligibility, Offer, Reason, Share
from chalicelib.pricing.rules import eligibility, quote

_NO_CAMPAIGN = "目前没有面向个人的活动。请拨打12351，问问当地工会怎样组织参加。"


def offers(
    known: Catalogue, answers: Answers, on: ShanghaiDate, campaign: str | None = None
) -> tuple[Offer, ...]:
    """One offer a product of the day; only a campaign's products when its code is given. A campaign that is
    over is kept to be read, and offered to nobody who did not ask for it."""
    running = tuple(each for each in known.campaigns if on <= each.window.last)
    campaigns = (known.campaign(campaign),) if campaign else running
    products = known.products_on(on)
    asked = [each for each in products if not campaign or each.code in campaigns[0].products]
    offers = [_offer(each, products, campaigns, answers, on) for each in asked]
    return tuple(sorted(offers, key=lambda offer: not offer.eligible))  # what one may have comes first


def _offer(
    product: Product,
    products: Sequence[Product],
    campaigns: Sequence[Campaign],
    answers: Answers,
    on: ShanghaiDate,
) -> Offer:
    """Through the campaign with the fewest reasons against, so that the person hears the nearest chance; of
    equal ones, that with the fewest products: whoever asks for one may not be able to join a package.

    People join through a union's campaign: a product without any is not open to a single person. The payers
    are those of everything the campaign includes.
    """
    judged = [
        (eligibility(product, each, answers, on), each) for each in campaigns if product.code in each.products
    ]
    if not judged:
        reason = Reason(code="no_campaign", text=_NO_CAMPAIGN)
        verdict = eligibility(product, None, answers, on)
        judged_none = Eligibility(eligible=False, reasons=(*verdict.reasons, reason))
        return _as_offer(product, judged_none, None, ())
    best, campaign = min(judged, key=lambda pair: (len(pair[0].reasons), len(pair[1].products)))
    included = [each for each in products if each.code in campaign.products]
    shares = quote(included, campaign, 1, answers.region, on).shares if best.eligible else ()
    return _as_offer(product, best, campaign, shares)


def _as_offer(
    product: Product, verdict: Eligibility, campaign: Campaign | None, shares: tuple[Share, ...]
) -> Offer:
    return Offer(
        product=product.code,
        name=product.name,
        eligible=verdict.eligible,
        reasons=verdict.reasons,
        sponsor=campaign.organiser if campaign else "",
        campaign=campaign.code if campaign else None,
        payers=shares,
    )
