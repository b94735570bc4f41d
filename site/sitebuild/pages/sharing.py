"""What others see of a page before they open it: chat previews, search engines, feed readers.

Addresses are absolute here and only here; links on pages start at the root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.addresses import page_url
from sitebuild.pages.lists import LISTS

PICTURES = "press/share/"  # drawn with the press kit, one per campaign and product
DEFAULT_PICTURE = "default"
ARTICLES = frozenset({"case", "faq", "guide", "news", "situations"})
# What these show belongs to whoever signed in, or is for nobody outside.
PERSONAL_SERVICES = frozenset({"my", "certificate", "parts"})


@dataclass(frozen=True)
class Share:
    """`crumbs` are (name, absolute address) from the front page down to this page.

    `canonical` is the address a search engine should lead to instead of this page's own, mostly the same one;
    empty if it should lead to none.
    """

    url: str
    kind: str
    picture: str
    canonical: str
    crumbs: tuple[tuple[str, str], ...]


def share_of(meta: dict[str, Any], path: str, made: Compiled, on: ShanghaiDate, address: str) -> Share:
    url = page_url(path)
    leads = canonical(meta, url, made, on)
    return Share(
        url=address + url[1:],
        kind="article" if meta["type"] in ARTICLES else "website",
        picture=f"{address}{PICTURES}{picture_code(meta, made)}.png",
        canonical=address + leads[1:] if leads else "",
        crumbs=tuple((name, address + each[1:]) for name, each in _crumbs(url, str(meta["title"]), made)),
    )


def picture_code(meta: dict[str, Any], made: Compiled) -> str:
    """The campaign or product a page is about, if it is about one."""
    named = {
        "campaign": meta.get("code"),
        "terms": meta.get("code"),
        "product": meta.get("product"),
        "papers": meta.get("product"),
        "service": meta.get("campaign"),
    }.get(meta["type"])
    known = {each.code for each in made.catalogue.campaigns} | {each.code for each in made.catalogue.products}
    return str(named) if named in known else DEFAULT_PICTURE


def canonical(meta: dict[str, Any], url: str, made: Compiled, on: ShanghaiDate) -> str:
    """From the root; none for what is over or personal, and a campaign's page instead of its form."""
    code = {"campaign": meta.get("code"), "service": meta.get("campaign")}.get(meta["type"])
    if code:
        campaign = made.catalogue.campaign(str(code))
        return page_url(f"campaigns/{campaign.code}.md") if on <= campaign.window.last else ""
    if meta["type"] == "not_found" or meta.get("service") in PERSONAL_SERVICES:
        return ""
    return url


def _crumbs(url: str, title: str, made: Compiled) -> list[tuple[str, str]]:
    names = {f"/{folder}/": name for folder, (name, _) in LISTS.items()}
    names |= {page_url(path): page.title for path, page in made.pages.items()}
    names[url] = title
    steps = url.strip("/").split("/") if url != "/" else []
    above = ["/", *("/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps)))]
    return [(names[each], each) for each in above if each in names]
