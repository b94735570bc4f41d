"""Every article of the newest terms of every product has plain words beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.catalog.terms import Product
from chalicelib.platform import clock
from publishing.compiler import compile_content
from tests.site.building import ROOT

PRODUCTS = compile_content(ROOT / "content").catalogue.products_on(clock.today())
ARTICLE = re.compile(r'<h3 id="(article-\d+)"')


def notes(site: Path, product: Product) -> dict[str, str]:
    """The plain words of each article as the page shows them, "" where it shows none."""
    page = (site / product.terms_path.removesuffix(".md") / "index.html").read_text("utf-8")
    said = {}
    for section in page.split('<section class="clause')[1:]:
        anchor = ARTICLE.search(section)
        if anchor:
            note = re.search(r'<div class="plain"[^>]*><b>大白话</b>(.*?)</div>', section, re.DOTALL)
            said[anchor.group(1)] = re.sub(r"<[^>]+>", "", note.group(1)).strip() if note else ""
    return said


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda each: each.code)
def test_every_article_has_plain_words(site_dir: Path, product: Product) -> None:
    said = notes(site_dir, product)
    written = re.findall(r"\{#(article-\d+)\}", (ROOT / "content" / product.terms_path).read_text("utf-8"))
    assert list(said) == written
    assert [anchor for anchor, words in said.items() if not words] == []


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda each: each.code)
def test_plain_words_are_short_and_filled_in(site_dir: Path, product: Product) -> None:
    own = read_front_words(product)
    for anchor, words in own.items():
        assert len(words) <= 120, anchor
    for anchor, words in notes(site_dir, product).items():
        assert "[[" not in words, anchor


def read_front_words(product: Product) -> dict[str, str]:
    made = compile_content(ROOT / "content")
    words: dict[str, str] = made.front[f"products/{product.code}/index.md"].clauses
    return {anchor: re.sub(r"\[\[[^\]]*\]\]", "", text) for anchor, text in words.items()}


def test_no_article_is_explained_twice() -> None:
    """What a benefit or an exclusion says in plain words is not said again by the card."""
    for product in PRODUCTS:
        named = {each.clause for each in (*product.benefits, *product.exclusions)}
        assert not named & read_front_words(product).keys(), product.code
