"""One person's shares laid over the products they pay for: nothing is lost, nothing is made up."""

from __future__ import annotations

from collections import Counter
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign, Payer
from chalicelib.catalog.terms import Product
from chalicelib.kernel import Fen
from chalicelib.pricing import rules
from chalicelib.pricing.model import Share


def products_of(fees: list[int]) -> list[Product]:
    some = catalog.catalogue().products[0]
    return [
        msgspec.structs.replace(some, code=f"product-{number}", fee_fen=Fen(fee))
        for number, fee in enumerate(fees)
    ]


@st.composite
def split_fees(draw: st.DrawFn) -> tuple[list[Product], list[Share]]:
    """Any products, and any shares of their fee among a few payers, some of whom pay nothing."""
    fees = draw(st.lists(st.integers(0, 20_000), min_size=1, max_size=5))
    total = sum(fees)
    cuts = sorted(draw(st.lists(st.integers(0, total), max_size=5)))
    amounts = [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]
    payers = draw(st.permutations(list(Payer)))
    shares = [
        Share(payer=payer, label=payer.value, fee_fen=Fen(amount))
        for payer, amount in zip(payers, amounts, strict=False)
    ]
    return products_of(fees), shares


def laid_exactly(products: list[Product], shares: list[Share]) -> None:
    laid = rules.by_product(shares, products)
    assert {code: sum(part.fee_fen for part in parts) for code, parts in laid.items()} == {
        each.code: each.fee_fen for each in products
    }
    assert all(part.fee_fen > 0 for parts in laid.values() for part in parts)
    paid: Counter[tuple[str, str]] = Counter()
    for parts in laid.values():
        for part in parts:
            paid[part.payer, part.label] += part.fee_fen
    assert paid == Counter({(each.payer, each.label): each.fee_fen for each in shares if each.fee_fen})


@given(split_fees())
def test_every_products_shares_sum_to_its_fee_and_every_payers_to_their_share(
    given_: tuple[list[Product], list[Share]],
) -> None:
    laid_exactly(*given_)


CAMPAIGNS = catalog.catalogue().campaigns


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda each: each.code)
def test_the_shares_of_every_campaign_are_laid_exactly(campaign: Campaign) -> None:
    """On its first and last day, where a table by date changes the shares."""
    catalogue = catalog.catalogue()
    for on in {campaign.window.first, campaign.window.last}:
        found = [catalogue.product(code, max(on, date(2026, 1, 1))) for code in campaign.products]
        region = catalogue.region(campaign.regions[0])
        quote = rules.quote(found, campaign, 1, region, on)
        laid_exactly(found, list(quote.shares))
