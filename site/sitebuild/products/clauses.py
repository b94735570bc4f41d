"""A terms text clause by clause, each with the plain words that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.catalog.terms import Product

_CLAUSE = re.compile(r'(?=<h[23] id="([a-z0-9_-]+)")')


@dataclass(frozen=True)
class Plain:
    """One clause in plain words: `example` only where the terms' data give one."""

    text: str
    example: str = ""


@dataclass(frozen=True)
class Clause:
    """`html` is the binding text from its heading up to the next heading."""

    anchor: str
    html: str
    plain: tuple[Plain, ...]


def clauses(html: str, product: Product, written: dict[str, str]) -> tuple[str, tuple[Clause, ...]]:
    """(what stands before the first heading, the clauses). `written`: the card's own words by anchor."""
    parts = _CLAUSE.split(html)
    said = _said(product)
    return parts[0], tuple(
        Clause(anchor, text, (*said.get(anchor, ()), *_own(written.get(anchor))))
        for anchor, text in zip(parts[1::2], parts[2::2], strict=True)
    )


def _own(text: str | None) -> tuple[Plain, ...]:
    return (Plain(text),) if text else ()


def _said(product: Product) -> dict[str, list[Plain]]:
    """What the data themselves say in plain words, by clause: benefits, conditions and exclusions."""
    found: dict[str, list[Plain]] = {}
    for benefit in product.benefits:
        found.setdefault(benefit.clause, []).append(Plain(benefit.plain))
        for condition in benefit.conditions:
            said = Plain(f"{benefit.name}：{condition.plain}")
            found.setdefault(condition.clause, []).append(said)
    for exclusion in product.exclusions:
        found.setdefault(exclusion.clause, []).append(Plain(exclusion.plain, exclusion.example))
    return found
