"""Every figure on every built page traces to the data: to that page's own, or to what the page links to.

Bodies of content are gated when they are compiled; this walks what came out, so that a figure typed into a
template, a script's text or a view is found too. Money, shares, people (人), times people came (人次) and
everything else are told apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.benefits.rules import assess, starts_of
from chalicelib.catalog.campaigns import Bundle, Campaign
from chalicelib.catalog.terms import Product
from chalicelib.platform import clock
from chalicelib.pricing import rules
from publishing import compiler, figures
from publishing.boards import Board
from publishing.cases import CaseStudy, Computation
from publishing.compiler import Compiled
from tests.site.building import ROOT
from tests.site.html import is_redirect, pages_of, read_html, url_of

Figure = tuple[Decimal, str]

MONEY = {"亿元": 100_000_000, "万元": 10_000, "元": 1}
# 人 and 人次 count different things, and 万 of them say how exactly somebody counted: none becomes another.
TOLD_APART = frozenset({"%", "人", "万人", "人次", "万人次"})
_UNIT = "亿元|万元|元|万人次|万人|人次|人|%|周岁|岁|个?工作日|天|份|名|种|级|条|项|家|次|个|场"
_FIGURE = re.compile(rf"(?<![A-Za-z0-9_.])(\d[\d,]*(?:\.\d+)?)\s*[余多]?\s*({_UNIT})")
_BARE = re.compile(r"(?<![A-Za-z0-9_.])(\d[\d,]*(?:\.\d+)?)(?![A-Za-z0-9_.])")
_SAID = re.compile(r"(?<=\d)([万亿])([余多])")  # 4万余元 counts as 4余万元
_CELL = "\u2063"  # stands around the text of a table's cell, where a number needs no unit to be a figure
EXEMPT = {
    **figures.EXEMPT,
    "version": re.compile(r"\b\d{4}-\d+\b"),
    "hash": re.compile(r"\b[0-9a-f]{16,64}\b"),
    "days between": re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"),
}
_INLINE = frozenset("a abbr b em i small span strong time bdi code mark sub sup data".split())
_SILENT = frozenset(("script", "style"))


class Text(HTMLParser):
    """What is read in <main>, in the title and in the description, and where <main> leads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name") == "description":
            self.parts.append(f"\n{given['content']}\n")
        if tag in ("main", "title", *_SILENT):
            self.inside.append(tag)
        if "main" in self.inside and given.get("href"):
            self.links.append(str(given["href"]))
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()
        self._edge(tag)

    def _edge(self, tag: str) -> None:
        if tag not in _INLINE:
            self.parts.append(_CELL if tag == "td" else "\n")

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] not in _SILENT:
            self.parts.append(data)


def read_text(html: str) -> tuple[str, list[str]]:
    reader = Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts), reader.links


def printed(text: str) -> Iterator[tuple[Figure, str]]:
    """Each figure of a text, with the words it stands in. Money is in 元; a bare number has no unit."""
    for n, cell in enumerate(text.split(_CELL)):
        for line in cell.split("\n"):
            plain = unicodedata.normalize("NFKC", line.replace("％", "%"))
            for pattern in EXEMPT.values():
                plain = pattern.sub(" ", plain)
            plain = _SAID.sub(r"\2\1", plain)
            for match in _FIGURE.finditer(plain):
                yield _figure(*match.groups()), line.strip()
            if n % 2:
                for match in _BARE.finditer(_FIGURE.sub(" ", plain)):
                    yield (Decimal(match.group(1).replace(",", "")), ""), line.strip()


def _figure(number: str, unit: str) -> Figure:
    value = Decimal(number.replace(",", ""))
    if unit in MONEY:
        return (value * MONEY[unit]).normalize(), "元"
    return value.normalize(), unit if unit in TOLD_APART else "件"


def values_of(value: Any, key: str = "") -> Iterator[Figure]:
    """What one noun can print: its numbers by the unit its field has, its lists' lengths, its sentences."""
    if isinstance(value, dict):
        if {"value", "unit"} <= value.keys():
            yield _figure(str(value["value"]), value["unit"])
            yield Decimal(str(value["value"])).normalize(), ""
            value = {name: each for name, each in value.items() if name != "value"}
        for name, each in value.items():
            yield from values_of(each, str(name))
    elif isinstance(value, list | tuple):
        yield Decimal(len(value)), "件"
        for each in value:
            yield from values_of(each, key)
    elif isinstance(value, bool | None):
        return
    elif isinstance(value, int):
        yield Decimal(value) / 100, "元" if key.endswith("_fen") else "%"
        if key.endswith("people"):
            yield Decimal(value), "人"
        if not key.endswith("_fen"):
            yield Decimal(value), "件"
            yield Decimal(value), "%"
    elif isinstance(value, str):
        yield from (figure for figure, _ in printed(f"\n{_CELL}{value}"))
        yield from (_figure(*match.groups()) for match in _FIGURE.finditer(value))


def _clauses(made: Compiled, product: Product) -> set[str]:
    """The clauses of a terms text as read: each a heading with an anchor, and what stands under it."""
    body = figures.render_body(made.pages[product.terms_path], made.catalogue, clock.today()).replace("※", "")
    parts = re.split(r"(?m)^(?=#)", body)
    return {each.strip() for each in parts if re.match(r"#.*\{#", each)}


@pytest.fixture(scope="module")
def made() -> Compiled:
    return compiler.compile_content(ROOT / "content")


class Traces:
    """The figures a page may print: from its own front matter, its nouns, and the nouns it links to."""

    def __init__(self, made: Compiled) -> None:
        self.made = made
        catalogue = made.catalogue
        self.always = set(values_of(msgspec.to_builtins((catalogue.service_standard, catalogue.age_bands))))
        self.nouns: dict[str, set[Figure]] = {}
        for folder, nouns in (
            ("products", catalogue.products),
            ("campaigns", catalogue.campaigns),
            ("bundles", catalogue.bundles),
            ("cases", catalogue.cases),
            ("outlets", catalogue.outlets),
            ("boards", catalogue.boards),
        ):
            for noun in nouns:
                own = self.nouns.setdefault(f"{folder}/{getattr(noun, 'code', '')}", set())
                own.update(values_of(msgspec.to_builtins(noun)))
                if isinstance(noun, Campaign):
                    own.update(self._shares(noun))
                if isinstance(noun, Bundle):
                    own.add(self._fee_of(noun))
                if isinstance(noun, CaseStudy) and noun.computed:
                    own.update(self._steps(noun.computed))
                if isinstance(noun, Product):
                    own.update(self._clauses_kept(noun.code))
                    own.update(_grades(noun))
                    own.update(_starts(noun))
                if isinstance(noun, Board):
                    own.update((Decimal(each.percent), "%") for each in noun.standings)
                    own.add((Decimal(noun.awards_fen) / 100, "元"))
        for path, page in made.pages.items():
            key = path.removesuffix(".md").removesuffix("/index")
            self.nouns.setdefault(key, set()).update(values_of(page.meta))

    def _shares(self, campaign: Campaign) -> Iterator[Figure]:
        """What each payer pays of one person's fee, and the whole fee, on every day a share may change."""
        catalogue, window = self.made.catalogue, campaign.window
        days = {min(max(clock.today(), window.first), window.last), window.first, window.last}
        for line in campaign.funding:
            days.update(max(each.first, window.first) for each in line.by_enrolment_date or ())
        for day in days:
            products = [catalogue.product(code, day) for code in campaign.products]
            quote = rules.quote(products, campaign, 1, catalogue.region(campaign.regions[0]), day)
            for share in quote.shares:
                yield Decimal(share.fee_fen) / 100, "元"
            names = {exclusion.id for product in products for exclusion in product.exclusions}
            yield Decimal(len(names)), "件"  # one that two products share is one
            texts = {exclusion.title for product in products for exclusion in product.exclusions}
            yield Decimal(len(texts)), "件"
            yield Decimal(sum(share.fee_fen for share in quote.shares)) / 100, "元"

    def _steps(self, computed: Computation) -> Iterator[Figure]:
        """What the engine itself says on the way to the sum a case is compared with."""
        terms = self.made.catalogue.product_version(computed.product, computed.version)
        for line in assess(terms, computed.facts).lines:
            yield from values_of([line.text, *(each.text for each in line.deductions)])

    def _fee_of(self, bundle: Bundle) -> Figure:
        """All products of a bundle, today."""
        fees = [self.made.catalogue.product(code, clock.today()).fee_fen for code in bundle.products]
        return Decimal(sum(fees)) / 100, "元"

    def _clauses_kept(self, code: str) -> Iterator[Figure]:
        """How many clauses one version of the terms left as they were."""
        versions = [each for each in self.made.catalogue.products if each.code == code]
        for earlier, later in pairwise(versions):
            old, new = (_clauses(self.made, each) for each in (earlier, later))
            yield Decimal(len(old & new)), "件"

    def _named_by(self, key: str) -> set[str]:
        """The nouns whose figures the source of a page takes by placeholder or by its front matter."""
        source = self.made.pages.get(f"{key}.md") or self.made.pages.get(f"{key}/index.md".lstrip("/"))
        if source is None:
            return set()
        keys = {"/".join(each) for each in re.findall(r"\[\[(\w+)\.([\w-]+)", str(source.meta) + source.body)}
        for folder in ("products", "campaigns", "cases"):
            keys |= {
                f"{folder}/{each}" for each in re.findall(r"[a-z][a-z0-9-]+", str(source.meta.get(folder)))
            }
        return keys

    def of(self, url: str, links: list[str]) -> set[Figure]:
        own = url.strip("/")
        keys = {own, *(link.partition("#")[0].strip("/") for link in links)}
        keys |= {"/".join(each.split("/")[:2]) for each in keys}  # a terms page, or changes, of a product
        if own.startswith("services/join/"):
            keys.add("campaigns/" + own.split("/")[-1])
        if own == "press":  # the ready words of every campaign
            keys |= {f"campaigns/{each.code}" for each in self.made.catalogue.campaigns}
            keys |= {other for key in keys if key.startswith("campaigns/") for other in self._named_by(key)}
        keys |= self._named_by(own)
        for key in [each for each in keys if each.startswith(("campaigns/", "bundles/"))]:
            keys |= {each for each in self._named_by(key) if each.startswith("products/")}
        return self.always.union(*(self.nouns.get(key, set()) for key in keys))


def walk(traces: Traces, url: str, html: str) -> tuple[list[Figure], list[str]]:
    """(every figure of a page, those that trace to nothing with the words they stand in)."""
    text, links = read_text(html)
    allowed, seen, told = traces.of(url, links), [], []
    numbers = {value for value, _ in allowed}
    for figure, words in printed(text):
        seen.append(figure)
        if figure not in allowed and not (figure[1] == "" and figure[0] in numbers):
            told.append(f"{url} {figure[0]}{figure[1]}: {words[:90]}")
    return seen, told


def _grades(product: Product) -> Iterator[Figure]:
    """The grades of disability its terms name a share for."""
    for benefit in product.benefits:
        for grade, _ in enumerate(getattr(benefit, "percent_by_grade", ()), 1):
            yield Decimal(grade), "件"


def _starts(product: Product) -> Iterator[Figure]:
    """The days of cover from which it pays: the one after a waiting or a reduced-benefit period."""
    first = date(2000, 1, 1)
    for start in starts_of(product, first, renewed=False):
        for day in (start.first, start.full_from):
            yield Decimal((day - first).days + 1), "件"


def test_every_figure_on_every_page_traces_to_the_data(site_dir: Path, made: Compiled) -> None:
    traces = Traces(made)
    seen, wrong = 0, []
    for file in pages_of(site_dir):
        if not is_redirect(read_html(file)):
            found, told = walk(traces, url_of(site_dir, file), file.read_text("utf-8"))
            seen += len(found)
            wrong += told
    assert seen > 1000
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("unit", "other"),
    [("人次", "人"), ("人", "人次"), ("万人次", "万人"), ("万人", "万人次"), ("万人", "人")],
)
def test_people_are_not_shown_as_times_nor_times_as_people(
    site_dir: Path, made: Compiled, unit: str, other: str
) -> None:
    """Each published figure in turn, on its own page, with the other unit beside it."""
    traces, tried = Traces(made), 0
    for case in made.catalogue.cases:
        html = (site_dir / "cases" / case.code / "index.html").read_text("utf-8")
        for figure in (each for each in case.figures if each.unit == unit):
            right = f"{figure.value:,}<small>{figure.about}{unit}</small>"
            assert right in html, right
            wrong = html.replace(right, f"{figure.value:,}<small>{figure.about}{other}</small>")
            _, told = walk(traces, f"/cases/{case.code}/", wrong)
            value = Decimal(str(figure.value)).normalize()
            assert any(each.startswith(f"/cases/{case.code}/ {value}{other}: ") for each in told), right
            tried += 1
    assert tried
