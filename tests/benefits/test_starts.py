"""From which day a cover pays: worked out by hand from articles 6 and 7, and the same as the engine's."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from chalicelib.benefits.rules import assess, starts_of
from chalicelib.catalog import service
from chalicelib.catalog.terms import Product
from tests.benefits.plans import ill_on

FIRST = date(2026, 11, 28)
NEWEST = {each.code: each for each in service.catalogue().products}


def found(terms: Product, *, renewed: bool = False) -> list[tuple[str, str, str, int]]:
    return [
        (each.cause, each.first.isoformat(), each.full_from.isoformat(), each.percent)
        for each in starts_of(terms, FIRST, renewed=renewed)
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nef-accident", [("accident", "2026-11-28", "2026-11-28", 100)]),
        # 30 days from 28 November: the last is 27 December.
        (
            "hospital-medical",
            [("accident", "2026-11-28", "2026-11-28", 100), ("disease", "2026-12-28", "2026-12-28", 100)],
        ),
        # Day 90 is 25 February.
        ("critical-illness", [("disease", "2026-12-28", "2027-02-26", 50)]),
        (
            "allowance-illness",
            [("accident", "2026-11-28", "2026-11-28", 100), ("disease", "2026-12-28", "2027-02-26", 50)],
        ),
        (
            "comprehensive",
            [("accident", "2026-11-28", "2026-11-28", 100), ("disease", "2026-12-28", "2026-12-28", 100)],
        ),
    ],
)
def test_accidents_and_illness_begin_on_their_own_days(
    code: str, expected: list[tuple[str, str, str, int]]
) -> None:
    assert found(NEWEST[code]) == expected


@pytest.mark.parametrize("code", list(NEWEST))
def test_a_renewal_without_a_gap_waits_for_nothing(code: str) -> None:
    assert {(first, full, percent) for _, first, full, percent in found(NEWEST[code], renewed=True)} == {
        ("2026-11-28", "2026-11-28", 100)
    }


@pytest.mark.parametrize("code", ["critical-illness", "light-illness", "womens-disease", "hospital-medical"])
def test_the_engine_pays_from_these_days_and_not_a_day_earlier(code: str) -> None:
    terms = NEWEST[code]
    (start,) = [each for each in starts_of(terms, FIRST, renewed=False) if each.cause == "disease"]

    def paid(on: date) -> int:
        return assess(terms, ill_on(terms, FIRST, on)).total_fen

    one = timedelta(days=1)
    full = paid(start.full_from)
    assert full > 0
    assert paid(start.first - one) == 0
    assert paid(start.first) == full * start.percent // 100
    assert paid(start.full_from - one) == (
        full * start.percent // 100 if start.first < start.full_from else 0
    )


def test_on_the_wire_a_start_begins_with_from() -> None:
    (start,) = starts_of(NEWEST["nef-accident"], FIRST, renewed=False)
    assert msgspec.json.encode(start) == (
        b'{"cause":"accident","from":"2026-11-28","full_from":"2026-11-28","percent":100}'
    )
