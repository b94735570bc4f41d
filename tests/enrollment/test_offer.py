"""GET /campaigns/{code}: a page built yesterday asks what is true today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.enrollment import rules
from chalicelib.kernel import SHANGHAI
from chalicelib.platform import clock
from tests.contract import catalogues
from tests.house import CAMPAIGN, add_seats, campaign, client, phone, product

A_DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)
TOMORROW = date(2027, 2, 1)  # when the office's new texts come into force
NEWER = "2027-1"


def at(day: date, clock: time) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, clock, SHANGHAI), tick=False)


def asked(code: str = CAMPAIGN) -> dict[str, Any]:
    answer = client().http.get(f"/campaigns/{code}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json_body
    return body


@pytest.mark.usefixtures("aws_moto")
def test_open_or_not_is_decided_by_the_servers_day(tmp_path: Path) -> None:
    """Guard: enrollment.service.offer.campaign_today, both bounds of the window."""
    first, last = campaign().window.first, campaign().window.last
    moments = {
        (first - A_DAY, LAST_SECOND): "not_open",
        (first, time(0)): "open",
        (last, LAST_SECOND): "open",
        (last + A_DAY, time(0)): "over",
    }
    for (day, at_time), state in moments.items():
        with at(day, at_time), catalogues.changed(older, tmp_path):
            found = asked()
            assert (found["today"], found["state"]) == (day.isoformat(), state)


def older(data: dict[str, Any]) -> None:
    """Terms and texts in force before the campaign opens; without, there is nothing to show at all."""
    for each in [*data["products"], *data["privacy"]]:
        each["valid_from"] = "2020-01-01"


def newer(data: dict[str, Any]) -> None:
    """Published, in force from TOMORROW: new terms with one more exclusion, and a new consent text."""
    terms = [each for each in data["products"] if each["code"] == product().code][-1]
    extra = {**terms["exclusions"][0], "id": "new_exclusion", "title": "新的除外责任（示范）"}
    changed = {"version": NEWER, "valid_from": TOMORROW.isoformat(), "terms_sha256": "a" * 64}
    at_terms = data["products"].index(terms) + 1
    data["products"].insert(at_terms, {**terms, **changed, "exclusions": [*terms["exclusions"], extra]})
    (text,) = [each for each in data["privacy"] if each["scope"] == "id_number"]
    data["privacy"].append({**text, "version": NEWER, "valid_from": TOMORROW.isoformat(), "sha256": "b" * 64})


@pytest.mark.usefixtures("aws_moto")
def test_terms_and_texts_change_at_midnight_of_their_day_without_a_rebuild(tmp_path: Path) -> None:
    """Guard: enrollment.service.offer.campaign_today asks the catalogue for the versions of today; what it
    says is exactly what a join then asks for."""
    with at(TOMORROW - A_DAY, time(12)):
        add_seats(5)
        old = product()
    for seed, (moment, versions) in enumerate(
        {
            (TOMORROW - A_DAY, LAST_SECOND): {old.version, "2026-1"},
            (TOMORROW, time(0)): {NEWER},
        }.items()
    ):
        with at(*moment), catalogues.changed(newer, tmp_path):
            found = asked()
            (shown,) = found["products"]
            texts = {(each["scope"], each["text"]): each["version"] for each in found["consents"]}
            assert {shown["version"], texts["id_number", id_number_text()]} == versions
            assert texts["terms", shown["code"]] == shown["version"]
            ids = [each["id"] for each in shown["exclusions"]]
            assert ("new_exclusion" in ids) == (shown["version"] == NEWER)
            sent = {
                "acknowledgements": [{"product": shown["code"], "exclusions": ids}],
                "consents": [
                    {name: each[name] for name in ("scope", "version", "sha256")}
                    for each in found["consents"]
                ],
            }
            assert phone(seed).join(**sent).status_code == 201


def id_number_text() -> str:
    from chalicelib.catalog import service as catalog

    return catalog.catalogue().consent_text("id_number", clock.today()).code


@pytest.mark.usefixtures("aws_moto")
def test_seats_are_told_rounded_down_and_without_a_policy_there_are_none() -> None:
    assert asked()["seats_at_least"] == 0
    add_seats(1)
    assert asked()["seats_at_least"] == 1
    add_seats(48)
    assert asked()["seats_at_least"] == 1
    add_seats(1)
    assert asked()["seats_at_least"] == 50
    add_seats(451)
    assert asked()["seats_at_least"] == 500
    phone(1).join()
    assert asked()["seats_at_least"] == 500
    assert asked("five-gifts")["seats_at_least"] == 0  # this one is joined by unit


@given(seats=st.integers(0, 30_000))
def test_a_rounded_number_never_promises_more_than_there_is(seats: int) -> None:
    told = rules.rounded_down(seats)
    assert told <= seats
    assert (told > 0) == (seats > 0)
    assert seats >= 10_000 or seats < max(50, 2.5 * told)  # nor so little that it misleads


def test_nobody_learns_of_a_single_join_by_asking_for_seats() -> None:
    """But for the first and the last seat, one more or less is told once in fifty."""
    told = [rules.rounded_down(seats) for seats in range(10_050)]
    changes = [seats for seats in range(1, len(told)) if told[seats] != told[seats - 1]]
    assert min(later - earlier for earlier, later in pairwise(changes)) >= 49


@pytest.mark.parametrize(
    ("seats", "told"),
    [(0, 0), (1, 1), (49, 1), (50, 50), (99, 50), (100, 100), (499, 400), (500, 500), (1999, 1000)],
)
def test_the_steps_of_rounding(seats: int, told: int) -> None:
    assert rules.rounded_down(seats) == told
