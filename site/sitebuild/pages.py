"""Which template a page gets, what that template is given, and the pages nobody writes by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing import figures
from publishing.compiler import Compiled
from sitebuild import (
    boards,
    campaign_lists,
    campaign_words,
    changes,
    comparison,
    estimates,
    news,
    situations,
    splits,
    views,
    words,
    worked,
)

# Types that are only text share one template.
TEXT_TYPES = frozenset({"about", "guide", "faq", "outlet", "regions"})
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
MENU = (
    ("/products/", "保障"),
    ("/campaigns/", "活动"),
    ("/cases/", "案例"),
    ("/guide/", "指南"),
    ("/services/my/", "我的"),
)
SHEET_OF = {  # every other type: "read"
    "service": "service",
    "search": "search",
    "product": "card",
    "situations": "card",
    "campaign": "ask",
    "terms": "data",
    "changes": "data",
    "case": "data",
    "board": "data",
    "compare": "data",
    "papers": "data",
}


@dataclass(frozen=True)
class Entry:
    """One line of a list."""

    url: str
    title: str
    text: str


def template_of(meta: dict[str, Any]) -> str:
    """The template's file name. Service pages have one each."""
    kind = str(meta["type"])
    if kind == "service":
        return f"service-{meta['service']}.html"
    if kind in TEXT_TYPES:
        return "text.html"
    return kind.replace("_", "-") + ".html"


def made_pages(made: Compiled, existing: Collection[str], on: ShanghaiDate) -> dict[str, str]:
    """Markdown files to add, by path: a join page for each campaign open to single persons, the certificate,
    missing lists."""
    added = {}
    join = made.pages.get("services/join.md")
    if join is not None:
        for campaign in made.catalogue.campaigns:
            if not views.campaign_view(made.catalogue, campaign, on).joins_online:
                continue
            added[f"services/join/{campaign.code}.md"] = _front(
                type="service",
                service="join",
                campaign=campaign.code,
                title=f"参加：{campaign.name}",
                description=join.description,
                text_of="services/join.md",
            )
    if "services/certificate.md" not in existing:
        added["services/certificate.md"] = _front(
            type="service",
            service="certificate",
            title="保障凭证",
            description="查看、打印或保存您的互助保障凭证，任何人都能在线核对真假。",
        )
    for code in changes.changed_codes(made.catalogue.products):
        name = made.catalogue.product(code, on).short_name
        added[f"products/{code}/changes.md"] = _front(
            type="changes",
            product=code,
            title=f"条款改了什么：{name}",
            description=f"{name}各个版本条款之间，数字和文字改了什么，逐条对照。",
        )
    for product in made.catalogue.products_on(on):
        added[f"products/{product.code}/papers.md"] = _front(
            type="papers",
            product=product.code,
            title=f"申领材料清单：{product.short_name}",
            description=f"{product.short_name}申领要交哪几样，为什么要、拿不到怎么办、怎么拍，打印出来一样一样打勾。",
        )
    if made.catalogue.products and "products/compare.md" not in existing:
        added["products/compare.md"] = _front(
            type="compare",
            title="各项保障放在一起比",
            description="会费、最多能领多少、等几天、管什么、不管什么，所有保障项目一张表看清。",
        )
    for folder, (title, text) in LISTS.items():
        if f"{folder}/index.md" not in existing and entries(made, folder):
            added[f"{folder}/index.md"] = _front(type="index", title=title, description=text)
    return added


def _front(**values: str) -> str:
    lines = "".join(f"{name}: {value!r}\n" for name, value in values.items())
    return f"---\n{lines}---\n"


def entries(made: Compiled, folder: str) -> tuple[Entry, ...]:
    """The pages a folder's list shows: its own files, or the index of each folder inside it."""
    if folder == "news":
        return tuple(
            Entry(views.page_url(page.path), page.title, f"{words.day(front.date)}，{page.description}")
            for page, front in news.newest_first(made)
        )
    found = []
    for path, page in sorted(made.pages.items(), key=lambda each: (each[1].order, each[0])):
        inside, _, rest = path.partition("/")
        if inside == folder and rest != "index.md" and (rest.endswith("/index.md") or "/" not in rest):
            found.append(Entry(views.page_url(path), page.title, page.description))
    return tuple(found)


def context_of(meta: dict[str, Any], path: str, made: Compiled, on: ShanghaiDate) -> dict[str, Any]:
    """What the page's template is given beyond the page itself."""
    catalogue = made.catalogue
    kind = meta["type"]
    source = made.pages.get(str(meta.get("text_of", path)))
    given: dict[str, Any] = {
        "kind": kind,
        "title": meta["title"],
        "description": meta["description"],
        "samples": meta.get("samples", False),
        "front": made.front.get(source.path) if source else None,
        "on": on,
        "sheet_name": SHEET_OF.get(kind, "read"),
    }
    if kind == "product":
        product = catalogue.product(meta["product"], on)
        given |= {"product": product, **_about_product(made, product.code, on)}
        given |= {"ask": estimates.form_view(made, product)}
    elif kind == "terms":
        product = catalogue.product_version(meta["code"], meta["version"])
        versions = [each for each in catalogue.products if each.code == product.code]
        current = catalogue.product(product.code, max(on, versions[0].valid_from))
        given |= {"product": product, "versions": versions, "current": current}
        given |= {"words": card_words(made, product, on)}
    elif kind in ("changes", "board", "compare", "papers", "situations"):
        given |= _data_page(meta, path, made, on)
    elif kind == "campaign":
        given |= {"view": campaign_lists.view_of(made, meta["code"], on)}
        given |= {"open_now": campaign_lists.open_instead(made, meta["code"], on)}
        given |= {"ask": splits.form_view(made, given["view"].campaign, on)}
    elif kind == "bundle":
        bundle = next(each for each in catalogue.bundles if each.code == meta["code"])
        products = [catalogue.product(code, on) for code in bundle.products]
        given |= {"bundle": bundle, "products": products, "who": campaign_words.who_may(products)}
        given["campaigns"] = campaign_lists.of_bundle(made, bundle.code, on)
    elif kind == "case":
        given |= worked.case_view(made, meta["code"], on)
    elif kind == "privacy":
        text = next(each for each in catalogue.privacy if each.path == path)
        given |= {"text": text, "versions": [each for each in catalogue.privacy if each.scope == text.scope]}
    elif kind == "outlet":
        outlet = next(each for each in catalogue.outlets if path == f"outlets/{each.code}.md")
        given |= {"outlet": outlet, "region": catalogue.region(outlet.region)}
    elif kind == "service_standard":
        given |= {"standard": catalogue.service_standard, "places": views.place_promises(catalogue)}
    elif kind == "news":
        given |= news.context_of(given["front"], made)
    elif kind == "index":
        folder = path.partition("/")[0]
        given |= {"entries": entries(made, folder), "folder": folder, "groups": ()}
        if folder == "campaigns":
            given["groups"] = campaign_lists.grouped(made, on)
    elif kind == "home":
        given |= _home(made, on)
    elif kind == "search":
        given |= {"ways": {name: entries(made, name) for name in ("faq", "guide", "products")}}
    elif kind == "service":
        given |= _service(meta, made, on)
    return given


def _data_page(meta: dict[str, Any], path: str, made: Compiled, on: ShanghaiDate) -> dict[str, Any]:
    """Pages that are drawn from the data alone: versions compared, papers, boards, all products."""
    kind = meta["type"]
    if kind == "situations":
        return {"view": situations.view(made, path, on)}
    if kind == "changes":
        code = meta["product"]
        return {"product": made.catalogue.product(code, on), "changes": changes.changes(made, code, on)}
    if kind == "papers":
        return {"product": made.catalogue.product(meta["product"], on)}
    if kind == "board":
        board = next(each for each in made.catalogue.boards if each.code == meta["code"])
        return {"board": board, "bars": boards.standing_bars(board)}
    return comparison.view(ordered_products(made, on))


def ordered_products(made: Compiled, on: ShanghaiDate) -> list[Product]:
    """The products of the day in the order of their cards."""
    found = made.catalogue.products_on(on)
    return sorted(found, key=lambda each: made.pages[f"products/{each.code}/index.md"].order)


def _about_product(made: Compiled, code: str, on: ShanghaiDate) -> dict[str, Any]:
    return {
        "campaigns": views.campaigns_of(made.catalogue, code, on),
        "places": views.place_promises(made.catalogue),
        "standard": made.catalogue.service_standard,
    }


def card_words(made: Compiled, product: Product, on: ShanghaiDate) -> dict[str, str]:
    """What the product's card says of clauses in plain words, by anchor, with this version's figures."""
    written: dict[str, str] = getattr(made.front[f"products/{product.code}/index.md"], "clauses", {})
    page = made.pages[product.terms_path]
    return {
        anchor: figures.render_words(words, page, made.catalogue, on) for anchor, words in written.items()
    }


def _home(made: Compiled, on: ShanghaiDate) -> dict[str, Any]:
    running = campaign_lists.running(made, on)
    return {
        "products": ordered_products(made, on),
        "campaigns": [each for each in running if each.state == "open"][:3],
        "cases": _nearest_cases(made, {code for each in running for code in each.campaign.regions}),
    }


def _nearest_cases(made: Compiled, regions: set[str]) -> tuple[Entry, ...]:
    """Three cases for the front page, those from where campaigns run first."""
    catalogue = made.catalogue
    near = {
        f"/cases/{each.code}/"
        for each in catalogue.cases
        if catalogue.region(each.region).is_within(tuple(regions))
    }
    return tuple(sorted(entries(made, "cases"), key=lambda each: each.url not in near)[:3])


def _service(meta: dict[str, Any], made: Compiled, on: ShanghaiDate) -> dict[str, Any]:
    catalogue = made.catalogue
    given: dict[str, Any] = {"service": meta["service"], "join": None, "campaigns": [], "options": {}}
    if "campaign" in meta:
        given["join"] = views.join_view(catalogue, catalogue.campaign(meta["campaign"]), on)
    elif meta["service"] == "join":
        given["campaigns"] = [each for each in campaign_lists.running(made, on) if each.joins_online]
        given["options"] = views.check_options(catalogue)
    return given


def named_steps(front: Any) -> dict[str, Any]:
    """A service page's steps by id."""
    return {step.id: step for step in front.steps}


def fields_of(step: Any) -> dict[str, Any]:
    """A step's fields by name."""
    return {field.name: field for field in step.fields}


def choices_of(field: Any) -> tuple[tuple[str, str], ...]:
    """The (value, label) pairs a field's own data lists."""
    return tuple((each.value, each.label) for each in field.options)
