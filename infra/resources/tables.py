"""The data key and the tables: each on demand, recoverable to a point in time, protected, under our key."""

from __future__ import annotations

from dataclasses import dataclass

from infra.resources.intrinsics import Json, att, kept, ref, resource, sub

DATA_KEY = "InfraDataKey"


@dataclass(frozen=True)
class Index:
    name: str
    key: tuple[str, ...]
    projection: str = "ALL"


@dataclass(frozen=True)
class TableSpec:
    """`key` is (hash,) or (hash, range); key attributes are strings, but for `_NUMBERS`."""

    name: str
    key: tuple[str, ...]
    indexes: tuple[Index, ...] = ()
    expires_at: str = ""
    stream: str = ""

    @property
    def resource(self) -> str:
        return f"Infra{self.name.capitalize()}"


TABLES = (
    TableSpec("people", ("person_id", "part")),
    TableSpec("keys", ("purpose", "version")),
    TableSpec(
        "coverages",
        ("person_id", "product_start"),
        (
            Index("by_certificate", ("certificate_number",)),
            Index("by_policy", ("policy_id", "person_id")),
        ),
    ),
    TableSpec("groups", ("id", "part")),
    TableSpec("codes", ("key",), expires_at="expires_at"),
    # `pending_shard` exists only while a message waits, so the index holds what is due and nothing else.
    TableSpec(
        "outbox",
        ("id",),
        (
            Index("pending", ("pending_shard", "created_at"), "KEYS_ONLY"),
            Index("by_recipient", ("recipient", "created_at")),
        ),
        stream="KEYS_ONLY",  # the stream only wakes; no sealed text needs to travel in it
    ),
    TableSpec("audit", ("subject", "seq")),
    TableSpec("desk", ("folder", "part"), expires_at="expires_at"),
    # Shelves are the beginnings of keys in the bucket: the nightly comparison reads both in one order.
    TableSpec("files", ("file_id",), (Index("by_shelf", ("shelf", "file_id")),), expires_at="forget_at"),
)


def table(spec: TableSpec) -> Json:
    names = dict.fromkeys([*spec.key, *(part for index in spec.indexes for part in index.key)])
    properties: Json = {
        "TableName": sub("${AWS::StackName}-" + spec.name),
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _schema(spec.key),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "N" if name in _NUMBERS else "S"} for name in names
        ],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "DeletionProtectionEnabled": True,
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": att(DATA_KEY)},
    }
    if spec.indexes:
        properties["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _schema(index.key),
                "Projection": {"ProjectionType": index.projection},
            }
            for index in spec.indexes
        ]
    if spec.expires_at:
        properties["TimeToLiveSpecification"] = {"AttributeName": spec.expires_at, "Enabled": True}
    if spec.stream:
        properties["StreamSpecification"] = {"StreamViewType": spec.stream}
    return kept("AWS::DynamoDB::Table", properties)


def resources() -> Json:
    return {DATA_KEY: _data_key(), f"{DATA_KEY}Alias": _alias()} | {t.resource: table(t) for t in TABLES}


_NUMBERS = frozenset({"seq", "version"})


def _schema(key: tuple[str, ...]) -> list[Json]:
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(key, ("HASH", "RANGE"), strict=False)
    ]


def _data_key() -> Json:
    return kept(
        "AWS::KMS::Key",
        {
            "Description": sub("Personal data of ${AWS::StackName}"),
            "EnableKeyRotation": True,
            "PendingWindowInDays": 30,
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        # In a key policy "*" means this key. Who may use it, the roles' policies say.
                        "Sid": "AccountDecidesByRole",
                        "Effect": "Allow",
                        "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                ],
            },
        },
    )


def _alias() -> Json:
    return resource(
        "AWS::KMS::Alias",
        {"AliasName": sub("alias/${AWS::StackName}-data"), "TargetKeyId": ref(DATA_KEY)},
    )
