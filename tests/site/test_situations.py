"""Guides that begin with what happened: every kind of claim has its door, and its papers stand whole."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest

from chalicelib.catalog.terms import ClaimType
from chalicelib.platform import clock
from publishing.compiler import compile_content
from publishing.page_types import Situation, Situations
from sitebuild.addresses import page_url
from sitebuild.products import situations
from tests.site.building import ROOT
from tests.site.html import read_html

MADE = compile_content(ROOT / "content")
GUIDES = {path: front for path, front in MADE.front.items() if isinstance(front, Situations)}
CLAIMS = {
    f"{product.code}.{claim.code}": claim
    for product in MADE.catalogue.products_on(clock.today())
    for claim in product.claim_types
}
ALL = [(path, each) for path, guide in GUIDES.items() for each in guide.situations]
each_situation = pytest.mark.parametrize(("path", "situation"), ALL, ids=lambda each: getattr(each, "id", ""))


def page_of(site: Path, path: str) -> str:
    return (site / page_url(path).strip("/") / "index.html").read_text("utf-8")


def papers_of(claim: ClaimType) -> list[str]:
    return [each.name + (f"（{each.when}）" if each.when else "") for each in claim.documents]


def read_lists(page: str, situation: Situation) -> list[tuple[str, list[str]]]:
    """(what stands above, its papers) of each list below the situation's heading."""
    section = page.split(f'<h2 id="{situation.id}">')[1].split("<h2 ", maxsplit=1)[0]
    return [
        (
            html.unescape(re.findall(r"<summary>(.*?)</summary>", part)[0]),
            [html.unescape(re.sub(r"<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", part)],
        )
        for part in section.split("<details")[1:]
    ]


def test_every_claim_type_of_every_version_of_the_terms_is_somewhere() -> None:
    listed = {name for _, situation in ALL for name in situation.claims}
    assert listed == {
        f"{product.code}.{claim.code}" for product in MADE.catalogue.products for claim in product.claim_types
    }


@each_situation
def test_the_papers_of_every_product_stand_whole_under_what_happened(
    site_dir: Path, path: str, situation: Situation
) -> None:
    lists = read_lists(page_of(site_dir, path), situation)
    found = {name: papers for above, papers in lists for name in above.partition("：")[0].split("、")}
    products = {each.code: each for each in MADE.catalogue.products_on(clock.today())}
    wanted = {
        situations.brief(products[name.partition(".")[0]]): papers_of(CLAIMS[name])
        for name in situation.claims
    }
    assert found == wanted
    assert all(above.endswith(f"：{len(papers)}样") for above, papers in lists)
    assert len({tuple(papers) for _, papers in lists}) == len(lists), "two lists say the same"


@pytest.mark.parametrize("path", GUIDES)
def test_each_paper_is_explained_once_in_words_of_the_terms(site_dir: Path, path: str) -> None:
    documents = [
        document
        for situation in GUIDES[path].situations
        for name in situation.claims
        for document in CLAIMS[name].documents
    ]
    page = page_of(site_dir, path)
    explained = re.findall(r'<h3 id="([^"]+)">(.*?)</h3>\s*<p>(.*?)</p>', page, re.DOTALL)
    anchors = [anchor for anchor, _, _ in explained]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    names = [html.unescape(name) for _, name, _ in explained]
    assert Counter(names) == Counter({each.name for each in documents})
    for name, (_, _, said) in zip(names, explained, strict=True):
        text = html.unescape(re.sub(r"<[^>]+>", "", said))
        named = [each for each in documents if each.name == name]
        for words in ([each.why for each in named], [each.if_you_cannot_get_it for each in named]):
            times = Counter(words)
            assert max(times[each] for each in times if each in text) == max(times.values()), name
        assert "看样图" in text
    tapped = re.findall(r'<li><a href="#([^"]+)">', page)
    assert set(tapped) == set(anchors)


@pytest.mark.parametrize("path", GUIDES)
def test_every_situation_is_one_tap_away_from_each_guide(site_dir: Path, path: str) -> None:
    page = read_html(site_dir / page_url(path).strip("/") / "index.html")
    doors = [each.attributes["href"] for each in page.all("a") if each.attributes.get("class") == "more"]
    for other, situation in ALL:
        address = "" if other == path else page_url(other)
        assert f"{address}#{situation.id}" in doors
