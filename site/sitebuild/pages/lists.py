"""Lists of pages: of a folder, of the products in the order of their cards."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild import formats
from sitebuild.addresses import page_url
from sitebuild.pages import news

# Lists of a folder's pages, made when nobody wrote an index.md there: folder -> (title, one line).
LISTS = {
    "products": ("保障项目", "保什么、不保什么、谁出钱，一页看明白。"),
    "bundles": ("套餐", "几项保障放在一起，一次参加。"),
    "campaigns": ("活动", "看看谁替您出钱，什么时候截止，您能不能参加。"),
    "cases": ("真实案例", "各地怎么做的，数字从哪里来，都写清楚。"),
    "news": ("消息", "本站新添了什么、有什么活动，新的在前。"),
    "guide": ("办事指南", "怎么参加、怎么申领、怎么查，一步一步来。"),
    "faq": ("百问百答", "大家常问的，用大白话一条一条答。"),
    "outlets": ("服务网点", "当地工会在哪里、能办什么。"),
    "privacy": ("隐私告知", "我们要哪些信息、为什么要、怎么保护，一份一份说清楚。"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a list."""

    url: str
    title: str
    text: str


def entries(made: Compiled, folder: str) -> tuple[Entry, ...]:
    """The pages a folder's list shows: its own files, or the index of each folder inside it."""
    if folder == "news":
        return tuple(
            Entry(page_url(page.path), page.title, f"{formats.day(front.date)}，{page.description}")
            for page, front in news.newest_first(made)
        )
    found = []
    for path, page in sorted(made.pages.items(), key=lambda each: (each[1].order, each[0])):
        inside, _, rest = path.partition("/")
        if inside == folder and rest != "index.md" and (rest.endswith("/index.md") or "/" not in rest):
            found.append(Entry(page_url(path), page.title, page.description))
    return tuple(found)


def ordered_products(made: Compiled, on: ShanghaiDate) -> list[Product]:
    """The products of the day in the order of their cards."""
    found = made.catalogue.products_on(on)
    return sorted(found, key=lambda each: made.pages[f"products/{each.code}/index.md"].order)
