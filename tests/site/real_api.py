"""The real app behind a browser test: /api requests of the page become gateway events in this process.

Only questions that touch no store (estimates, quotes). What a page shows is then what chalicelib answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Page, Route

from chalicelib.catalog import service
from chalicelib.platform.settings import settings
from tests.contract.catalogues import forget
from tests.contract.wire import ORIGIN, Reply, send

Asked = list[tuple[str, Any, Reply]]  # path, body, answer


@contextmanager
def obeying(data: Path) -> Iterator[None]:
    """Inside the block the app reads this compiled catalogue."""
    with patch.dict("os.environ", SITE_ORIGIN=ORIGIN), patch.object(service, "_DATA", data):
        settings.cache_clear()
        forget()
        yield
    settings.cache_clear()
    forget()


def answer_for_real(page: Page) -> Asked:
    """Gives the list of all that was asked, in order; the fixture `obeying` has to be open."""
    asked: Asked = []

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.partition("/api")[2]
        body = request.post_data_json
        reply = send(f"{request.method} {path}", body, key=request.headers["idempotency-key"])
        asked.append((path, body, reply))
        route.fulfill(status=reply.status, content_type="application/json", body=reply.text)

    page.route("**/api/**", answer)
    return asked
