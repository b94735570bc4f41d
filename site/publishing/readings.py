"""What data say of a clause, for terms published before the data could say it.

The words of a clause bind; the data beside them are how the office reads them. A published file never
changes, so a reading is mended in the next version: where an earlier version has the very same words, the
later one's reading of exclusions and conditions holds for it too (docs/decisions/0016). Sums, days and papers
are never taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from publishing.source import Page

_HEADING = re.compile(r"^#{2,3} .*\{#([a-z0-9_-]+)\}$", re.MULTILINE)
Reading = dict[str, Any]


def readings(pages: dict[str, Page]) -> dict[str, Reading]:
    """path of a superseded terms file -> the front matter fields that a later version reads for it."""
    made: dict[str, Reading] = {}
    by_code: dict[str, list[Page]] = {}
    for page in pages.values():
        if page.type == "terms" and _version(page) is not None:
            by_code.setdefault(str(page.meta.get("code")), []).append(page)
    for versions in by_code.values():
        newest_first = sorted(versions, key=lambda page: _version(page) or (), reverse=True)
        for later, earlier in pairwise(newest_first):
            made[earlier.path] = _reading(earlier, later, {**later.meta, **made.get(later.path, {})})
    return made


def is_superseded(page: Page, pages: Iterable[Page]) -> bool:
    """Whether a later version of these terms stands among the pages."""
    mine = _version(page)
    return mine is not None and any(
        each.type == "terms"
        and each.meta.get("code") == page.meta.get("code")
        and (_version(each) or ()) > mine
        for each in pages
    )


def clause_texts(page: Page) -> dict[str, str]:
    """anchor -> the words of the clause, its heading included."""
    starts = list(_HEADING.finditer(page.body))
    ends = [*(each.start() for each in starts[1:]), len(page.body)]
    return {each[1]: page.body[each.start() : end].strip() for each, end in zip(starts, ends, strict=True)}


def _version(page: Page) -> tuple[int, ...] | None:
    found = re.fullmatch(r"(\d{4})-(\d+)", str(page.meta.get("version", "")))
    return (int(found[1]), int(found[2])) if found else None


def _reading(earlier: Page, later: Page, read: Reading) -> Reading:
    old, new = clause_texts(earlier), clause_texts(later)
    same = {anchor for anchor, words in old.items() if new.get(anchor) == words}
    return {
        "exclusions": list(_exclusions(_items(earlier.meta, "exclusions"), _items(read, "exclusions"), same)),
        "benefits": [
            {**each, "conditions": list(_conditions(each, _items(read, "benefits"), same))}
            for each in _items(earlier.meta, "benefits")
        ],
    }


def _exclusions(old: list[Reading], new: list[Reading], same: set[str]) -> Iterator[Reading]:
    """Clause by clause in the old order; a clause may be read as several exclusions now."""
    told: set[Any] = set()
    for each in old:
        clause = each.get("clause")
        read = [other for other in new if other.get("clause") == clause] if clause in same else []
        if not read:
            yield each
        elif clause not in told:
            yield from read
        told.add(clause)


def _conditions(benefit: Reading, new: list[Reading], same: set[str]) -> Iterator[Reading]:
    yield from (each for each in _items(benefit, "conditions") if each.get("clause") not in same)
    for other in new:
        if other.get("id") == benefit.get("id"):
            yield from (each for each in _items(other, "conditions") if each.get("clause") in same)


def _items(meta: Reading, name: str) -> list[Reading]:
    """Whatever is no list of mappings is left for the types to refuse."""
    found = meta.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
