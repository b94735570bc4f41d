"""What is in the tables, and what the product asked of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from chalicelib.platform import aws, tables
from chalicelib.platform.settings import settings
from infra.resources.tables import TABLES

Dump = dict[str, list[dict[str, Any]]]


def dump() -> Dump:
    """Every row of every table, in a stable order, as the store holds it."""
    client = boto3.client("dynamodb")
    scan = client.get_paginator("scan").paginate
    pages = {spec.name: scan(TableName=settings().table(spec.name)) for spec in TABLES}
    return {
        name: sorted((item for page in paged for item in page["Items"]), key=repr)
        for name, paged in pages.items()
    }


def rows(table: str, **equal: str) -> list[dict[str, Any]]:
    """The rows of a table whose text attributes have these values."""
    found = dump()[table]
    return [row for row in found if all(row.get(name, {}).get("S") == text for name, text in equal.items())]


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Every AWS call made in the block, in order: (operation, its parameters with the values taken out).

    What stays is what an observer of time could tell apart: which service and operation, which table and
    index, which expressions and which attributes, how many items.
    """
    calls: list[tuple[str, Any]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append((f"{model.service_model.service_name}:{model.name}", _shape(params)))

    emitters = [tables.connection().client.meta.events, *(c.meta.events for c in aws._clients.values())]
    emitters.append(aws.session().get_component("event_emitter"))  # clients made in the block copy it
    for emitter in emitters:
        emitter.register("provide-client-params", note)
    try:
        yield calls
    finally:
        for emitter in emitters:
            emitter.unregister("provide-client-params", note)


_KEPT = ("Expression", "ExpressionAttributeNames", "TableName", "IndexName", "Select", "ReturnValues")


def _shape(value: Any, name: str = "") -> Any:
    if isinstance(value, bool) or name.endswith(_KEPT):
        return value
    if isinstance(value, dict):
        return {key: _shape(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return "…"
