"""What changed from one terms version to the next: the figures first, then the text clause by clause."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing import figures
from publishing.compiler import Compiled
from sitebuild.formats import yuan

_HEADING = re.compile(r"^#{2,3} (.+?) \{#([a-z0-9_-]+)\}$")
_RULE = re.compile(r"\|[-| ]+$")  # between a table's head and its body
_PIECE = re.compile(r"\d[\d,.]*|[A-Za-z]+|.", re.DOTALL)  # a number changes as a whole


@dataclass(frozen=True)
class Run:
    """`how`: same, gone, new."""

    how: str
    text: str


@dataclass(frozen=True)
class ChangedClause:
    anchor: str
    title: str
    state: str  # changed | added | removed
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ChangedFigure:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """Newest first on the page. `same` counts the clauses that did not change."""

    earlier: Product
    later: Product
    figures: tuple[ChangedFigure, ...]
    clauses: tuple[ChangedClause, ...]
    same: int


def changes(made: Compiled, code: str, on: ShanghaiDate) -> tuple[Change, ...]:
    """Between each two versions of a product that follow one another; empty while there is one."""
    versions = [each for each in made.catalogue.products if each.code == code]
    return tuple(_change(made, earlier, later, on) for earlier, later in reversed(list(pairwise(versions))))


def _change(made: Compiled, earlier: Product, later: Product, on: ShanghaiDate) -> Change:
    old, new = (_clauses(made, each, on) for each in (earlier, later))
    changed = tuple(_compared(old, new))
    same = sum(1 for anchor in old if anchor in new and old[anchor] == new[anchor])
    return Change(earlier, later, tuple(_figures(earlier, later)), changed, same)


def _clauses(made: Compiled, product: Product, on: ShanghaiDate) -> dict[str, tuple[str, str]]:
    """(title, text) by anchor, with figures filled in and sample marks left out: they are no change."""
    body = figures.render_body(made.pages[product.terms_path], made.catalogue, on).replace("※", "")
    found: dict[str, tuple[str, str]] = {}
    anchor, title, lines = "", "", list[str]()
    for line in [*body.split("\n"), "## end {#end}"]:
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        if anchor:
            found[anchor] = (title, plain("\n".join(lines)))
        title, anchor, lines = heading[1], heading[2], []
    return found


def plain(markdown: str) -> str:
    """The words of a clause: table bars, list marks and link targets are not its text."""
    text = re.sub(r"\]\([^)]*\)|\[|\*\*", "", markdown)
    rows = (
        re.sub(r"\s*\|\s*", " ", line).strip()
        for line in text.split("\n")
        if not re.match(r"\|[-| ]+$", line)
    )
    return "\n".join(row for row in rows if row)


def _compared(old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]]) -> Iterator[ChangedClause]:
    for anchor, (title, text) in new.items():
        if anchor not in old:
            yield ChangedClause(anchor, title, "added", (Run("new", text),))
        elif old[anchor] != new[anchor]:
            yield ChangedClause(anchor, title, "changed", tuple(runs(old[anchor][1], text)))
    for anchor, (title, text) in old.items():
        if anchor not in new:
            yield ChangedClause(anchor, title, "removed", (Run("gone", text),))


def runs(before: str, after: str) -> Iterator[Run]:
    """`before` and `after` as one text: what stayed, went and came, in reading order."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield Run("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Run("gone", "".join(old[a:b]))
        if d > c:
            yield Run("new", "".join(new[c:d]))


# --- figures ---------------------------------------------------------------------------------------------

_LABELS = {
    "fee_fen": "会费",
    "period_years": "保障期（年）",
    "ages.first": "年龄，最小",
    "ages.last": "年龄，最大",
    "units.most": "最多份数",
    "waiting_period.first_days": "等待期，首次参加（天）",
    "waiting_period.renewal_days": "等待期，续保（天）",
    "reduced_benefit_period.first_until_day": "减责期到第几天",
    "reduced_benefit_period.percent": "减责期给付比例（%）",
    "period_limit_fen": "一个保障期最多给付",
    "notice.days": "报告期限（天）",
    "filing.days": "申领期限（天）",
}
_BENEFIT_LABELS = {
    "amount_fen": "",
    "sum_fen": "（最高）",
    "daily_fen": "（每天）",
    "annual_limit_fen": "（每年最高）",
    "deductible_fen": "，起付线",
    "from_day": "，从第几天起",
    "max_days": "，最多天数",
}


def _figures(earlier: Product, later: Product) -> Iterator[ChangedFigure]:
    for path, label in _LABELS.items():
        yield from _changed(label, path, _value(earlier, path), _value(later, path))
    known = {each.id: each for each in earlier.benefits}
    for benefit in later.benefits:
        before = known.get(benefit.id)
        for field, word in _BENEFIT_LABELS.items():
            if hasattr(benefit, field):
                label = benefit.name + word
                yield from _changed(label, field, getattr(before, field, None), getattr(benefit, field))
        diseases = (len(getattr(each, "diseases", ())) or None for each in (before, benefit))
        yield from _changed(f"{benefit.name}，病种数", "disease_count", *diseases)


def _changed(label: str, path: str, before: Any, after: Any) -> Iterator[ChangedFigure]:
    if before != after:
        yield ChangedFigure(label, _shown(path, before), _shown(path, after))


def _shown(path: str, value: Any) -> str:
    if value is None:
        return "没有这一项"
    if path.endswith("_fen"):
        return f"{yuan(value)}元"
    return f"{value:,}"


def _value(product: Product, path: str) -> Any:
    value: Any = msgspec.to_builtins(product)
    for step in path.split("."):
        value = value[step]
    return value


def changed_codes(products: Sequence[Product]) -> tuple[str, ...]:
    """The products with more than one version."""
    codes = [each.code for each in products]
    return tuple(dict.fromkeys(code for code in codes if codes.count(code) > 1))
