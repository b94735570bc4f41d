"""What a join costs at the store, as exact counts: a call added by accident is seen here.

Keys are warm, as for all but the first request of a process; request units are printed by `make bench`.
"""

from __future__ import annotations

import pytest

from tests.benchmarks.joins import CASES, COMMIT, Case, measure

pytestmark = pytest.mark.usefixtures("served_store")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_join_makes_exactly_these_store_calls(case: Case) -> None:
    cost = measure(case, seed=1)
    assert cost.answer is not None
    assert (cost.answer.status_code, cost.answer.json_body["state"]) == (case.status, case.state)
    assert cost.calls == case.calls


def test_a_first_join_is_one_transaction_and_at_most_four_other_calls() -> None:
    (first,) = (case for case in CASES if case.name == "first try")
    assert first.calls[COMMIT] == 1
    assert first.calls.total() - 1 <= 4
    cost = measure(first, seed=1)
    assert cost.commits == 1
    assert cost.others <= 4
    assert cost.units > 0, "the store's replies say what they consumed"
