"""Made-up people and seats for a local stack. Repeatable: a second start changes nothing.

Everything goes through the same services as a real join; the people are generated (`infra.people`).
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from chalicelib.access.service import sessions
from chalicelib.access.service import sign_in as identity
from chalicelib.catalog import service as catalog
from chalicelib.enrollment import promotion, rules, service
from chalicelib.enrollment.model import Application
from chalicelib.kernel import Masked
from chalicelib.people import service as people
from chalicelib.platform import cipher, clock, strict_json
from chalicelib.platform.http import Answer, Request
from chalicelib.platform.idempotency import Attempt
from infra.people import DemoPerson, demo_person

CAMPAIGN = "union-pays-nef"
COVERED, NEW = demo_person(1001), demo_person(1002)


def seed(stack: Any = None) -> list[dict[str, str]]:
    """Open the seats every running campaign says it has, let one rider join, and say who may sign in. The
    stack's environment is already ours; `stack` is not needed beyond that."""
    today = clock.today()
    for each in catalog.catalogue().campaigns:
        if each.seats and today <= each.window.last:
            promotion.add_seats(each.code, each.seats, grant_id="demo", actor="staff#demo", today=today)
    _join(COVERED)
    return [
        {"who": "外卖骑手（已参保）", "mobile": COVERED.mobile, "note": "登录后可看到保障和凭证"},
        {
            "who": "外卖骑手（还没参加）",
            "mobile": NEW.mobile,
            "note": f"可以走一遍参加流程；演示姓名 {NEW.name}，演示身份证号 {NEW.id_number}",
        },
    ]


def application(person: DemoPerson) -> dict[str, Any]:
    """What `person` sends: every exclusion acknowledged, every text in force agreed to."""
    catalogue, today = catalog.catalogue(), clock.today()
    campaign = catalogue.campaign(CAMPAIGN)
    products = [catalogue.product(code, today) for code in campaign.products]
    texts = [catalogue.consent_text(scope, today) for scope in rules.SCOPES if scope != rules.TERMS]
    return {
        "campaign": CAMPAIGN,
        "name": person.name,
        "id_number": person.id_number,
        "occupation_group": "food_delivery_worker",
        "platform": "同城配送",
        "district": campaign.regions[0],
        "acknowledged_exclusions": [each.id for product in products for each in product.exclusions],
        "consents": [
            *msgspec.to_builtins(rules.terms_consents(products)),
            *({"scope": text.scope, "version": text.version, "sha256": text.sha256} for text in texts),
        ],
    }


def join(token: str, sent: dict[str, Any], key: str) -> Answer:
    """The use case below the route: the session's owner joins with `sent`, under Idempotency-Key `key`."""
    now = clock.now()
    member = sessions.admit({"__Host-huzhu": token}, int(now.timestamp()))
    raw = json.dumps(sent).encode()
    body = strict_json.read(raw, Application)
    request = Request("POST /enrollments", body, {}, {}, {}, {}, "127.0.0.1", "", now, raw, key, member)
    return service.join(member, body, Attempt(request), clock.today())


def _join(person: DemoPerson) -> None:
    if not people.person_of(cipher.blind_indexes("mobile", Masked(person.mobile))):
        token = identity.open_session_for(Masked(person.mobile))
        join(token, application(person), "demo-join")
