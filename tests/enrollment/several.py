"""A catalogue with campaigns of several products: ACCIDENT, and STAY, which has the same version number and
the same exclusion ids. Everything is made from today's accident terms and campaign.

    union-pays-nef   ACCIDENT         policy henan-nef-2026
    both             ACCIDENT, STAY   policy henan-nef-2026: the same pool of seats
    stay-alone       STAY             policy stay-2026
"""

from __future__ import annotations

import copy
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.catalog import service as catalog
from chalicelib.groups import service as groups
from infra import demo
from tests.house import CAMPAIGN, Phone

ACCIDENT, STAY = "nef-accident", "nef-stay"
BOTH, STAY_ALONE = "both", "stay-alone"
STAY_NAME = "专项住院津贴互助保障"
FEES = {ACCIDENT: 2_500, STAY: 3_100}


def edit(data: dict[str, Any]) -> None:
    *_, accident = (each for each in data["products"] if each["code"] == ACCIDENT)  # the newest version
    stay = {**copy.deepcopy(accident), "code": STAY, "name": STAY_NAME, "terms_sha256": "e" * 64}
    data["products"].append({**stay, "fee_fen": FEES[STAY]})
    one = next(each for each in data["campaigns"] if each["code"] == CAMPAIGN)
    paid = [
        {**copy.deepcopy(one["funding"][0]), "payer": "city_union", "label": "市总工会", "fixed_fen": 2_700},
        *one["funding"],
    ]
    data["campaigns"] += [
        {**copy.deepcopy(one), "code": BOTH, "products": [ACCIDENT, STAY], "funding": paid},
        {**copy.deepcopy(one), "code": STAY_ALONE, "products": [STAY], "sponsor_policy": "stay-2026"},
    ]


def joins(rider: Phone, campaign: str, **changes: Any) -> HTTPResponse:
    return rider.call("POST", "/enrollments", {**demo.application(rider.person, campaign), **changes})


def covers(rider: Phone) -> dict[str, str]:
    """{product: state} of everything held or waited for; no product twice."""
    items = rider.call("GET", "/me/coverages").json_body["items"]
    states = {each["product"]: each["state"] for each in items}
    assert len(states) == len(items)
    return states


def messages(rider: Phone) -> list[dict[str, str]]:
    """What the rider was sent, newest first."""
    found: list[dict[str, str]] = rider.call("GET", "/me/inbox").json_body["items"]
    return found


def open_seats(campaign: str) -> int:
    policy = catalog.catalogue().campaign(campaign).sponsor_policy
    assert policy is not None
    return groups.seats_open(policy)
