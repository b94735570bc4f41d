"""Who runs what: two workers, each a whole group or file at a time, the longest first (a pytest plugin)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from _pytest.nodeid import coerce_node_id  # no public way to name a test that was collected
from xdist.scheduler import LoadScopeScheduling

# A line is files and folders that stay with one worker, because what they share is started once: everything
# on the deployed stack is the first line. What is not named is short, and comes when a worker is free.
GROUPS = (
    (
        "tests/stack",
        "tests/browser",
        "tests/contract/test_fuzz.py",
        "tests/proof/test_long_runs.py",
        "tests/proof/test_seats_at_length.py",
    ),
    ("tests/infra/test_stack.py", "tests/infra/test_rights.py"),
    ("tests/proof/old_engines",),
    ("tests/site/test_axe.py",),
    ("tests/infra/test_start.py",),
    ("tests/site/test_printed.py",),
    ("tests/site/test_estimator.py",),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What GROUPS names comes first, in its order. Each test has an id of its own: workers are told ids, and
    of several tests with one id they would run the first only."""
    for item in items:  # schemathesis names an operation's test, and leaves the operation out of its id
        if item.parent is not None and not item.nodeid.endswith(item.name):
            item._id = coerce_node_id(f"{item.parent.nodeid}::{item.name}")
    known = Counter(item.nodeid for item in items)
    if several := [nodeid for nodeid, times in known.items() if times > 1]:
        raise pytest.UsageError(f"one id for several tests: {', '.join(several)}")
    items.sort(key=lambda item: _group(item.nodeid)[0])  # stable: the rest stays as it was
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()) and _group(item.nodeid)[0]:
            raise pytest.UsageError(f"{item.nodeid} uses the stack: name it in the first line of GROUPS")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    return ByGroup(config, log)


class ByGroup(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)[1]


def _group(nodeid: str) -> tuple[int, str]:
    """Its place in the order, and its name."""
    file = nodeid.partition("::")[0]
    for number, group in enumerate(GROUPS):
        if any(file == each or file.startswith(f"{each}/") for each in group):
            return number, group[0]
    return len(GROUPS), file


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """The browser lives as long as its worker, and so does Playwright's loop, which only its tests may see:
    `asyncio.run` refuses a thread that has one."""
    if "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)
