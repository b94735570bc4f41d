"""Whose address counts against a network's limit."""

from datetime import UTC, datetime

import pytest
import time_machine

from chalicelib.platform.settings import LIMITS, settings
from infra.people import demo_person
from tests.access import door

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
FIRST = "203.0.113.7"


def statuses(forwarded: list[str | None]) -> list[int]:
    """One request for each X-Forwarded-For, all handed over by the same caller of the gateway."""
    with time_machine.travel(NOON, tick=False):
        return [
            door.call(
                "POST",
                "/sign-in/codes",
                {"mobile": demo_person(n).mobile, "altcha": door.solved()},
                key=f"key-number-{n:06d}",
                headers={"x-forwarded-for": header},
            ).status
            for n, header in enumerate(forwarded)
        ]


def test_what_a_visitor_writes_into_forwarded_for_is_not_believed(served_store: None) -> None:
    replies = statuses([f"198.51.{n}.1" for n in range(LIMITS.codes_per_network_hour + 1)])
    assert replies == [202] * LIMITS.codes_per_network_hour + [429]


def test_behind_a_cdn_the_address_it_saw_counts_whatever_stands_before_it(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_HOPS", "2")
    settings.cache_clear()
    most = LIMITS.codes_per_network_hour
    same_visitor = statuses([f"198.51.{n}.1, {FIRST}, 130.176.1.{n}" for n in range(most + 1)])
    assert same_visitor == [202] * most + [429]


def test_behind_a_cdn_visitors_of_one_edge_node_do_not_share_a_limit(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_HOPS", "2")
    settings.cache_clear()
    most = LIMITS.codes_per_network_hour
    assert statuses([f"198.51.{n}.1, 130.176.1.1" for n in range(most + 1)]) == [202] * (most + 1)


def test_past_the_cdn_the_gateways_caller_counts(served_store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_HOPS", "2")
    settings.cache_clear()
    most = LIMITS.codes_per_network_hour
    assert statuses([None] * (most + 1)) == [202] * most + [429]
