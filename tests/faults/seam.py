"""Faults between the SDK and a served store: lost replies, refused connections, throttling, crashes.

    with faults(plan) as seen: ...      # seen.calls: every operation sent, in order

`plan(operation, n)` is asked before the n-th call (from 1) and says what happens to it:

    None         nothing
    "before"     the connection breaks before the store sees the call
    "after"      the store does it and the reply is lost
    a Reply      the store does not see it; this is answered
    an exception is raised in its place: a BaseException passes through the SDK, like a killed function

In-process `mock_aws` answers above this seam, so the store must be a served one (tests.faults.served).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError


@dataclass(frozen=True)
class Reply:
    """An error of the store's own, as `{"__type": code}`; `reasons` are those of a cancelled transaction."""

    code: str
    status: int = 400
    reasons: tuple[str, ...] = ()


Plan = Callable[[str, int], "None | str | Reply | BaseException"]

THROTTLED = Reply("ProvisionedThroughputExceededException")
BROKEN = Reply("InternalServerError", 500)
CONFLICT = Reply("TransactionCanceledException", reasons=("None", "TransactionConflict"))


def operation_of(request: AWSPreparedRequest) -> str:
    """`UpdateItem`, from the header DynamoDB and KMS name their operation in."""
    target = request.headers["X-Amz-Target"]
    text = target.decode() if isinstance(target, bytes) else str(target)
    return text.rpartition(".")[2]


@dataclass
class Faulty:
    """Stands where botocore's HTTP session stood."""

    inner: Any
    plan: Plan
    calls: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, request: AWSPreparedRequest) -> Any:
        operation = operation_of(request)
        with self._lock:
            self.calls.append(operation)
            number = len(self.calls)
        fault = self.plan(operation, number)
        if isinstance(fault, BaseException):
            raise fault
        if fault == "before":
            raise ConnectionClosedError(endpoint_url=request.url)
        if isinstance(fault, Reply):
            return _response(request.url, fault)
        reply = self.inner.send(request)
        if fault == "after":
            raise ConnectionClosedError(endpoint_url=request.url)
        return reply

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def once(operation: str, fault: str | Reply | BaseException, *, nth: int = 1) -> Plan:
    """The `nth` call of `operation` meets `fault`; every other call goes through."""
    seen = 0

    def plan(name: str, number: int) -> None | str | Reply | BaseException:
        nonlocal seen
        seen += name == operation
        return fault if name == operation and seen == nth else None

    return plan


def always(fault: str | Reply | BaseException, *, operations: tuple[str, ...] = ()) -> Plan:
    """Every call (of `operations`, if any are named) meets `fault`."""
    return lambda name, number: fault if not operations or name in operations else None


def watch(name: str, number: int) -> None:
    """A plan that changes nothing: to see which calls a use case makes."""


@contextmanager
def faults(plan: Plan = watch, service: str = "dynamodb") -> Iterator[Faulty]:
    """The product's shared client of `service`, with `plan` in its way until the block ends."""
    from chalicelib.platform import aws, tables

    client = tables.connection().client if service == "dynamodb" else aws.client(service)
    endpoint = client._endpoint
    faulty = Faulty(endpoint.http_session, plan)
    endpoint.http_session = faulty
    try:
        yield faulty
    finally:
        endpoint.http_session = faulty.inner


def _response(url: str, reply: Reply) -> AWSResponse:
    error: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{reply.code}", "message": ""}
    if reply.reasons:
        error["CancellationReasons"] = [{"Code": reason} for reason in reply.reasons]
    body = json.dumps(error).encode()
    raw = BytesIO(body)
    raw.stream = lambda amount=1024, **_: iter(lambda: raw.read(amount), b"")  # type: ignore[attr-defined]
    headers = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(url, reply.status, headers, raw)
