"""What the template of a page is given, by the page's type."""

from __future__ import annotations

from typing import Any

from chalicelib.catalog.model import Catalogue, PlacePromise
from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing import figures
from publishing.compiler import Compiled
from sitebuild.campaigns import lists as campaign_lists
from sitebuild.campaigns import split_form, wording
from sitebuild.campaigns.view import campaigns_of
from sitebuild.figures.boards import standing_bars
from sitebuild.figures.cases import case_view
from sitebuild.pages import news, parts
from sitebuild.pages.lists import Entry, entries, ordered_products
from sitebuild.pages.services import service_context
from sitebuild.pages.templates import SHEET_OF
from sitebuild.products import changes, comparison, estimate_form, situations


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
        given |= {"ask": estimate_form.form_view(made, product), "coming": _coming(made, product, on)}
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
        given |= {"ask": split_form.form_view(made, given["view"].campaign)}
    elif kind == "bundle":
        bundle = next(each for each in catalogue.bundles if each.code == meta["code"])
        products = [catalogue.product(code, on) for code in bundle.products]
        given |= {"bundle": bundle, "products": products, "who": wording.who_may(products)}
        given["campaigns"] = campaign_lists.of_bundle(made, bundle.code, on)
    elif kind == "case":
        given |= case_view(made, meta["code"], on)
    elif kind == "privacy":
        text = next(each for each in catalogue.privacy if each.path == path)
        given |= {"text": text, "versions": [each for each in catalogue.privacy if each.scope == text.scope]}
    elif kind == "outlet":
        outlet = next(each for each in catalogue.outlets if path == f"outlets/{each.code}.md")
        given |= {"outlet": outlet, "region": catalogue.region(outlet.region)}
    elif kind == "service_standard":
        given |= {"standard": catalogue.service_standard, "places": place_promises(catalogue)}
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
        given |= service_context(meta, made, on) | parts.context(meta)
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
        return {"board": board, "bars": standing_bars(board)}
    return comparison.view(ordered_products(made, on))


def _about_product(made: Compiled, code: str, on: ShanghaiDate) -> dict[str, Any]:
    return {
        "campaigns": campaigns_of(made.catalogue, code, on),
        "places": place_promises(made.catalogue),
        "standard": made.catalogue.service_standard,
    }


def _coming(made: Compiled, product: Product, on: ShanghaiDate) -> Product | None:
    """The next version of the terms that is published and not yet in force."""
    later = (each for each in made.catalogue.products if each.code == product.code and each.valid_from > on)
    return next(later, None)


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


def place_promises(catalogue: Catalogue) -> tuple[tuple[str, PlacePromise], ...]:
    """Each place's own promise, with its name; places are never merged."""
    return tuple((catalogue.region(each.region).name, each) for each in catalogue.service_standard.places)
