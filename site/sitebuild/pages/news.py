"""News and activities of this site, newest first."""

from __future__ import annotations

from typing import Any

from publishing.compiler import Compiled
from publishing.page_types import News
from publishing.source import Page

KINDS = {"news": "消息", "activity": "活动"}


def newest_first(made: Compiled) -> list[tuple[Page, News]]:
    """Every news page with its front matter; those of one day by file name."""
    found = [(made.pages[path], front) for path, front in made.front.items() if isinstance(front, News)]
    return sorted(sorted(found, key=lambda each: each[0].path), key=lambda each: each[1].date, reverse=True)


def context_of(front: News, made: Compiled) -> dict[str, Any]:
    """For the page's template: the campaign it tells of, if any."""
    campaign = made.catalogue.campaign(front.campaign) if front.campaign else None
    return {"news": front, "news_kind": KINDS[front.kind], "campaign": campaign}
