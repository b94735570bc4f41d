"""Who is named in what was built: the second look of publishing.names, at what came out.

Sources are checked where they are written; a template, a script or a view could still put a name on a page.
A built text may name whom its own page declares under `people:`, and whom a page declares that it leads to,
so that a list, an entry of the feed, a row of a table or a result of the search may say what that page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from publishing import names
from sitebuild import spoken, views

if TYPE_CHECKING:
    from sitebuild.build import Built


def strangers(built: Built) -> Iterator[tuple[str, str]]:
    """(address, name) of everybody who is named and not declared, once for each address."""
    declared = {views.page_url(path): names.declared_on(page) for path, page in built.compiled.pages.items()}
    seen = set()
    for said in spoken.everything(built):
        pages = {said.where, *(_page(each, said.where, built.address) for each in said.leads)}
        known = set().union(*(declared.get(each, set()) for each in pages))
        for line in said.words.split("\n"):
            seen.update((said.where, name) for name in names.undeclared(line, known))
    yield from sorted(seen)


def _page(target: str, where: str, address: str) -> str:
    """The address of the page a link leads to, from the root; of another host's page its own."""
    if target.startswith(address):
        target = "/" + target.removeprefix(address)
    return target if urlsplit(target).netloc else urlsplit(urljoin(where, target)).path
