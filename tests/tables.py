"""Makes the template's tables in an emulator, so that tests and cloud share one definition."""

from __future__ import annotations

import boto3

from infra.resources.tables import TABLES, table

_KEPT = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")


def create_tables(prefix: str) -> None:
    client = boto3.client("dynamodb")
    for spec in TABLES:
        properties = table(spec)["Properties"]
        shape = {name: properties[name] for name in _KEPT if name in properties}
        client.create_table(TableName=f"{prefix}-{spec.name}", **shape)
