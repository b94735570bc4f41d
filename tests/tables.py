"""Makes the tables of the template in an emulator, so that tests and cloud share one definition."""

from __future__ import annotations

import boto3

S = "S"
# (table, hash, range, {index: (hash, range)})
SHAPES = [
    ("people", "person_id", "part", {}),
    (
        "coverages",
        "person_id",
        "product_start",
        {"by_certificate": ("certificate_number", None), "by_policy": ("policy_id", "person_id")},
    ),
    ("groups", "policy_id", "part", {"by_sponsor": ("sponsor", "policy_id")}),
    ("codes", "key", None, {}),
    (
        "outbox",
        "id",
        None,
        {"pending": ("pending_shard", "created_at"), "by_recipient": ("recipient", "created_at")},
    ),
    ("audit", "subject", "seq", {}),
]
NUMBERS = {"seq"}


def create_tables(prefix: str) -> None:
    client = boto3.client("dynamodb")
    for name, hash_key, range_key, indexes in SHAPES:
        keys = {hash_key, range_key, *(key for pair in indexes.values() for key in pair)} - {None}
        client.create_table(
            TableName=f"{prefix}-{name}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "N" if key in NUMBERS else "S"}
                for key in sorted(filter(None, keys))
            ],
            KeySchema=_schema(hash_key, range_key),
            **(
                {
                    "GlobalSecondaryIndexes": [
                        {
                            "IndexName": index,
                            "KeySchema": _schema(*pair),
                            "Projection": {"ProjectionType": "ALL"},
                        }
                        for index, pair in indexes.items()
                    ]
                }
                if indexes
                else {}
            ),
        )


def _schema(hash_key: str, range_key: str | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    return [*schema, {"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else schema
