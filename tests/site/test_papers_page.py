"""The printable list of papers of each product: nothing the terms ask for is missing, each kind on a leaf."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chalicelib.catalog.terms import Product
from chalicelib.platform import clock
from publishing.compiler import compile_content
from sitebuild.printed import pictures
from tests.site.building import ROOT

CATALOGUE = compile_content(ROOT / "content").catalogue
PRODUCTS = CATALOGUE.products_on(clock.today())
by_code = pytest.mark.parametrize("product", PRODUCTS, ids=lambda each: each.code)


def leaves(site: Path, product: Product) -> dict[str, str]:
    """The HTML of each claim type's leaf, by its code."""
    page = (site / "products" / product.code / "papers/index.html").read_text("utf-8")
    parts = re.split(r'<section class="leaf" aria-labelledby="([a-z0-9_-]+)">', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@by_code
def test_every_paper_of_every_claim_type_is_on_its_leaf(site_dir: Path, product: Product) -> None:
    found = leaves(site_dir, product)
    assert list(found) == [claim.code for claim in product.claim_types]
    for claim in product.claim_types:
        items = found[claim.code].split("<li><i></i>")[1:]
        assert len(items) == len(claim.documents)
        for item, paper in zip(items, claim.documents, strict=True):
            text = html.unescape(re.sub(r"<[^>]+>", "", item))
            needed = (paper.name, paper.when, paper.why, paper.if_you_cannot_get_it, *paper.photo_hints)
            assert [each for each in needed if each not in text] == [], (claim.code, paper.id)


@by_code
def test_the_limits_stand_above_and_every_picture_exists(site_dir: Path, product: Product) -> None:
    page = (site_dir / "products" / product.code / "papers/index.html").read_text("utf-8")
    above = html.unescape(page.split('<section class="leaf"')[0])
    for limit in (product.notice, product.filing):
        assert f"{limit.days}天内" in above
        assert limit.starts_with in above
        assert limit.late in above
    pictures = re.findall(r'<a href="/guide/samples/#([a-z-]+)"><img src="([^"]+)"', page)
    samples = (site_dir / "guide/samples/index.html").read_text("utf-8")
    assert pictures
    for anchor, source in pictures:
        assert (site_dir / source.lstrip("/")).exists(), source
        assert f'id="{anchor}"' in samples, anchor


def test_every_document_of_every_version_of_the_terms_has_a_sample_picture() -> None:
    """And no picture is kept for a document nobody asks for."""
    asked = {
        document.id
        for product in CATALOGUE.products
        for claim in product.claim_types
        for document in claim.documents
    }
    assert asked == set(pictures.PAPER_OF)
    known = pictures.sizes(ROOT / "content")
    assert all(pictures.paper_url(each) and pictures.paper_picture(each, known) for each in asked)


@by_code
def test_every_paper_on_a_list_shows_its_picture(site_dir: Path, product: Product) -> None:
    for claim, leaf in zip(product.claim_types, leaves(site_dir, product).values(), strict=True):
        shown = re.findall(r'<img src="([^"]+)"', leaf)
        assert shown == [f"/pictures/{pictures.PAPER_OF[each.id]}.png" for each in claim.documents]


@by_code
def test_the_card_names_every_paper_and_leads_to_the_list(site_dir: Path, product: Product) -> None:
    card = (site_dir / "products" / product.code / "index.html").read_text("utf-8")
    section = html.unescape(card.split('<h2 id="papers">')[1].split("</section>")[0])
    for claim in product.claim_types:
        assert f"/products/{product.code}/papers/#{claim.code}" in section
        assert [each.name for each in claim.documents if each.name not in section] == []


@by_code
def test_printed_a_claim_type_takes_one_leaf(browser: Browser, origin: str, product: Product) -> None:
    """Besides, at most the end of the first leaf, which carries the limits too."""
    page = browser.new_page()
    page.goto(f"{origin}/products/{product.code}/papers/")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= len(product.claim_types) + 1
