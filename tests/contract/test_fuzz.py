"""openapi.json against the deployed stack, through the gateway: what is documented is what is answered.

A short run with the same cases every time; a long one, with the boundary cases of the schemas, is a proof.
Good and bad data, as nobody and as a signed-in member: never a 5xx, never an undocumented status, type,
header or shape, and bad data is never taken. What lies behind the first refusals is reached by
tests/contract/test_near_misses.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.access.service import sign_in as identity
from chalicelib.kernel import Masked
from infra import openapi
from infra.people import demo_person
from infra.stack import Stack
from tests.conftest import environment_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 8  # an operation and caller


def described(*, signed_in: bool, boundaries: bool) -> Any:
    """A member's cookie is always sent, so leaving it out is no bad data of that run."""
    config = {
        "generation": {"with-security-parameters": not signed_in},
        "phases": {"coverage": {"enabled": boundaries}},
    }
    return schemathesis.openapi.from_path(openapi.FILE, config=schemathesis.Config.from_dict(config))


api = described(signed_in=False, boundaries=False)
members_api = described(signed_in=True, boundaries=False)
bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failure is shown as found; shrinking costs minutes
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Caller:
    base_url: str
    api_id: str
    headers: dict[str, str]


@pytest.fixture(scope="module")
def token(stack: Stack) -> Iterator[str]:
    """A session of somebody nobody else uses in this run."""
    with environment_of(stack):
        yield identity.open_session_for(Masked(demo_person(700_001).mobile))


@pytest.fixture(scope="module")
def nobody(stack: Stack, origin: str) -> Caller:
    return Caller(f"{origin}/api", stack.api_id, {"Origin": origin})


@pytest.fixture(scope="module")
def member(nobody: Caller, token: str) -> Caller:
    headers = {**nobody.headers, "Cookie": f"__Host-huzhu={token}"}
    return Caller(nobody.base_url, nobody.api_id, headers)


def holds(case: schemathesis.Case, caller: Caller) -> None:
    answer = case.call_and_validate(base_url=caller.base_url, headers=caller.headers, checks=CHECKS)
    if case.method == case.operation.method.upper():
        assert answer.headers["x-huzhu-api"] == [caller.api_id], "not answered by the deployed stack"


@api.parametrize()
@bounded
def test_the_api_does_what_it_says_for_anybody(case: schemathesis.Case, nobody: Caller) -> None:
    holds(case, nobody)


@members_api.parametrize()
@bounded
def test_the_api_does_what_it_says_for_a_member(case: schemathesis.Case, member: Caller) -> None:
    holds(case, member)
