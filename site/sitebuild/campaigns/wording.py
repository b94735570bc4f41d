"""What a campaign page says in words: for whom, and where its figures come from."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import GENDER_NAMES, Insured
from chalicelib.catalog.terms import Product, Source, SourceKind

ORIGINS = {"funding": "谁出多少", "window": "起止日期", "seats": "名额", "target": "目标人数"}


def who_may(products: Sequence[Product]) -> tuple[str, ...]:
    """Ages and sex, in lines: once where all ask the same, else by each product's short name."""
    if len(products) == 1:
        return (_who(products[0]),)
    members = [each for each in products if each.insured is Insured.MEMBER]
    if len({(each.ages.first, each.ages.last) for each in members}) > 1:
        return tuple(f"{each.short_name}：{_who(each)}" for each in products)
    lines = []
    if members:
        lines.append(("" if len(members) == len(products) else "您本人：") + _ages(members[0]))
    for each in products:
        if each.insured is Insured.CHILD:
            lines.append(f"{each.short_name}：{_who(each)}")
        elif len(each.genders) == 1:
            lines.append(f"{each.short_name}：只面向{GENDER_NAMES[each.genders[0]]}职工")
    return tuple(lines)


def _who(product: Product) -> str:
    one = GENDER_NAMES[product.genders[0]] if len(product.genders) == 1 else ""
    if product.insured is Insured.CHILD:
        return f"保您的孩子，{_ages(product)}" + (f"，只保{one}孩" if one else "")
    return _ages(product) + (f"的{one}职工" if one else "")


def _ages(product: Product) -> str:
    return f"{product.ages.first}至{product.ages.last}周岁"


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
