"""The addresses of this site: of a page by its file, and the short ones that are printed in codes."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urljoin

from chalicelib.catalog.campaigns import Campaign

_RELATIVE = re.compile(r'( (?:href|src)=")(?![a-z]+:|[/#])([^"]+)')


def page_url(path: str) -> str:
    """`products/x/terms-2026-1.md` -> `/products/x/terms-2026-1/`; an index page is its folder."""
    stem = path.removesuffix(".md")
    return "/" + (stem.removesuffix("index") if stem.endswith("index") else stem + "/")


def source_of(url: str, written: Collection[str]) -> str | None:
    """The content file of a page at `url` (from the root), if it is among those somebody has `written`."""
    stem = url.strip("/")
    for path in (f"{stem}.md", f"{stem}/index.md") if stem else ("index.md",):
        if path in written:
            return path
    return None


def rooted(html: str, url: str) -> str:
    """The page of `url` at any other depth: its links start at the root."""
    return _RELATIVE.sub(lambda link: link[1] + urljoin(url, link[2]), html)


def short_address(campaign: str, channel: str = "") -> str:
    """Below the site's own address, without a leading slash. It hangs on walls, so it is never removed."""
    return f"q/{campaign}/{channel}/" if channel else f"q/{campaign}/"


def short_addresses(campaign: Campaign) -> dict[str, str]:
    """Short address -> where it leads, for each channel and for none."""
    page = f"/campaigns/{campaign.code}/"
    led = {short_address(campaign.code): page}
    led |= {
        short_address(campaign.code, each.code): f"{page}?channel={each.code}" for each in campaign.channels
    }
    return led
