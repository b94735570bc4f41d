"""Short addresses, the ones printed in codes: a sheet on a wall must lead on after pages have moved.

`/q/<campaign>/<channel>/` and `/q/<campaign>/`, for every campaign there ever was, over or not.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from chalicelib.catalog.campaigns import Campaign

if TYPE_CHECKING:
    from sitebuild.build import Built

# Nothing inline: the policy knows no script and no style for it. The link is for who has refreshing off.
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{name}</title>
<link rel="canonical" href="{page}">
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body>
<main>
<h1>{name}</h1>
<p>正在打开活动页面。没有打开的话，<a href="{target}">请点这里看活动</a>。</p>
</main>
</body>
</html>
"""


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
            text = _PAGE.format(
                name=escape(campaign.name), page=target.partition("?")[0], target=escape(target)
            )
            (folder / "index.html").write_text(text, "utf-8")
