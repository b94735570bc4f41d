"""What `make test` tries a little of, tried at length: the same machines and checks, many more cases."""

from __future__ import annotations

import schemathesis
from hypothesis import settings

from tests.contract.test_fuzz import Caller, bounded, described, holds, member, nobody, token
from tests.coverage.test_coverage_machine import OfficeYear

__all__ = ["member", "nobody", "token"]  # fixtures
EXAMPLES = 60  # an operation and caller, on top of the boundary cases of its schema
api = described(signed_in=False, boundaries=True)
members_api = described(signed_in=True, boundaries=True)

long = settings(bounded, max_examples=EXAMPLES)


@api.parametrize()
@long
def test_the_api_does_what_it_says_for_anybody(case: schemathesis.Case, nobody: Caller) -> None:
    holds(case, nobody)


@members_api.parametrize()
@long
def test_the_api_does_what_it_says_for_a_member(case: schemathesis.Case, member: Caller) -> None:
    holds(case, member)


class TestOfficeYears(OfficeYear.TestCase):
    settings = settings(max_examples=1500, stateful_step_count=50)
