"""Figures in prose come from the data: `[[product.fee_yuan]]` is filled in, a typed number is refused.

A path starts at `product` (of the page), `campaign`, `case`, `standard`, `contact`, or at `products.<code>`,
`campaigns.<code>`, `cases.<code>`; then attributes, the id or code of a list's item, or its place from 1.
`<name>_yuan` reads `<name>_fen`. `[[share.<payer>_yuan]]` is a payer's part of one person's fee here.

A figure whose source is a sample is marked with ※ and the page opens with NOTICE.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from chalicelib.catalog.campaigns import Campaign, Payer
from chalicelib.catalog.terms import Noun, Product, Source, SourceKind
from chalicelib.kernel import ShanghaiDate
from chalicelib.pricing import rules
from publishing.cases import Figure
from publishing.catalogue import PublishedCatalogue
from publishing.source import ContentError, Page

NOTICE = "※ 示范数值，以经办机构正式条款为准。"

UNITS = "万元|亿元|元|块|％|%|‰|人次|人|周岁|岁|个?工作日|天|万|亿|份|名|家"
_HAN = "(?!千万[不别要])(?:[二三四五六七八九十百千两]|一(?=[十百千万]))[零一二三四五六七八九十百千万两]*"
_NUMBER = re.compile(
    rf"\d[\d,.]*\s*[余多]?\s*(?:{UNITS}|[个次笔件场])|(?<![一第]){_HAN}\s*[余多]?\s*(?:{UNITS})|[¥￥$]\s*\d"
)
_PLACEHOLDER = re.compile(rf"\[\[([^\[\]]*)\]\](\s*(?:{UNITS}|个|年|种))?")

# What may be typed, each by name. Everything else with a digit before a unit, or in a table, is a figure.
EXEMPT = {
    "quote": re.compile(r"「[^」]*」"),
    "title": re.compile(r"《[^》]*》"),
    "document number": re.compile(r"〔\d{4}〕\d+号"),
    "date": re.compile(
        r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2}|\d{1,2}月(?!\d)"
    ),
    "time of day": re.compile(r"(?<!\d)\d{1,2}(?::\d{2}|时)"),
    "phone": re.compile(
        rf"(?<!\d)(?<!\d,)(?:12351|12345|110|119|120|122|1\d{{10}}|0\d{{2,3}}-\d{{7,8}})"
        rf"(?!\d|,\d{{3}}|\s*(?:{UNITS}))"
    ),
    "ordinal": re.compile(
        r"第\s*\d+\s*(?:条|款|项|步|章|节|次|级|类)|^\s*\d+[.)、]\s|步骤\s*\d+", re.MULTILINE
    ),
    "clause anchor": re.compile(r"\{#[a-z0-9_-]+\}"),
    "link target": re.compile(r"\]\([^)\s]*\)"),
}
_PLACES = re.compile(r"\d")


def check_page(page: Page, catalogue: PublishedCatalogue) -> None:
    """Raises ContentError for a typed figure, raw HTML, or a placeholder that names nothing."""
    for field, text in _prose(page.meta, "", ""):
        found = typed_figure(text)
        if found:
            raise page.error(field, f"`{found}` is typed; say it without a figure, or in the body as [[…]]")
    lines = page.body.split("\n")
    for n, line in enumerate(lines):
        if re.search(r"<[a-zA-Z/!]", line):
            raise ContentError(page.path, page.body_line + n, "", "HTML in a page; write Markdown")
        goes_on = (
            line + lines[n + 1].lstrip() if line.rstrip()[-1:].isdecimal() and n + 1 < len(lines) else line
        )
        found = typed_figure(goes_on)
        if found:
            message = f"`{found}` is typed; take it from the data: [[…]]"
            raise ContentError(page.path, page.body_line + n, "", message)
    render_body(page, catalogue, max(each.valid_from for each in catalogue.products))


# Front matter people read as sentences. Sources, quotes and periods are evidence and keep their figures.
_PROSE = frozenset(
    "title description lead summary plain example why when if_you_cannot_get_it photo_hints text hint error"
    " disabled_reason late starts_with prepare supposes not_computed".split()
)


def _prose(value: Any, at: str, key: str) -> Iterator[tuple[str, str]]:
    """(field path, text) of every sentence in front matter."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _prose(each, f"{at}.{name}", "plain" if key == "clauses" else name)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _prose(each, f"{at}[{n}]", key)
    elif isinstance(value, str) and key in _PROSE:
        yield at, value


def typed_figure(line: str) -> str | None:
    """The first figure of one line that is neither a placeholder nor exempt, or None."""
    text = _PLACEHOLDER.sub(" ", line)
    text = unicodedata.normalize("NFKC", re.sub(r"[*_`~]|&\w+;", "", text.replace("％", "%")))
    for pattern in EXEMPT.values():
        text = pattern.sub(" ", text)
    found = (_PLACES if "|" in text else _NUMBER).search(text)
    return found.group().strip() if found else None


def render_body(page: Page, catalogue: PublishedCatalogue, on: ShanghaiDate) -> str:
    """The Markdown body with every placeholder filled in, as read on `on`. Raises ContentError."""
    body, sampled = _filled(page.body, page, catalogue, on)
    return f"{NOTICE}\n\n{body.lstrip()}" if sampled else body


def render_words(text: str, page: Page, catalogue: PublishedCatalogue, on: ShanghaiDate) -> str:
    """A sentence of front matter with its placeholders filled in, as if it stood on `page`."""
    return _filled(text, page, catalogue, on)[0]


def _filled(text: str, page: Page, catalogue: PublishedCatalogue, on: ShanghaiDate) -> tuple[str, bool]:
    """(the text with every placeholder filled in, whether any figure is a sample)."""
    roots = _roots(page, catalogue, on)
    sampled = False

    def fill(match: re.Match[str]) -> str:
        nonlocal sampled
        line = page.body_line + text.count("\n", 0, match.start())
        try:
            shown, sample = _look_up(match.group(1).strip(), roots)
        except LookupError as error:
            raise ContentError(page.path, line, f"[[{match.group(1)}]]", str(error.args[0])) from None
        sampled = sampled or sample
        return shown + (match.group(2) or "") + ("※" if sample else "")

    return _PLACEHOLDER.sub(fill, text), sampled


def _roots(page: Page, catalogue: PublishedCatalogue, on: ShanghaiDate) -> dict[str, Any]:
    products = catalogue.products_on(on)
    roots: dict[str, Any] = {
        "products": products,
        "bundles": catalogue.bundles,
        "campaigns": catalogue.campaigns,
        "cases": catalogue.cases,
        "standard": catalogue.service_standard,
        "contact": catalogue.contact,
    }
    code = str(page.meta.get("code", page.meta.get("product", "")))
    if page.type == "terms":
        roots["product"] = catalogue.product_version(code, str(page.meta["version"]))
    elif page.type == "product":
        roots["product"] = next((each for each in products if each.code == code), None)
    elif page.type == "case":
        roots["case"] = next(each for each in catalogue.cases if each.code == code)
    elif page.type == "campaign":
        campaign = catalogue.campaign(code)
        roots["campaign"] = campaign
        roots["product"] = next(each for each in products if each.code == campaign.products[0])
        roots["share"] = _Shares(catalogue, campaign, on)
    return roots


class _Shares:
    """The parts of one person's fee in a campaign, by payer."""

    def __init__(self, catalogue: PublishedCatalogue, campaign: Campaign, on: ShanghaiDate) -> None:
        day = min(max(on, campaign.window.first), campaign.window.last)
        products = [catalogue.product(code, day) for code in campaign.products]
        region = catalogue.region(campaign.regions[0])
        sources = [campaign.sources["funding"], *(each.source_of("fee_fen") for each in products)]
        self.source = min(sources, key=lambda source: source.kind is not SourceKind.SAMPLE)
        self.__dict__.update({f"{payer}_fen": 0 for payer in Payer})
        for share in rules.quote(products, campaign, 1, region, day).shares:
            self.__dict__[f"{share.payer}_fen"] += share.fee_fen


def _look_up(path: str, roots: dict[str, Any]) -> tuple[str, bool]:
    """(text, is it a sample). Raises LookupError saying which step is unknown."""
    first, *steps = path.split(".")
    if roots.get(first) is None:
        raise LookupError(f"nothing called `{first}` on this page")
    value = holder = roots[first]
    names: list[str] = []  # the path from `holder`, which is what says where its figures come from
    for step in steps:
        value = _step(value, step)
        names.append(step.removesuffix("yuan") + "fen" if step.endswith("_yuan") else step)
        if isinstance(value, Product | Campaign) or isinstance(getattr(value, "source", None), Source):
            holder, names = value, []
    source = _source_of(holder, names)
    if source is None and isinstance(value, int):
        raise LookupError("a figure without a source")
    counts = isinstance(value, int | date)
    return _text(value), counts and source is not None and source.kind is SourceKind.SAMPLE


def _source_of(holder: Any, names: list[str]) -> Source | None:
    if isinstance(holder, Product | Campaign):
        prefixes = (".".join(names[:length]) for length in range(len(names), 0, -1))
        return next((holder.sources[each] for each in prefixes if each in holder.sources), None)
    source = getattr(holder, "source", None)
    return source if isinstance(source, Source) else None


def _step(value: Any, step: str) -> Any:
    if isinstance(value, tuple):
        for names in (("id", "code"), ("region",)):  # a case's own code before another's place
            named = [each for each in value if step in {getattr(each, name, None) for name in names}]
            if named:
                return named[-1]
        if step.isdecimal() and 1 <= int(step) <= len(value):
            return value[int(step) - 1]
        raise LookupError(f"no item `{step}`")
    if step.endswith("_yuan"):
        return _Yuan(_step(value, step.removesuffix("yuan") + "fen"))
    if step.startswith("_") or not hasattr(value, step) or callable(getattr(value, step)):
        raise LookupError(f"no figure `{step}`")
    return getattr(value, step)


class _Yuan(int):
    """An amount of fen that is printed in yuan."""


def _text(value: Any) -> str:
    if isinstance(value, _Yuan):
        return f"{value // 100:,}" if value % 100 == 0 else f"{value / 100:,.2f}"
    if isinstance(value, Figure):
        return f"{value.value:,}{value.counted}"
    if isinstance(value, bool | Noun | tuple | None):
        raise LookupError("not a single figure")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)
