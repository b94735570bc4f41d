"""The template as it would go to a cloud, for the tests that read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from infra.package import rendered_template
from infra.vendor import cloud


@cache
def template() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(rendered_template(cloud()))
    return parsed


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Resource name -> resource."""
    return {name: each for name, each in template()["Resources"].items() if each["Type"] == kind}


def statements(role: str) -> list[dict[str, Any]]:
    """Every statement a role may have, those under a condition included."""
    policies = template()["Resources"][role]["Properties"]["Policies"]
    listed = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in listed]


def strings(value: object) -> Iterator[str]:
    """Every string in a piece of the template, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
