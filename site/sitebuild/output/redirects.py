"""Pages that lead on: from an old address, and from the short ones that are printed in codes.

Whoever kept an old address arrives at the new one, and a sheet on a wall leads on after pages have moved,
without a server's help. Short addresses are there for every campaign there ever was, over or not.
"""

from __future__ import annotations

import re
from functools import partial
from html import escape

from mkdocs.exceptions import PluginError

from sitebuild.addresses import page_url, short_addresses
from sitebuild.built import Built, Files

OLD_ADDRESS = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)+")


def redirect_html(target: str, title: str) -> str:
    """A page that sends its reader on at once, and offers the link where that is forbidden.

    `target` starts at the root, so that the page works on every stage; it is not indexed.
    """
    to, name = escape(target, quote=True), escape(title)
    page = to.partition("?")[0]
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={to}">\n'
        f'<link rel="canonical" href="{page}">\n'
        f"<title>{name}</title>\n</head>\n<body>\n"
        f'<h1>{name}</h1>\n<p>正在打开。没有自动打开，请点这里：<a href="{to}">{name}</a></p>\n'
        "</body>\n</html>\n"
    )


def redirects(built: Built) -> Files:
    """One page for each `moved_from` of the front matter, and for each short address.

    Raises PluginError naming file and field.
    """
    files: Files = {}
    taken: dict[str, str] = {}
    for path, page in sorted(built.compiled.pages.items()):
        for n, old in enumerate(page.meta.get("moved_from", ())):
            field = f".moved_from[{n}]"
            if not OLD_ADDRESS.fullmatch(old):
                message = f"`{old}` is no old address; write it like `guide/old-name/`"
                raise PluginError(str(page.error(field, message)))
            if old in taken:
                message = f"`{old}` already leads to {taken[old]}"
                raise PluginError(str(page.error(field, message)))
            if f"{old}index.html" in built.pages:
                message = f"there is a page at /{old}; a redirect would hide it"
                raise PluginError(str(page.error(field, message)))
            taken[old] = path
            files[f"{old}index.html"] = partial(_bytes, page_url(path), page.title)
    for campaign in built.compiled.catalogue.campaigns:
        for short, target in short_addresses(campaign).items():
            files[f"{short}index.html"] = partial(_bytes, target, campaign.name)
    return files


def _bytes(target: str, title: str) -> bytes:
    return redirect_html(target, title).encode()
