"""Joining a campaign of several products: what is said of a join is said of the whole set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalog import service as catalog
from chalicelib.enrollment import rules
from chalicelib.platform import clock
from infra import demo
from tests.contract import catalogues
from tests.contract.store import dump
from tests.enrollment.several import (
    ACCIDENT,
    BOTH,
    FEES,
    STAY,
    STAY_ALONE,
    STAY_NAME,
    covers,
    edit,
    joins,
    messages,
    open_seats,
)
from tests.house import add_seats, phone


@pytest.fixture(autouse=True)
def house(aws_moto: None, tmp_path: Path) -> Iterator[None]:
    with catalogues.changed(edit, tmp_path):
        yield


def accident_name() -> str:
    return catalog.catalogue().product(ACCIDENT, clock.today()).name


def exclusions() -> list[str]:
    """The ids both products' terms use."""
    accident, stay = (catalog.catalogue().product(code, clock.today()) for code in (ACCIDENT, STAY))
    assert (accident.version, accident.exclusions) == (stay.version, stay.exclusions)
    return [each.id for each in accident.exclusions]


def certificates() -> list[dict[str, Any]]:
    return [row for row in dump()["coverages"] if "certificate_number" in row]


def test_somebody_covered_by_one_product_gets_the_other_for_one_seat() -> None:
    """Guard: enrollment.service.join._decide looks for what is missing, product by product."""
    add_seats(5)
    rider = phone(1)
    (first,) = rider.join().json_body["certificates"]
    assert open_seats(BOTH) == 4
    answer = joins(rider, BOTH)
    assert (answer.status_code, answer.json_body["state"]) == (201, "in_force_from")
    held, new = answer.json_body["certificates"]
    assert held == {**first, "already": True}
    assert (new["product"], new["product_name"], new["already"]) == (STAY, STAY_NAME, False)
    assert new["number"] != held["number"]
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "not_yet"}
    assert open_seats(BOTH) == 3

    again = joins(rider, BOTH)
    assert again.status_code == 200
    assert again.json_body["certificates"] == [held, {**new, "already": True}]
    assert (open_seats(BOTH), len(certificates())) == (3, 2)


def test_a_newcomer_gets_both_for_one_seat_and_each_certificate_says_who_paid_what() -> None:
    add_seats(2)
    answer = joins(phone(1), BOTH)
    assert [each["product"] for each in answer.json_body["certificates"]] == [ACCIDENT, STAY]
    assert open_seats(BOTH) == 1
    funding = {row["product"]["S"]: json.loads(row["funding"]["S"]) for row in certificates()}
    assert {code: sum(share["fee_fen"] for share in shares) for code, shares in funding.items()} == FEES
    paid = [share for shares in funding.values() for share in shares]
    city = [share["fee_fen"] for share in paid if share["payer"] == "city_union"]
    assert sum(city) == 2_700


def test_the_consents_to_both_terms_of_one_version_are_stored_each_for_itself() -> None:
    """Guard: enrollment.records.consent_part names the text, not only its version."""
    add_seats(1)
    assert joins(phone(1), BOTH).status_code == 201
    rows = [row for row in dump()["people"] if row["part"]["S"].startswith("consent#terms#")]
    stored = {(row["text"]["S"], row["version"]["S"], row["sha256"]["S"]) for row in rows}
    terms = [catalog.catalogue().product(code, clock.today()) for code in (ACCIDENT, STAY)]
    assert stored == {(each.code, each.version, each.terms_sha256) for each in terms}
    read = [row for row in dump()["people"] if row["part"]["S"].startswith("acknowledged#")]
    assert {row["part"]["S"].split("#")[1] for row in read} == {ACCIDENT, STAY}
    assert {row["terms_sha256"]["S"] for row in read} == {each.terms_sha256 for each in terms}


def test_both_terms_must_be_agreed_to() -> None:
    """Guard: enrollment.rules.required_texts asks for each product's terms."""
    add_seats(1)
    rider = phone(1)
    consents = demo.application(rider.person, BOTH)["consents"]
    assert [each["scope"] for each in consents].count(rules.TERMS) == 2
    without = [each for each in consents if each["sha256"] != "e" * 64]
    answer = joins(rider, BOTH, consents=without)
    assert (answer.status_code, answer.json_body["code"]) == (403, "enrollments.consent_outdated")


@pytest.mark.parametrize("ticked", [[ACCIDENT], [ACCIDENT, ACCIDENT], [STAY], [ACCIDENT, "hospital-medical"]])
def test_acknowledging_one_products_exclusions_says_nothing_of_the_others(ticked: list[str]) -> None:
    """Guard: enrollment.rules.refuse_unacknowledged, an exclusion is a product's."""
    add_seats(1)
    rider = phone(1)
    before = dump()
    sent = [{"product": code, "exclusions": exclusions()} for code in ticked]
    answer = joins(rider, BOTH, acknowledgements=sent)
    assert (answer.status_code, answer.json_body["code"]) == (403, "enrollments.exclusions_not_acknowledged")
    assert f"还有{len(exclusions())}项" in answer.json_body["detail"]
    assert dump() == before


def test_the_message_names_every_new_product_with_its_number() -> None:
    """Guard: enrollment.service.seats.message_params, every one issued."""
    add_seats(3)
    newcomer, holder = phone(1), phone(2)
    numbers = [each["number"] for each in joins(newcomer, BOTH).json_body["certificates"]]
    (message,) = messages(newcomer)
    assert all(said in message["text"] for said in (accident_name(), STAY_NAME, *numbers))

    holder.join()
    joins(holder, BOTH)
    latest, _ = messages(holder)
    assert STAY_NAME in latest["text"]
    assert accident_name() not in latest["text"]  # they were told of that one when they got it


def test_without_a_seat_all_products_wait_under_one_number_and_are_promoted_together() -> None:
    """Guard: enrollment.service.promotion._serve issues each product waited for."""
    rider, behind = phone(1), phone(2)
    answer = joins(rider, BOTH)
    assert (answer.status_code, answer.json_body["state"]) == (201, "waiting")
    assert answer.json_body["certificates"] == []
    waiting = answer.json_body["waiting"]
    assert waiting["products"] == [accident_name(), STAY_NAME]
    assert covers(rider) == {ACCIDENT: "waiting", STAY: "waiting"}
    assert all(name in messages(rider)[0]["text"] for name in waiting["products"])
    assert joins(rider, BOTH).json_body["waiting"] == waiting
    joins(behind, BOTH)

    assert add_seats(1, BOTH) == 1
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "not_yet"}
    assert covers(behind) == {ACCIDENT: "waiting", STAY: "waiting"}
    promoted = messages(rider)[0]
    assert promoted["kind"] == "promoted"
    assert all(name in promoted["text"] for name in waiting["products"])
    assert {row["product"]["S"] for row in certificates()} == {ACCIDENT, STAY}
    assert open_seats(BOTH) == 0


def test_who_holds_one_and_waits_for_the_other_is_shown_both() -> None:
    add_seats(1)
    rider = phone(1)
    (first,) = rider.join().json_body["certificates"]
    answer = joins(rider, BOTH)
    assert (answer.status_code, answer.json_body["state"]) == (201, "waiting")
    assert answer.json_body["certificates"] == [{**first, "already": True}]
    assert answer.json_body["waiting"]["products"] == [STAY_NAME]
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "waiting"}
    assert add_seats(1, BOTH) == 1
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "not_yet"}
    funding = {row["product"]["S"]: json.loads(row["funding"]["S"]) for row in certificates()}
    assert {code: sum(share["fee_fen"] for share in shares) for code, shares in funding.items()} == FEES


def test_a_product_got_elsewhere_while_waiting_is_left_out_and_the_rest_promoted() -> None:
    """Guard: enrollment.service.promotion._serve, `waits_for`."""
    rider = phone(1)
    joins(rider, BOTH)
    add_seats(1, STAY_ALONE)
    (elsewhere,) = joins(rider, STAY_ALONE).json_body["certificates"]
    assert covers(rider) == {ACCIDENT: "waiting", STAY: "not_yet"}

    assert add_seats(2, BOTH) == 1
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "not_yet"}
    numbers = {row["product"]["S"]: row["certificate_number"]["S"] for row in certificates()}
    assert (len(certificates()), numbers[STAY]) == (2, elsewhere["number"])
    assert STAY_NAME not in messages(rider)[0]["text"]
    assert open_seats(BOTH) == 1


def test_who_waits_elsewhere_keeps_that_place_and_is_told_so_when_there_is_no_seat_here() -> None:
    """Guard: enrollment.service.join._decide, `if places`: nobody waits twice for one product."""
    rider = phone(1)
    place = joins(rider, STAY_ALONE).json_body["waiting"]
    before = dump()
    answer = joins(rider, BOTH)
    assert (answer.status_code, answer.json_body["code"]) == (409, "enrollments.waiting_elsewhere")
    assert dump() == before
    assert joins(rider, STAY_ALONE).json_body["waiting"] == place


def test_who_waits_for_one_of_two_is_not_told_they_wait_for_both() -> None:
    """Guard: enrollment.service.join._decide, `here` is the place asked for only if it is for all of it. The
    other campaign gives the same pool's seats."""
    rider = phone(1)
    place = rider.join().json_body["waiting"]
    before = dump()
    answer = joins(rider, BOTH)
    assert (answer.status_code, answer.json_body["code"]) == (409, "enrollments.waiting_elsewhere")
    assert dump() == before
    assert rider.join().json_body["waiting"] == place

    assert add_seats(2) == 1
    assert [each["already"] for each in joins(rider, BOTH).json_body["certificates"]] == [True, False]
    assert open_seats(BOTH) == 0


def test_who_waits_elsewhere_takes_a_seat_here_and_uses_none_there() -> None:
    rider = phone(1)
    joins(rider, STAY_ALONE)
    add_seats(1, BOTH)
    answer = joins(rider, BOTH)
    assert [each["already"] for each in answer.json_body["certificates"]] == [False, False]
    assert add_seats(1, STAY_ALONE) == 0
    assert open_seats(STAY_ALONE) == 1
    assert covers(rider) == {ACCIDENT: "not_yet", STAY: "not_yet"}
