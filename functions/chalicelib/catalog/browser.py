"""`catalog.json`: the part of the catalogue the browser's small scripts need, on one day. Build time only."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.catalog.insured import MEDICAL_NAMES, OCCUPATION_NAMES
from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate


def browser_json(catalogue: Catalogue, on: ShanghaiDate) -> bytes:
    """Products in the version of `on`, campaigns not over yet, and the choices every form offers."""
    value: dict[str, Any] = {
        "products": [_product(each) for each in catalogue.products_on(on)],
        "campaigns": [
            {
                "code": each.code,
                "name": each.name,
                "products": each.products,
                "window": each.window,
                "regions": each.regions,
                "occupation_groups": each.occupation_groups,
                "sponsor": each.organiser,
                "channels": each.channels,
                "is_sample": each.is_sample,
            }
            for each in catalogue.campaigns
            if on <= each.window.last
        ],
        "regions": [
            {"code": each.code, "name": each.name, "parent": each.parent} for each in catalogue.regions
        ],
        "occupation_groups": _choices(OCCUPATION_NAMES),
        "medical_insurance": _choices(MEDICAL_NAMES),
        "age_bands": [{"value": each.code, "label": each.label} for each in catalogue.age_bands],
        "consent_texts": [
            {"scope": each.scope, "version": each.version, "sha256": each.sha256, "title": each.title}
            for each in (
                catalogue.consent_text(scope, on)
                for scope in dict.fromkeys(each.scope for each in catalogue.privacy if each.valid_from <= on)
            )
        ],
        "contact": catalogue.contact,
    }
    return msgspec.json.encode(value)


def _product(product: Product) -> dict[str, Any]:
    return {
        "code": product.code,
        "version": product.version,
        "name": product.name,
        "short_name": product.short_name,
        "fee_fen": product.fee_fen,
        "ages": product.ages,
        "exclusions": product.exclusions,
        "terms_path": product.terms_path,
        "terms_sha256": product.terms_sha256,
        "is_sample": product.is_sample,
    }


def _choices(names: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in names.items()]
