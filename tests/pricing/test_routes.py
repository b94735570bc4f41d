"""POST /quotes and /eligibility-checks, as whole API Gateway events."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from chalicelib.catalog import service
from tests.catalog.asking import our_origin, post

__all__ = ["our_origin"]
QUOTE = {"products": ["nef-accident"], "region": "qingfeng", "people": 320, "on": "2026-06-18"}
CHECK = {
    "occupation_group": "courier",
    "age_band": "16-60",
    "region": "qingfeng",
    "medical_insurance": "none",
}


def offered(body: Any, product: str) -> Any:
    """What the answer says of one product."""
    (item,) = (each for each in body["items"] if each["product"] == product)
    return item


def test_a_quote_shows_fee_shares_and_the_terms_it_rests_on() -> None:
    status, body = post("/quotes", {**QUOTE, "campaign": "union-pays-nef"})
    terms = service.catalogue().product_version("nef-accident", "2026-1")
    assert status == 200
    assert body == {
        "fee_fen": 800_000,
        "people": 320,
        "shares": [
            {"payer": "worker", "label": "您自己", "fee_fen": 0},
            {"payer": "industry_union", "label": "行业工会联合会", "fee_fen": 800_000},
        ],
        "terms": [{"product": "nef-accident", "version": "2026-1", "sha256": terms.terms_sha256}],
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"products": ["nothing"]}, "products"),
        ({"products": []}, "products"),
        ({"region": "atlantis"}, "region"),
        ({"campaign": "nothing"}, "campaign"),
        ({"campaign": "union-pays-nef", "on": "2028-01-01"}, "campaign"),
        ({"campaign": "union-pays-nef", "region": "xian"}, "campaign"),
        ({"people": 0}, "people"),
        ({"people": 1.5}, ""),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "2026-06-18T00:00:00"}, "on"),
        ({"fee_fen": 1}, ""),
    ],
)
def test_a_quote_nobody_can_give_is_a_400_that_names_the_field(change: dict[str, Any], field: str) -> None:
    status, body = post("/quotes", {**QUOTE, **change})
    assert status == 400
    assert list(body.get("fields", {})) == ([field] if field else [])


@pytest.mark.parametrize("people", [1, 1_000_000])
def test_a_quote_is_given_from_one_person_to_a_million(people: int) -> None:
    status, body = post("/quotes", {**QUOTE, "people": people})
    assert (status, body["fee_fen"]) == (200, 2500 * people)
    assert post("/quotes", {**QUOTE, "people": 1_000_001})[0] == 400


def test_a_courier_hears_who_pays_before_giving_a_name() -> None:
    with time_machine.travel("2026-06-18T04:00:00Z", tick=False):
        status, body = post("/eligibility-checks", CHECK)
    assert status == 200
    assert body["next"] is None
    item = next(each for each in body["items"] if each["product"] == "nef-accident")
    assert item["eligible"] is True
    assert item["reasons"] == []
    assert item["campaign"] == "union-pays-nef"
    assert "新就业形态" in item["sponsor"]
    assert [share["fee_fen"] for share in item["payers"]] == [0, 2500]


def test_somebody_too_old_elsewhere_hears_both_reasons_and_no_price() -> None:
    with time_machine.travel("2026-06-18T04:00:00Z", tick=False):
        _, body = post("/eligibility-checks", {**CHECK, "age_band": "61-120", "region": "xian"})
    item = next(each for each in body["items"] if each["product"] == "nef-accident")
    assert item["eligible"] is False
    assert [reason["code"] for reason in item["reasons"]] == ["age_too_high", "campaign_region"]
    assert item["payers"] == []


def test_an_employee_is_offered_one_product_by_itself_before_a_package_and_nothing_that_is_over() -> None:
    asked = {**CHECK, "occupation_group": "employee", "medical_insurance": "employee"}
    with time_machine.travel("2026-11-24T04:00:00Z", tick=False):
        _, shaanxi = post("/eligibility-checks", {**asked, "region": "shaanxi"})
        _, shilin = post("/eligibility-checks", {**asked, "campaign": "shilin-2025", "region": "luohe"})
        _, luyi = post("/eligibility-checks", {**asked, "region": "luyi"})
    offered = {each["product"]: each["campaign"] for each in shaanxi["items"] if each["eligible"]}
    assert offered["hospital-medical"] == "three-parties"
    assert offered["womens-disease"] == "buy-main-get-supplement"
    assert [reason["code"] for reason in shilin["items"][0]["reasons"]] == ["campaign_over"]
    assert "luyi-2025" not in {each["campaign"] for each in luyi["items"]}


@pytest.mark.parametrize(
    ("instant", "open_"),
    [("2027-12-31T15:59:59Z", True), ("2027-12-31T16:00:00Z", False)],
)
def test_the_campaign_closes_at_midnight_in_shanghai(instant: str, open_: bool) -> None:
    with time_machine.travel(instant, tick=False):
        _, body = post("/eligibility-checks", {**CHECK, "campaign": "union-pays-nef"})
    assert offered(body, "nef-accident")["eligible"] is open_


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"occupation_group": "rider"}, "occupation_group"),
        ({"age_band": "17-18"}, "age_band"),
        ({"medical_insurance": "gold"}, "medical_insurance"),
        ({"campaign": "nothing"}, "campaign"),
    ],
)
def test_an_unknown_answer_is_a_400_that_names_the_field(change: dict[str, Any], field: str) -> None:
    status, body = post("/eligibility-checks", {**CHECK, **change})
    assert (status, list(body["fields"])) == (400, [field])
