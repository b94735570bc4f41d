"""What a campaign page says in words: for whom, and where its figures come from."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import GENDER_NAMES, Insured
from chalicelib.catalog.terms import Product, Source, SourceKind

ORIGINS = {"funding": "谁出多少", "window": "起止日期", "seats": "名额", "target": "目标人数"}


def who_may(products: Sequence[Product]) -> tuple[str, ...]:
    """A line for all products when they ask the same; else a line a product, by its short name."""
    lines = {each.code: _who(each) for each in products}
    if len(set(lines.values())) == 1:
        return (lines[products[0].code],)
    return tuple(f"{each.short_name}：{lines[each.code]}" for each in products)


def _who(product: Product) -> str:
    ages = f"{product.ages.first}至{product.ages.last}周岁"
    sex = "、".join(GENDER_NAMES[each] for each in product.genders)
    if product.insured is Insured.CHILD:
        only = "" if len(product.genders) > 1 else f"，只保{sex}孩"
        return f"保您的孩子，{ages}{only}"
    return ages if len(product.genders) > 1 else f"{ages}的{sex}职工"


def split_is_sample(campaign: Campaign, products: Sequence[Product]) -> bool:
    """Whether the sums in the bar are a sample: the split, or a fee that is split."""
    sources = [campaign.sources["funding"], *(each.source_of("fee_fen") for each in products)]
    return any(each.kind is SourceKind.SAMPLE for each in sources)


def origins(campaign: Campaign, products: Sequence[Product]) -> tuple[tuple[str, Source], ...]:
    """(what, its source) for the figures this page shows; seats and targets only if there are. Published
    fees keep their source in the terms; a sample one is named here."""
    fees = [
        ("会费" if len(products) == 1 else f"{each.short_name}的会费", each.source_of("fee_fen"))
        for each in products
    ]
    shown = ["funding", "window", *(name for name in ("seats", "target") if getattr(campaign, name))]
    own = [(ORIGINS[name], campaign.sources[name]) for name in shown]
    return (*own, *(each for each in fees if each[1].kind is SourceKind.SAMPLE))
