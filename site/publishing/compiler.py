"""content/ -> PublishedCatalogue for the pages -> `data.json` for the functions.

PYTHONPATH=site:functions python -m publishing.compiler [--write | --check | --publish] [--content DIR]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.catalog.campaigns import Bundle, Campaign
from chalicelib.catalog.insured import OCCUPATION_NAMES, Insured, OccupationGroup
from chalicelib.catalog.model import (
    AgeBand,
    Contact,
    Outlet,
    PrivacyText,
    Region,
    ServiceStandard,
)
from chalicelib.catalog.terms import Noun, Product
from publishing import figures, lock, names
from publishing.boards import Board
from publishing.cases import CaseStudy
from publishing.catalogue import PublishedCatalogue, data_json
from publishing.checks.content import check_everything
from publishing.page_types import PAGE_TYPES, Common, Home, OccupationWords, Regions
from publishing.readings import readings
from publishing.source import ContentError, Page, read_as, read_page

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
DATA = ROOT / "functions/chalicelib/catalog/data.json"


@dataclass(frozen=True)
class Compiled:
    """`pages` by path under content/; `front` holds each page's own checked fields (page_types)."""

    catalogue: PublishedCatalogue
    pages: dict[str, Page]
    front: dict[str, Noun]


def compile_content(root: Path) -> Compiled:
    """Read, check and join everything under `root`. Raises ContentError at the first thing wrong."""
    pages = read_pages(root)
    lock.check_lock(root, pages)
    compiled = _read(pages)
    check_everything(root, compiled.catalogue, pages)
    for page in pages.values():
        figures.check_page(page, compiled.catalogue)
        names.check_names(page)
    return compiled


def read_pages(root: Path) -> dict[str, Page]:
    return {page.path: page for page in (read_page(root, file) for file in sorted(root.rglob("*.md")))}


def _read(pages: dict[str, Page]) -> Compiled:
    front: dict[str, Noun] = {}
    nouns: list[tuple[Page, Noun]] = []
    read = readings(pages)
    for page in pages.values():
        front[page.path], noun = _read_page(page, read.get(page.path, {}))
        if noun is not None:
            nouns.append((page, noun))

    def all_of(kind: type[Any]) -> tuple[Any, ...]:
        return tuple(noun for _, noun in nouns if isinstance(noun, kind))

    home = _only(pages, front, Home)
    regions = _regions(*_only_page(pages, front, Regions))
    products = tuple(sorted(all_of(Product), key=lambda each: (each.code, each.valid_from, each.version)))
    standards = all_of(ServiceStandard)
    if len(standards) != 1:
        raise ContentError("service-standard.md", 1, "", "exactly one page of type service_standard")
    catalogue = PublishedCatalogue(
        products=products,
        bundles=all_of(Bundle),
        campaigns=all_of(Campaign),
        regions=regions,
        outlets=all_of(Outlet),
        service_standard=standards[0],
        cases=all_of(CaseStudy),
        boards=all_of(Board),
        privacy=tuple(sorted(all_of(PrivacyText), key=lambda each: (each.scope, each.valid_from))),
        age_bands=age_bands(products),
        occupation_words=_occupation_words(*_only_page(pages, front, OccupationWords)),
        contact=Contact(hotline=home.contact.hotline, hotline_name=home.contact.hotline_name),
    )
    return Compiled(catalogue, pages, front)


def _read_page(page: Page, read: dict[str, Any]) -> tuple[Noun, Noun | None]:
    """The page's own fields and its noun; `read` is what a later version says of the same clauses."""
    common: dict[str, Any] = {name: page.meta[name] for name in Common.__struct_fields__ if name in page.meta}
    read_as(page, Common, common)
    if page.type not in PAGE_TYPES:
        raise page.error(".type", f"no page type `{page.type}`; known: {', '.join(PAGE_TYPES)}")
    shape, noun_shape = PAGE_TYPES[page.type]
    own = {name: value for name, value in page.meta.items() if name not in common} | read
    if noun_shape is None:
        return read_as(page, shape, own), None
    mine = {name: own.pop(name) for name in shape.__struct_fields__ if name in own}
    filled_in: dict[str, Any] = {}
    if noun_shape is Product:
        filled_in = {"terms_path": page.path, "terms_sha256": page.sha256}
    elif noun_shape is PrivacyText:
        filled_in = {"path": page.path, "sha256": page.sha256, "title": page.title}
    for name in filled_in.keys() & own.keys():
        raise page.error(f".{name}", "filled in by the compiler; remove it")
    return read_as(page, shape, mine), read_as(page, noun_shape, own | filled_in)


def _only_page(pages: dict[str, Page], front: dict[str, Noun], kind: type[Any]) -> tuple[Page, Any]:
    found = [path for path, noun in front.items() if isinstance(noun, kind)]
    if len(found) != 1:
        raise ContentError(
            "content", 1, "", f"exactly one page of type {kind.__name__.lower()}; found {found}"
        )
    return pages[found[0]], front[found[0]]


def _only(pages: dict[str, Page], front: dict[str, Noun], kind: type[Any]) -> Any:
    return _only_page(pages, front, kind)[1]


def _regions(page: Page, front: Regions) -> tuple[Region, ...]:
    """Fill in every region's path. Parents come before children, so there can be no circle."""
    made: dict[str, Region] = {}
    for n, values in enumerate(front.regions):
        at = f".regions[{n}]"
        code, parent = str(values.get("code")), values.get("parent")
        if code in made:
            raise page.error(f"{at}.code", f"`{code}` given twice")
        if parent is not None and parent not in made:
            raise page.error(f"{at}.parent", f"`{parent}` must be a region listed above")
        path = (code, *(made[parent].path if parent else ()))
        try:
            made[code] = msgspec.convert({**values, "path": path}, Region, strict=True)
        except msgspec.ValidationError as error:
            raise page.error(at, str(error)) from None
    return tuple(made.values())


def _occupation_words(page: Page, front: OccupationWords) -> dict[OccupationGroup, tuple[str, ...]]:
    """As given. A word means one occupation: one of two groups, or the name of another, is refused."""
    taken = {name: group for group, name in OCCUPATION_NAMES.items()}
    for group, words in front.words.items():
        for word in words:
            if word in taken:
                raise page.error(f".words.{group}", f"`{word}` is taken: it means {taken[word]}")
            taken[word] = group
    return front.words


def age_bands(products: Iterable[Product]) -> tuple[AgeBand, ...]:
    """Bands that lie wholly inside or outside every member product's ages, so that a band decides."""
    starts = {0}
    for product in products:
        if product.insured is Insured.CHILD:
            continue
        starts |= {product.ages.first, product.ages.last + 1}
    first = sorted(start for start in starts if start <= 120)
    last = [start - 1 for start in first[1:]] + [120]
    return tuple(
        AgeBand(code=f"{low}-{high}", first=low, last=high, label=_label(low, high))
        for low, high in zip(first, last, strict=True)
    )


def _label(low: int, high: int) -> str:
    if low == 0:
        return f"不满{high + 1}周岁"
    return f"{low}周岁及以上" if high == 120 else f"{low}—{high}周岁"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Compile content/ into the functions' data.json.")
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--check", action="store_true", help="fail if data.json is not what content/ compiles to"
    )
    way.add_argument("--write", action="store_true", help="write data.json (what happens without an option)")
    way.add_argument("--publish", action="store_true", help="add new terms and privacy files to terms.lock")
    parser.add_argument("--content", type=Path, default=CONTENT)
    options = parser.parse_args(arguments)
    try:
        if options.publish:
            print(
                "published:", *(lock.publish(options.content, read_pages(options.content)) or ["nothing new"])
            )
        data = data_json(compile_content(options.content).catalogue)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    if options.check and (not DATA.exists() or DATA.read_bytes() != data):
        print("data.json is not what content/ compiles to; run: make catalogue", file=sys.stderr)
        return 1
    if not options.check:
        DATA.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
