"""All products side by side: their figures, and which event each pays for. All from the terms' data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.benefits.rules.checks import causes_of, trigger_of
from chalicelib.catalog.insured import Insured
from chalicelib.catalog.terms import (
    AnyBenefit,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    PlanKind,
    Product,
)


@dataclass(frozen=True)
class Event:
    """Something that happens to people. `code` is what a benefit is asked for."""

    code: str
    name: str


EVENTS = (
    Event("accident_costs", "意外受伤看病的钱"),
    Event("accident_days", "意外受伤住院，按天补"),
    Event("disability", "意外致残"),
    Event("death", "意外身故"),
    Event("disease_costs", "生病住院的钱"),
    Event("disease_days", "生病住院，按天补"),
    Event("diagnosis", "查出条款列明的病"),
)
PLAN_NAMES = {PlanKind.BASE: "主险", PlanKind.SUPPLEMENTARY: "副险"}


def events_of(product: Product) -> tuple[str, ...]:
    """The codes of EVENTS the product pays something for, in their order."""
    paid = {code for benefit in product.benefits for code in _events(product, benefit)}
    return tuple(event.code for event in EVENTS if event.code in paid)


def _events(product: Product, benefit: AnyBenefit) -> set[str]:
    if isinstance(benefit, LumpSum):
        return {trigger_of(product, benefit)}
    if isinstance(benefit, GradedDisability):
        return {"disability"}
    what = "days" if isinstance(benefit, DailyAllowance) else "costs"
    return {f"{cause}_{what}" for cause in causes_of(product, benefit)}


@dataclass(frozen=True)
class Row:
    product: Product
    plan: str
    who: str
    events: tuple[str, ...]


def view(products: Sequence[Product]) -> dict[str, Any]:
    """In the order given."""
    rows = [_row(each) for each in products]
    by_event = {
        event: [row.product for row in rows if event.code in row.events]
        for event in EVENTS
        if any(event.code in row.events for row in rows)
    }
    return {"rows": rows, "by_event": by_event}


def _row(product: Product) -> Row:
    ages = f"{product.ages.first}至{product.ages.last}周岁"
    who = f"职工的子女，{ages}" if product.insured is Insured.CHILD else ages
    return Row(product, PLAN_NAMES[product.plan], who, events_of(product))
