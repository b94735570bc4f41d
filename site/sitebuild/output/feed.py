"""The Atom feed of news and campaigns."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from sitebuild.addresses import page_url
from sitebuild.built import Built, Files
from sitebuild.pages.news import newest_first

FEED = "feed.xml"


def feed_file(built: Built) -> Files:
    return {FEED: lambda: feed(built).encode()}


def feed(built: Built) -> str:
    """Atom 1.0. An entry's id is its page's address, which stays its own for ever (a page that moves leaves a
    redirect); its date is the one the content says, so that two builds of one content are the same."""
    items = [
        (front.date, page.path, page.title, page.description) for page, front in newest_first(built.compiled)
    ]
    for campaign in built.compiled.catalogue.campaigns:
        if built.on <= campaign.window.last:
            page = built.compiled.pages[f"campaigns/{campaign.code}.md"]
            items.append((campaign.window.first, page.path, page.title, page.description))
    items.sort(key=lambda each: (each[0], each[1]), reverse=True)
    home = built.compiled.pages["index.md"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<title>{escape(home.title)}</title>",
        f"<subtitle>{escape(home.description)}</subtitle>",
        f"<id>{escape(built.address)}</id>",
        f"<updated>{_moment(max((each[0] for each in items), default=built.on))}</updated>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(built.address + FEED)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(built.address)}/>',
        f"<author><name>{escape(home.title)}</name></author>",
    ]
    lines += [line for item in items for line in _entry(built.address, *item)]
    return "\n".join([*lines, "</feed>"]) + "\n"


def _entry(address: str, day: date, path: str, title: str, text: str) -> list[str]:
    url = address + page_url(path)[1:]
    return [
        "<entry>",
        f"<title>{escape(title)}</title>",
        f"<id>{escape(url)}</id>",
        f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>',
        f"<updated>{_moment(day)}</updated>",
        f"<summary>{escape(text)}</summary>",
        "</entry>",
    ]


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"
