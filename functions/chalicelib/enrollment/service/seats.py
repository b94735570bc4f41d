"""What taking a seat comes to, whoever takes it: who pays, and the message about the certificates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.model import Region
from chalicelib.catalog.terms import Product
from chalicelib.coverage.model import Issued
from chalicelib.enrollment.model import JoinedCover
from chalicelib.kernel import ShanghaiDate
from chalicelib.notify import templates
from chalicelib.pricing import rules as pricing
from chalicelib.pricing.model import Share

_CAUSES = {"accident": "意外", "disease": "生病"}


def funding_of(
    campaign: Campaign, products: Sequence[Product], region: Region, on: ShanghaiDate
) -> dict[str, tuple[Share, ...]]:
    """Who pays which part of each product's fee for one person joining on `on`: {product: shares}."""
    return pricing.by_product(pricing.quote(products, campaign, 1, region, on).shares, products)


def message_params(
    issued: Sequence[Issued], funding: dict[str, tuple[Share, ...]], sponsor: str
) -> dict[str, str]:
    """The words of the message about new certificates: each product, with its last day and number."""
    payers = [share.label for each in issued for share in funding[each.product] if share.fee_fen]
    covers = [
        f"{each.product_name}（凭证号{each.number}，{_waits(each)}保到{templates.day(each.period.last.isoformat())}）"
        for each in issued
    ]
    return {
        "covers": in_words(covers),
        "from": issued[0].period.first.isoformat(),
        "payer": in_words(dict.fromkeys(payers or [sponsor])),
    }


def _waits(issued: Issued) -> str:
    """What is paid later than cover begins: "生病从2026年12月28日起给，" """
    return "".join(
        f"{_CAUSES[each.cause]}从{templates.day(each.first.isoformat())}起给，"
        for each in issued.starts
        if each.first > issued.period.first
    )


def joined_cover(issued: Issued) -> JoinedCover:
    return JoinedCover(
        product=issued.product,
        product_name=issued.product_name,
        number=issued.number,
        check=issued.check,
        effective_from=issued.period.first,
        effective_to=issued.period.last,
        starts=issued.starts,
    )


def in_words(names: Iterable[str]) -> str:
    """`甲`, `甲和乙`, `甲、乙和丙`."""
    *others, last = names
    return f"{'、'.join(others)}和{last}" if others else last


def versions(products: Iterable[Product]) -> str:
    """For the audit log: `<product>@<version>,…`."""
    return ",".join(f"{product.code}@{product.version}" for product in products)
