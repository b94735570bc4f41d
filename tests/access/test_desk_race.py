"""The second factor under concurrency, on a real served store: moto refuses nothing under threads."""

from __future__ import annotations

import threading
from collections import Counter

from chalicelib.access.service.sign_in import open_session_for
from chalicelib.kernel import Masked
from tests.access.desk_door import ask_desk, code_now, hire

MOBILE = "19900004001"


def test_one_code_sent_twice_at_once_opens_one_session(served_store: object) -> None:
    """Guard: the condition of desk_sessions._use."""
    hired, proved = hire(MOBILE), open_session_for(Masked(MOBILE))
    code = code_now(hired)
    found: list[int] = []
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        found.append(ask_desk("POST", "sessions", {"code": code}, member=proved).status)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Counter(found)[201] == 1, found
