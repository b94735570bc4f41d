"""What an inbox holds: everything for its recipients, newest first. Its route is tested in tests/me."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.kernel import System
from chalicelib.notify import service
from chalicelib.platform.work import Work
from tests.notify.outbox import BEGIN, message

pytestmark = pytest.mark.usefixtures("aws_moto")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def test_several_recipients_make_one_inbox_newest_first(clock: time_machine.Traveller) -> None:
    for n, recipient in enumerate(["person-1", "mobile#1#ab", "person-1"]):
        work = Work(System())
        work.add(message(work, f"joined-{n}", recipient=recipient))
        work.commit()
        clock.shift(timedelta(minutes=1))
    found = service.inbox_of(["person-1", "mobile#1#ab"])
    assert [item.id for item in found.items] == ["joined-2", "joined-1", "joined-0"]
    first = service.inbox_of(["person-1", "mobile#1#ab"], limit=2)
    assert first.next is not None
    rest = service.inbox_of(["person-1", "mobile#1#ab"], before=first.next, limit=2)
    assert ([item.id for item in rest.items], rest.next) == (["joined-0"], None)
    assert service.inbox_of([]) == service.Inbox((), None)
