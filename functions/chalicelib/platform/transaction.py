"""The one way facts change: a list of conditional writes, committed together or not at all.

A lower service offers `list[Write]`; the top use case adds its own and commits once. PynamoDB reorders the
items of a transaction, so a refusal never says which condition failed: the caller reads back and decides.

    commit ──► done
       │
       ├─ two writes to one item, or over 100 ► ValueError, the store is not asked
       ├─ some condition false ────────────► WriteRefused (also when our own reply was lost: read back)
       ├─ only conflicts with other writers ─► again, up to 3 times with jitter ──► ConflictError
       └─ throttled, hanging, down ────────► UnavailableError, nothing written as far as we know
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.kernel import ConflictError, UnavailableError
from chalicelib.platform import aws, ids, log, tables
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.tables import Row

MOST_ITEMS = 100  # the store's own limit of one transaction


class WriteRefused(Exception):
    """A condition of the transaction was false. Nothing was written by this attempt.

    `rows` are the rows whose condition failed, as the store holds them (text keys only), for those that
    exist; they are known by their keys, never by their place in the transaction. A refused row that does
    not exist is not among them, and `refusals` counts all.
    """

    def __init__(self, rows: Sequence[Mapping[str, str]] = (), refusals: int = 0) -> None:
        super().__init__()
        self.rows = rows
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Write:
    """One item of a transaction, made by `put`, `update`, `delete`. `item` is (table, key…)."""

    item: tuple[str, ...]
    apply: Callable[[TransactWrite], None]


def _item(row: Row) -> tuple[str, ...]:
    return (type(row).Meta.name, *row.store_key)


def put(row: Row, condition: Condition) -> Write:
    return Write(_item(row), lambda tx: tx.save(row, condition=condition, return_values="ALL_OLD"))


def update(row: Row, actions: Sequence[Action], condition: Condition | None) -> Write:
    """`row` carries only the key. `condition=None` must be a choice: an update creates a missing row."""
    return Write(
        _item(row),
        lambda tx: tx.update(row, actions=list(actions), condition=condition, return_values="ALL_OLD"),
    )


def delete(row: Row, condition: Condition | None) -> Write:
    """`condition=None` must be a choice: gone afterwards, whether or not it was there."""
    return Write(_item(row), lambda tx: tx.delete(row, condition=condition))


def check(writes: Sequence[Write]) -> None:
    """Raises ValueError for what the store would refuse whole: a bug of the use case, never a refusal.

    The message names tables, never keys: a key may hold what nobody should read in a log.
    """
    if len(writes) > MOST_ITEMS:
        raise ValueError(f"{len(writes)} writes in one transaction; {MOST_ITEMS} are possible")
    times = Counter(write.item for write in writes)
    tables = sorted({item[0] for item, count in times.items() if count > 1})
    if tables:
        raise ValueError(f"one transaction writes the same item twice in: {', '.join(tables)}")


def commit(writes: Sequence[Write], attempt_id: str) -> None:
    """Commit all or nothing. `attempt_id` (≤ 36 characters, new for each try of a use case) is the request
    token: when only the reply was lost, the SDK's own retry is answered with success for ten minutes.

    A use case commits through its `Work`."""
    check(writes)
    for attempt in range(LIMITS.conflict_retries + 1):
        try:
            with TransactWrite(connection=tables.connection(), client_request_token=attempt_id) as tx:
                for write in writes:
                    write.apply(tx)
            return
        except TransactWriteError as error:
            if not _is_conflict(error):
                raise _refusal(error) from error
        time.sleep(ids.jitter(0.05 * 2**attempt))
    raise ConflictError("platform.busy", "同一时间办理的人较多，您的信息没有丢失。请重试一次。")


def _reasons(error: TransactWriteError) -> set[str]:
    return {reason.code for reason in error.cancellation_reasons if reason is not None}


def condition_failed(error: PynamoDBException) -> bool:
    """Whether a single conditional write was refused by its condition, and not by a failure."""
    return _code(error) == "ConditionalCheckFailedException"


def _code(error: PynamoDBException) -> str:
    """The store's own error code; empty if no answer came, where PynamoDB's `cause_response_code` raises."""
    response = getattr(error.cause, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _is_conflict(error: TransactWriteError) -> bool:
    if _code(error) == "TransactionInProgressException":
        return True
    return _code(error) == "TransactionCanceledException" and _reasons(error) == {"TransactionConflict"}


def _refusal(error: TransactWriteError) -> Exception:
    if _code(error) == "TransactionCanceledException":
        if "ConditionalCheckFailed" in _reasons(error):
            refused = [r for r in error.cancellation_reasons if r and r.code == "ConditionalCheckFailed"]
            rows = [{k: v["S"] for k, v in (r.raw_item or {}).items() if "S" in v} for r in refused]
            return WriteRefused([row for row in rows if row], len(refused))
        if _reasons(error) & {"ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"}:
            return aws.busy("platform.throttled")
    return store_failure(error)


_DOWN = {
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionInProgressException",
}


# What AWS says to a function whose clock is minutes off: S3 the first, DynamoDB and KMS the second.
_SKEWED = {"RequestTimeTooSkewed", "InvalidSignatureException"}


def store_failure(error: BaseException) -> Exception:
    """What a failed AWS call means to the person waiting: UnavailableError if it can pass, else the error."""
    cause: Any = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, UnavailableError):
        return cause
    response = getattr(cause, "response", None)
    if response is None:  # never answered: connection refused, reset, timed out
        from botocore.exceptions import BotoCoreError

        return aws.busy() if isinstance(cause, BotoCoreError) else _as_exception(error)
    code = response.get("Error", {}).get("Code")
    if code in _SKEWED:
        log.info("clock_skewed")  # an alarm counts these: nothing works again until the clock does
        return aws.busy("platform.clock_skewed")
    return aws.busy() if code in _DOWN else _as_exception(error)


def _as_exception(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
