"""How much a page counts beside others that say the same words, from 1 to 9."""

from __future__ import annotations

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from publishing.source import Page

# Not searched: it says nothing of its own.
LEFT_OUT = frozenset({"not_found", "search", "search_words"})
BY_TYPE = {
    "faq": 9,
    "guide": 9,
    "situations": 9,
    "product": 6,  # ten cards say the same headings: an answer of its own goes first
    "campaign": 7,
    "service": 7,
    "home": 7,
    "bundle": 7,
    "outlet": 7,
    "service_standard": 9,
    "case": 3,
    "index": 5,
    "news": 5,
    "terms": 4,
    "about": 4,
    "privacy": 4,
}
OTHER = 5
PAST = 2  # terms nobody joins under any more, campaigns that are over


def rank_of(page: Page | None, made: Compiled, on: ShanghaiDate) -> int:
    """`page` is None for one that nobody wrote (a list, a campaign's join form). 0: leave it out."""
    if page is None:
        return BY_TYPE["index"]
    if page.type in LEFT_OUT:
        return 0
    return PAST if _is_past(page, made, on) else BY_TYPE.get(page.type, OTHER)


def _is_past(page: Page, made: Compiled, on: ShanghaiDate) -> bool:
    catalogue = made.catalogue
    if page.type == "terms":
        current = {each.terms_path for each in catalogue.products_on(on)}
        return page.path not in current
    if page.type == "campaign":
        return on > catalogue.campaign(page.meta["code"]).window.last
    if page.type == "privacy":
        own = next(each for each in catalogue.privacy if each.path == page.path)
        return catalogue.consent_text(own.scope, on).path != own.path
    return False
