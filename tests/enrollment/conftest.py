"""Whatever catalogue a test made the functions read, the next test reads the real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.enrollment.newer_terms import forget


@pytest.fixture(autouse=True)
def the_real_catalogue() -> Iterator[None]:
    yield
    forget()
