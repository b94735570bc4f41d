"""Which template and stylesheet a page gets, and what templates ask of a form's fields."""

from __future__ import annotations

from typing import Any

# Types that are only text share one template.
TEXT_TYPES = frozenset({"about", "guide", "faq", "outlet", "regions"})
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


def template_of(meta: dict[str, Any]) -> str:
    """The template's file name. Service pages have one each."""
    kind = str(meta["type"])
    if kind == "service":
        return f"service-{meta['service']}.html"
    if kind in TEXT_TYPES:
        return "text.html"
    return kind.replace("_", "-") + ".html"


def named_steps(front: Any) -> dict[str, Any]:
    """A service page's steps by id."""
    return {step.id: step for step in front.steps}


def fields_of(step: Any) -> dict[str, Any]:
    """A step's fields by name."""
    return {field.name: field for field in step.fields}


def choices_of(field: Any) -> tuple[tuple[str, str], ...]:
    """The (value, label) pairs a field's own data lists."""
    return tuple((each.value, each.label) for each in field.options)
