"""The one client all rows share, and what every row is.

PynamoDB opens a botocore client for each model; eight models cost half a second of cold start and 40 MB.
Here all models talk through one `Connection`. `platform.rows` has the base row type of each table.
"""

from __future__ import annotations

from typing import Any

from pynamodb.connection.base import Connection, MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.models import Model

from chalicelib.platform import aws
from chalicelib.platform.settings import LIMITS, settings

_shared: Connection | None = None


def connection() -> Connection:
    global _shared
    if _shared is None:
        _shared = Connection(
            connect_timeout_seconds=LIMITS.aws_connect_seconds,
            read_timeout_seconds=LIMITS.aws_read_seconds,
            max_retry_attempts=LIMITS.aws_retries,
            max_pool_connections=50,
        )
        _shared._local = _OneSession()  # type: ignore[assignment]  # the session aws.py shares and times
        _shared.client  # noqa: B018 - made here, once: creation is not thread-safe
    return _shared


class _OneSession:
    @property
    def session(self) -> Any:
        return aws.session()


def forget_connection() -> None:
    """Drop the shared client (tests that move to another endpoint)."""
    global _shared
    _shared = None


class Row(Model):
    """A row of any table; the table is `<TABLE_PREFIX>-<Meta.name>`."""

    class Meta:
        name = ""
        table_name = "resolved-late"

    @classmethod
    def _get_connection(cls) -> TableConnection:
        table_name = settings().table(cls.Meta.name)
        cls.Meta.table_name = table_name  # read by PynamoDB's batch calls
        shared = connection()
        known = cls.__dict__.get("_table_connection")
        if known is None or known.connection is not shared or known.table_name != table_name:
            known = _table_connection(cls, table_name, shared)
            cls._table_connection = known  # type: ignore[attr-defined]
        return known

    @property
    def store_key(self) -> tuple[str, ...]:
        """The values of hash and range key, as text."""
        names = [name for name in (self._hash_keyname, self._range_keyname) if name is not None]
        return tuple(str(getattr(self, name)) for name in names)


def _table_connection(model: type[Row], table_name: str, shared: Connection) -> TableConnection:
    schema = model._get_schema()
    if table_name not in shared._tables or schema["global_secondary_indexes"]:
        shared._tables[table_name] = MetaTable(
            {
                "TableName": table_name,
                "KeySchema": schema["key_schema"],
                "AttributeDefinitions": schema["attribute_definitions"],
                "GlobalSecondaryIndexes": [
                    {"IndexName": index["index_name"], "KeySchema": index["key_schema"]}
                    for index in schema["global_secondary_indexes"]
                ],
                "LocalSecondaryIndexes": [],
            }
        )
    table = TableConnection.__new__(TableConnection)
    table.table_name = table_name
    table.connection = shared
    return table
