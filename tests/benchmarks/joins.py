"""The five ways a join ends, each with the store calls and request units it costs.

Used by the benchmark, which prints them, and by tests/stack/test_store_calls.py, which holds the counts.
Needs an empty served store (`served_store`, or `running_stack` with its environment taken on).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.enrollment.service import promotion
from chalicelib.groups.records import SeatRow, seat_part
from chalicelib.platform import ids, tables
from tests.faults import seam
from tests.house import Phone, add_seats, campaign, phone

COMMIT = "TransactWriteItems"
# A policy of this size has one counter, number 0; seats of a pool that grew lie on others too.
ELSEWHERE = 7


@dataclass(frozen=True)
class Case:
    """`prepare` brings the store and a rider into place; `act` is the one request that is measured."""

    name: str
    prepare: Callable[[int], tuple[Phone, str]]
    status: int
    state: str
    calls: Counter[str]  # by operation, exactly


@dataclass
class Cost:
    calls: Counter[str] = field(default_factory=Counter)
    units: float = 0.0  # DynamoDB request units, reads and writes, as the store's replies say
    answer: HTTPResponse | None = None

    @property
    def commits(self) -> int:
        return self.calls[COMMIT]

    @property
    def others(self) -> int:
        return self.calls.total() - self.commits


def measure(case: Case, seed: int) -> Cost:
    """Run `case` with people number `seed` and `seed + 1`, whom nobody else uses."""
    rider, key = case.prepare(seed)
    cost = Cost()
    with seam.faults() as seen, _metered(cost):
        cost.answer = rider.join(key=key)
    cost.calls = Counter(seen.calls)
    return cost


@contextmanager
def _metered(cost: Cost) -> Iterator[None]:
    events = tables.connection().client.meta.events

    def read(parsed: dict[str, Any], **_: object) -> None:
        consumed = parsed.get("ConsumedCapacity") or []
        for each in consumed if isinstance(consumed, list) else [consumed]:
            cost.units += each["CapacityUnits"]

    events.register("after-call.dynamodb", read)
    try:
        yield
    finally:
        events.unregister("after-call.dynamodb", read)


def _first_try(seed: int) -> tuple[Phone, str]:
    _only_seats({0: 1})
    return phone(seed), ids.new_id()


def _fallback(seed: int) -> tuple[Phone, str]:
    _only_seats({0: 0, ELSEWHERE: 1})
    return phone(seed), ids.new_id()


def _waiting(seed: int) -> tuple[Phone, str]:
    _only_seats({0: 0})
    return phone(seed), ids.new_id()


def _replay(seed: int) -> tuple[Phone, str]:
    rider, key = _first_try(seed)
    rider.join(key=key)
    return rider, key


def _covered(seed: int) -> tuple[Phone, str]:
    rider, _ = _replay(seed)
    return rider, ids.new_id()


def _only_seats(left: dict[int, int]) -> None:
    """The campaign's counters hold exactly these seats."""
    add_seats(1)  # makes the policy, once; the counters are set below
    policy = promotion.policy_of(campaign())
    for counter in (0, ELSEWHERE):
        SeatRow(policy.id, seat_part(counter), left=left.get(counter, 0)).save()


# Always: the session, and one batch for the locks of number and mobile. A first join also reads the policy
# whose seats it takes, and needs nothing else but its transaction. A repeat reads what was answered; somebody
# covered, then what they have.
_ASKED = {"GetItem": 2, "BatchGetItem": 1}
CASES = (
    Case("first try", _first_try, 201, "in_force_from", Counter({**_ASKED, COMMIT: 1})),
    # Refused by its counter, asks all of them, takes the seat where one is.
    Case("fallback", _fallback, 201, "in_force_from", Counter({**_ASKED, COMMIT: 2, "Query": 1})),
    # The same, then the next number (one atomic add) and a place on the list.
    Case(
        "waiting list", _waiting, 201, "waiting", Counter({**_ASKED, COMMIT: 2, "Query": 1, "UpdateItem": 1})
    ),
    Case("replay", _replay, 201, "in_force_from", Counter({"GetItem": 2, "BatchGetItem": 1})),
    Case(
        "already covered",
        _covered,
        200,
        "in_force_from",
        Counter({"GetItem": 2, "BatchGetItem": 1, "Query": 1}),
    ),
)
