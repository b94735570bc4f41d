"""Guides that begin with what happened: for each situation the papers of every product that pays in it.

Nothing is written twice: names, reasons and ways out come from the terms of the day. The words of one product
stand on its own list (`/products/<code>/papers/`); here a paper is explained once, as most of its terms do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.catalog.terms import ClaimType, Document, Product
from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from publishing.page_types import Situation, Situations
from sitebuild.addresses import page_url

Asking = tuple[Product, ClaimType]


@dataclass(frozen=True)
class PaperList:
    """Papers, and whichever products ask for exactly these. `papers` are (anchor, document)."""

    askers: tuple[tuple[str, str], ...]  # (name, address of the printable list)
    papers: tuple[tuple[str, Document], ...]


@dataclass(frozen=True)
class Happening:
    situation: Situation
    lists: tuple[PaperList, ...]


@dataclass(frozen=True)
class Explained:
    anchor: str
    id: str
    name: str
    why: str
    if_you_cannot_get_it: str


@dataclass(frozen=True)
class View:
    """`doors` lead from every such page to each situation of all of them: (group, (title, address)s)."""

    happenings: tuple[Happening, ...]
    papers: tuple[Explained, ...]
    doors: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def view(made: Compiled, path: str, on: ShanghaiDate) -> View:
    guides = _guides(made)
    asked = [(each, _asking(each, made, on)) for each in guides[path].situations]
    documents = [document for _, found in asked for _, claim in found for document in claim.documents]
    anchors = _anchors(documents, (situation.id for situation, _ in asked))
    return View(
        tuple(Happening(situation, _lists(found, anchors)) for situation, found in asked),
        tuple(_explained(name, anchor, documents) for name, anchor in anchors.items()),
        tuple(_doors(guides, path)),
    )


def brief(product: Product) -> str:
    """The product's name without what all of them are called."""
    return product.short_name.removesuffix("互助保障")


def _guides(made: Compiled) -> dict[str, Situations]:
    """Every such page by path, in the order of the guide's list."""
    paths = sorted(made.pages, key=lambda path: (made.pages[path].order, path))
    return {path: front for path in paths if isinstance(front := made.front[path], Situations)}


def _doors(guides: dict[str, Situations], here: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for path, guide in guides.items():
        address = "" if path == here else page_url(path)
        yield (
            guide.group,
            tuple(
                (each.title.removeprefix(guide.group), f"{address}#{each.id}") for each in guide.situations
            ),
        )


def _asking(situation: Situation, made: Compiled, on: ShanghaiDate) -> list[Asking]:
    """The claim types a situation names, as far as the day's terms have them."""
    today = {
        f"{product.code}.{claim.code}": (product, claim)
        for product in made.catalogue.products_on(on)
        for claim in product.claim_types
    }
    return [today[name] for name in situation.claims if name in today]


def _lists(asked: Iterable[Asking], anchors: dict[str, str]) -> tuple[PaperList, ...]:
    """One list for all that ask for the same papers on the same conditions."""
    same: dict[tuple[tuple[str, str], ...], list[Asking]] = {}
    for product, claim in asked:
        same.setdefault(tuple((each.name, each.when) for each in claim.documents), []).append(
            (product, claim)
        )
    return tuple(
        PaperList(
            tuple(
                (brief(product), f"/products/{product.code}/papers/#{claim.code}") for product, claim in of
            ),
            tuple((anchors[each.name], each) for each in of[0][1].documents),
        )
        for of in same.values()
    )


def _anchors(documents: Iterable[Document], taken: Iterable[str]) -> dict[str, str]:
    """Name of a paper -> its anchor: the document's id, counted on where another name or situation has it."""
    anchors: dict[str, str] = {}
    had = Counter(taken)
    for each in documents:
        if each.name not in anchors:
            had[each.id] += 1
            anchors[each.name] = f"{each.id}-{had[each.id]}" if had[each.id] > 1 else each.id
    return anchors


def _explained(name: str, anchor: str, documents: Iterable[Document]) -> Explained:
    named = [each for each in documents if each.name == name]
    return Explained(
        anchor,
        named[0].id,
        name,
        _most_common(each.why for each in named),
        _most_common(each.if_you_cannot_get_it for each in named),
    )


def _most_common(texts: Iterable[str]) -> str:
    return Counter(texts).most_common(1)[0][0]
