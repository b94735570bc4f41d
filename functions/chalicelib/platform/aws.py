"""One botocore session, one client a service, bounded in time.

A request has `LIMITS.aws_request_seconds` for all its AWS calls together. No attempt starts that could
outlive it, so a hanging store becomes a clear 503 while somebody still waits (P21).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib.kernel import UnavailableError
from chalicelib.platform import descriptions
from chalicelib.platform.settings import LIMITS

_deadline: ContextVar[float | None] = ContextVar("aws_deadline", default=None)
_lock = threading.RLock()
_session: Any = None
_clients: dict[str, Any] = {}
# Forms and links are signed as every region takes it, for the bucket's own address in its region: the one
# the pages' policy names.
_S3 = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
}


def busy(code: str = "platform.unavailable") -> UnavailableError:
    return UnavailableError(code, "系统繁忙，您的信息没有丢失。请稍等几秒再点一次。")


@contextmanager
def time_budget(seconds: float = LIMITS.aws_request_seconds) -> Iterator[None]:
    """Everything inside shares `seconds` for its AWS calls; past it, calls raise UnavailableError."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _refuse_late_attempt(**_: object) -> None:
    deadline = _deadline.get()
    if deadline is not None and time.monotonic() + LIMITS.aws_read_seconds > deadline:
        raise busy("platform.out_of_time")


def _refuse_late_retry(caught_exception: BaseException | None = None, **_: object) -> None:
    """Asked after every attempt and before the SDK's pause: no pause for an attempt that may not start."""
    if caught_exception is not None:
        _refuse_late_attempt()


def session() -> Any:
    global _session
    with _lock:
        if _session is None:
            import botocore.session

            _session = botocore.session.get_session()
            descriptions.read_quickly(_session)
            _session.register("before-send", _refuse_late_attempt, unique_id="late-attempt")
            _session.register("needs-retry", _refuse_late_retry, unique_id="late-retry")
        return _session


def client(service: str) -> Any:
    """The shared client of `kms`, `sqs`, `sns`, `secretsmanager`, `s3`. DynamoDB goes through `tables`."""
    with _lock:
        if service not in _clients:
            from botocore.config import Config

            _clients[service] = session().create_client(
                service,
                config=Config(
                    connect_timeout=LIMITS.aws_connect_seconds,
                    read_timeout=LIMITS.aws_read_seconds,
                    retries={"total_max_attempts": 1 + LIMITS.aws_retries, "mode": "standard"},
                    **(_S3 if service == "s3" else {}),
                ),
            )
        return _clients[service]


def forget_clients() -> None:
    """Drop every cached client (tests that move to another endpoint)."""
    global _session
    with _lock:
        _session = None
        _clients.clear()
