"""The catalogue's public questions, asked as whole API Gateway events. They touch no store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.platform.settings import settings
from tests.contract.wire import ORIGIN, send


@pytest.fixture(autouse=True)
def our_origin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All these routes need to know is which site is ours."""
    monkeypatch.setenv("SITE_ORIGIN", ORIGIN)
    settings.cache_clear()
    yield
    settings.cache_clear()


def post(path: str, body: Any) -> tuple[int, Any]:
    """(status, parsed body)."""
    reply = send(f"POST {path}", body)
    return reply.status, reply.json
