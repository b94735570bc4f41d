"""First-view bytes and requests of every built page: what a phone pays before it shows anything.

What a script asks the API for later is not part of it: a phone that has signed in asks who it is, others only
when somebody acts. What a browser really asks for is measured by `make bench`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.site.html import Parsed, read_html

KB = 1024
TOTAL = 14 * KB  # brotli, page and scripts: what fits the first TCP window
FORM_TOTAL = (
    16 * KB
)  # a page with a form of several steps: its use goes before the last kilobyte (decision 0009)


@dataclass(frozen=True)
class Budget:
    """Bytes raw and brotli of the page itself, brotli of its scripts, and requests on a cold first view."""

    raw: int
    html: int
    scripts: int
    requests: int


# Every page has the few lines of large text; a reading page has no other script.
READING = Budget(28 * KB, 8 * KB, 1 * KB, 2)
# The first pattern a page's path matches decides; a page no pattern knows is a reading page.
BUDGETS = {
    "q/*": Budget(1 * KB, 1 * KB, 0, 1),  # a printed short address only leads on
    "campaigns/*/index.html": Budget(26 * KB, 8 * KB, 1 * KB, 2),
    "products/compare/index.html": READING,
    "products/*/changes/index.html": READING,
    "products/*/papers/index.html": Budget(45 * KB, 8 * KB, 1 * KB, 2),  # one leaf of paper a kind of claim
    "products/*/terms-*/index.html": Budget(44 * KB, 12 * KB, 1 * KB, 2),
    # A product page also reckons what one would get, with a script that asks for its figures on demand.
    "products/*/index.html": Budget(34 * KB, 12 * KB, 1 * KB, 2),
    # The join page holds every step and signs in; what comes after is asked for at the first touch.
    "services/join/*/index.html": Budget(40 * KB, 10 * KB, 5 * KB, 2),
    "search/index.html": Budget(16 * KB, 6 * KB, 2 * KB, 2),
    "services/my/index.html": Budget(24 * KB, 8 * KB, 5760, 2),  # signing in; covers and their days
    "services/*": Budget(24 * KB, 8 * KB, 4 * KB, 2),
    # One row a printed paper of every product and campaign: the office's own page, not a rider's.
    "press/index.html": Budget(48 * KB, 8 * KB, 1 * KB, 2),
}
# Links a browser reads and does not follow: search engines and feed readers do; microdata has no rel.
NOT_LOADED = {"canonical", "alternate", None}
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "srcset",
    "video": "src",
    "object": "data",
}


def budget_of(path: str) -> Budget:
    path = re.sub(r"^day/[^/]+/", "", path)  # a page of a coming day is as heavy as today's
    return next((budget for pattern, budget in BUDGETS.items() if fnmatch(path, pattern)), READING)


def brotli_bytes(file: Path) -> int:
    """What goes over the line; a file too small to be worth compressing goes as it is."""
    twin = file.with_name(file.name + ".br")
    return (twin if twin.exists() else file).stat().st_size


def broken_budgets(site: Path, path: str) -> list[str]:
    """What is over, in words."""
    page, budget = read_html(site / path), budget_of(path)
    scripts = [site / each.attributes["src"].lstrip("/") for each in page.all("script")]
    html, script = brotli_bytes(site / path), sum(map(brotli_bytes, scripts))
    measures = {
        "bytes raw": ((site / path).stat().st_size, budget.raw),
        "bytes of HTML": (html, budget.html),
        "bytes of scripts": (script, budget.scripts),
        "bytes in all": (html + script, FORM_TOTAL if fnmatch(path, "services/join/*") else TOTAL),
        "requests": (1 + len(_loaded_at_once(page)), budget.requests),
    }
    return [f"{path}: {is_} {what}, of {most}" for what, (is_, most) in measures.items() if is_ > most]


def _loaded_at_once(page: Parsed) -> list[str]:
    """Addresses a browser asks for by itself before anybody scrolls or acts."""
    named = [
        each.attributes[attribute]
        for tag, attribute in LOADING.items()
        for each in page.all(tag)
        if attribute in each.attributes and each.attributes.get("loading") != "lazy"
    ]
    links = [each for each in page.all("link") if each.attributes.get("rel") not in NOT_LOADED]
    return [each for each in [*named, *(link.attributes["href"] for link in links)] if not _inline(each)]


def _inline(address: str) -> bool:
    return address.startswith("data:")


def _pages(site: Path) -> list[str]:
    found = sorted(str(file.relative_to(site)) for file in site.rglob("*.html"))
    assert len(found) > 100, "the site has lost its pages"
    return found


def test_the_first_view_of_every_page_stays_within_its_budget(site_dir: Path) -> None:
    over = [line for path in _pages(site_dir) for line in broken_budgets(site_dir, path)]
    assert not over, "\n".join(over)


def test_every_budget_is_of_a_page(site_dir: Path) -> None:
    paths = _pages(site_dir)
    idle = [pattern for pattern in BUDGETS if not any(fnmatch(path, pattern) for path in paths)]
    assert not idle, "no page matches these"


def test_no_page_asks_another_host(site_dir: Path) -> None:
    outside = [
        f"{path}: {address}"
        for path in _pages(site_dir)
        for address in [*_named_anywhere(site_dir / path)]
        if re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE)
    ]
    assert not outside, "\n".join(outside)


def _named_anywhere(file: Path) -> list[str]:
    """Lazily loaded or not, and what styles name."""
    page, text = read_html(file), file.read_text("utf-8")
    tags = [
        each.attributes.get(attribute, "") for tag, attribute in LOADING.items() for each in page.all(tag)
    ]
    links = [
        each.attributes["href"]
        for each in page.all("link")
        if each.attributes.get("rel") not in NOT_LOADED and "href" in each.attributes
    ]
    styles = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text)
    return [*tags, *links, *("".join(each) for each in styles)]


def test_only_the_icon_is_linked_and_it_is_part_of_the_page(site_dir: Path) -> None:
    for path in _pages(site_dir):
        page = read_html(site_dir / path)
        leading_on = any(each.attributes.get("http-equiv") == "refresh" for each in page.all("meta"))
        links = [each for each in page.all("link") if each.attributes.get("rel") not in NOT_LOADED]
        rels = [each.attributes["rel"] for each in links]
        assert rels == ["icon"] or (leading_on and not rels), f"{path}: {rels}"
        assert all(_inline(each.attributes["href"]) for each in links), path
