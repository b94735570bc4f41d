"""Short addresses, the ones printed in codes: a sheet on a wall must lead on after pages have moved.

`/q/<campaign>/<channel>/` and `/q/<campaign>/`, for every campaign there ever was, over or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.catalog.campaigns import Campaign
from sitebuild.redirects import redirect_html

if TYPE_CHECKING:
    from sitebuild.build import Built


def short_address(campaign: str, channel: str = "") -> str:
    """Below the site's own address, without a leading slash."""
    return f"q/{campaign}/{channel}/" if channel else f"q/{campaign}/"


def redirects(campaign: Campaign) -> dict[str, str]:
    """Short address -> where it leads."""
    page = f"/campaigns/{campaign.code}/"
    led = {short_address(campaign.code): page}
    led |= {
        short_address(campaign.code, each.code): f"{page}?channel={each.code}" for each in campaign.channels
    }
    return led


def write_short_addresses(built: Built) -> None:
    for campaign in built.compiled.catalogue.campaigns:
        for short, target in redirects(campaign).items():
            folder = built.site / short
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "index.html").write_text(redirect_html(target, campaign.name), "utf-8")
