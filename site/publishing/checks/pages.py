"""What several checks ask of a page: the right place, known places, no code twice, sources, clauses.

Each raises ContentError on its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Source, SourceKind
from publishing.source import ContentError, Page


def page_at(pages: dict[str, Page], path: str, kind: str) -> Page:
    """The page a code must live at, so that addresses and codes agree."""
    if path not in pages or pages[path].type != kind:
        raise ContentError(path, 1, "code", f"a page of type {kind} with this code must be this file")
    return pages[path]


def known_region(catalogue: Catalogue, code: str, page: Page, field: str) -> None:
    if code not in {region.code for region in catalogue.regions}:
        raise page.error(field, f"there is no region `{code}`")


def unique(page: Page, field: str, codes: Sequence[str]) -> None:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            raise page.error(f"{field}[{n}]", f"`{code}` given twice")


def sourced(page: Page, sources: dict[str, Source], needed: Iterable[str]) -> None:
    wanted = list(needed)
    for figure in wanted:
        if figure not in sources:
            raise page.error(".sources", f"no source for `{figure}`: published with where, or sample")
    for figure, source in sources.items():
        if figure not in wanted:
            raise page.error(f".sources.{figure}", "there is no such figure")
        if source.kind is SourceKind.PUBLISHED and not source.where:
            raise page.error(f".sources.{figure}", "a published figure must say where")


def anchored(page: Page, field: str, clause: str) -> None:
    if f"{{#{clause}}}" not in page.body:
        raise page.error(field, f"the text has no clause with the anchor {{#{clause}}}")
