"""No page promises a benefit without its conditions: read on the built pages, whatever drew them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from chalicelib.catalog.terms import AnyBenefit, Product
from chalicelib.kernel import ShanghaiDate
from publishing.catalogue import PublishedCatalogue
from sitebuild.campaigns.view import campaign_view
from sitebuild.products.conditions import conditions_of, limits_of

_MARK = re.compile(r'data-benefit="([a-z0-9_.-]+)"')


def promised_products(path: str, catalogue: PublishedCatalogue, on: ShanghaiDate) -> tuple[Product, ...]:
    """Whose benefits a page is about: a product's card, a campaign's page, its join form."""
    card = re.fullmatch(r"products/([a-z0-9-]+)/index\.html", path)
    if card:
        return tuple(each for each in catalogue.products_on(on) if each.code == card[1])
    offer = re.fullmatch(r"(?:campaigns|services/join)/([a-z0-9-]+)/index\.html", path)
    return tuple(
        product
        for each in catalogue.campaigns
        if offer and each.code == offer[1]
        for product in campaign_view(catalogue, each, on).products
    )


def unsaid(path: str, page: str, catalogue: PublishedCatalogue, on: ShanghaiDate) -> Iterator[str]:
    """What the page leaves out of what it promises, each in words."""
    text = html.unescape(page)
    marked = set(_MARK.findall(page))
    about = promised_products(path, catalogue, on)
    for product in about:
        for benefit in product.benefits:
            if f"{product.code}.{benefit.id}" not in marked:
                yield f"the benefit `{product.code}.{benefit.id}` does not stand here; draw it by ui.covered"
        yield from _missing(product, limits_of(product), text)
    folder = re.match(r"products/([a-z0-9-]+)/", path)  # plain words may be another product's too
    for product in about or catalogue.products_on(on):
        if folder and product.code != folder[1]:
            continue
        for benefit in product.benefits:
            if f"{product.code}.{benefit.id}" in marked:
                yield from _missing(product, conditions_of(product, benefit), text, benefit)
            elif benefit.plain in text:
                said = tuple(each.plain for each in benefit.conditions)
                yield from _missing(product, said, text, benefit)


def _missing(
    product: Product, sentences: tuple[str, ...], text: str, benefit: AnyBenefit | None = None
) -> Iterator[str]:
    for each in sentences:
        if each not in text:
            name = f"{product.code}.{benefit.id}" if benefit else product.code
            yield f"a condition of `{name}` is left out: {each}"
