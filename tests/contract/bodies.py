"""A good body for each route that takes one: sent as it is, it succeeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.catalog import service as catalog
from chalicelib.platform import clock
from infra.people import demo_person
from tests.access import door
from tests.access.desk_door import code_now, hire
from tests.house import CAMPAIGN, application, campaign


def quote() -> dict[str, Any]:
    offer = campaign()
    return {
        "products": list(offer.products),
        "region": offer.regions[0],
        "people": 1,
        "on": clock.today().isoformat(),
        "campaign": CAMPAIGN,
    }


def eligibility() -> dict[str, Any]:
    return {
        "occupation_group": campaign().occupation_groups[0],
        "age_band": catalog.catalogue().age_bands[1].code,
        "region": campaign().regions[0],
        "medical_insurance": "unknown",
        "campaign": CAMPAIGN,
    }


def estimate() -> dict[str, Any]:
    today = clock.today().isoformat()
    facts = {"cover_from": today, "cause": "accident", "happened_on": today, "disability_grade": 10}
    product = catalog.catalogue().product(campaign().products[0], clock.today())
    return {"product": product.code, "version": product.version, "facts": facts}


def code() -> dict[str, Any]:
    return {"mobile": demo_person(1).mobile, "altcha": door.solved()}


def session() -> dict[str, Any]:
    sent = door.ask_code(demo_person(2).mobile)
    return {"challenge_id": sent.body["challenge_id"], "code": door.code_of(sent)}


def desk_session() -> dict[str, Any]:
    """For whoever holds demo person 3's mobile."""
    return {"code": code_now(hire(demo_person(3).mobile))}


def join() -> dict[str, Any]:
    return application(demo_person(3))


def suggestion() -> dict[str, Any]:
    return {"kind": "suggestion", "text": "驿站的插座不够用，能不能多装几个？", "page": "/guide/claim/"}


GOOD: dict[str, Callable[[], dict[str, Any]]] = {
    "POST /quotes": quote,
    "POST /eligibility-checks": eligibility,
    "POST /estimates": estimate,
    "POST /sign-in/codes": code,
    "POST /sign-in/sessions": session,
    "POST /desk/sessions": desk_session,
    "POST /enrollments": join,
    "POST /suggestions": suggestion,
}
