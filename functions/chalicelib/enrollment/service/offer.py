"""What a campaign's form is told before anybody types: is it open today, what is agreed to, are there seats.

A page is built on one day and read on another, so it asks.
"""

from __future__ import annotations

from chalicelib.catalog import service as catalog
from chalicelib.catalog.terms import Product
from chalicelib.enrollment import rules
from chalicelib.enrollment.model import OpenCampaign
from chalicelib.enrollment.rules import AgreedText
from chalicelib.enrollment.service import consents
from chalicelib.groups import service as groups
from chalicelib.kernel import InvalidRequestError, NotFoundError
from chalicelib.platform.work import Work


def campaign_today(work: Work, code: str) -> tuple[OpenCampaign, tuple[Product, ...], tuple[AgreedText, ...]]:
    """The campaign, its products in the versions of today, and every text agreed to when joining today.

    Raises NotFoundError for no such campaign, InvalidRequestError for a product without terms in force yet.
    """
    catalogue = catalog.of(work)
    try:
        campaign = catalogue.campaign(code)
    except InvalidRequestError as unknown:  # elsewhere a field of a form; here the address
        raise NotFoundError(unknown.code, unknown.detail) from None
    products = tuple(catalogue.product(each, work.today) for each in campaign.products)
    window = campaign.window
    state = "not_open" if work.today < window.first else "over" if work.today > window.last else "open"
    seats = groups.seats_open(campaign.sponsor_policy) if campaign.sponsor_policy else 0
    open_campaign = OpenCampaign(campaign.code, state, rules.rounded_down(seats))
    return open_campaign, products, consents.texts_in_force(work, products)
