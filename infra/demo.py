"""Made-up people and seats for a local stack. Repeatable: a second start changes nothing.

Everything goes through the same services as a real join; the people are generated (`infra.people`).
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from chalicelib.access.model import Role, Staff
from chalicelib.access.service import sessions
from chalicelib.access.service.sign_in import open_session_for
from chalicelib.catalog import service as catalog
from chalicelib.enrollment.model import Application, Joined
from chalicelib.enrollment.service import consents, promotion
from chalicelib.enrollment.service.join import join as join_campaign
from chalicelib.groups import service as groups
from chalicelib.groups.model import GroupPolicy
from chalicelib.kernel import DateInterval, Masked, System
from chalicelib.people import service as people
from chalicelib.platform import cipher, clock, strict_json
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.work import Work
from infra.people import DemoPerson, demo_person

CAMPAIGN = "union-pays-nef"
COVERED, NEW = demo_person(1001), demo_person(1002)
OFFICE = Staff(key="staff#demo", name="staff#demo", roles=frozenset(Role))


def seed(stack: Any = None) -> list[dict[str, str]]:
    """Open the policies and seats every running campaign speaks of, let one rider join, and say who may sign
    in. The stack's environment is already ours; `stack` is not needed beyond that."""
    for each in catalog.catalogue().campaigns:
        if each.sponsor_policy and clock.today() <= each.window.last:
            open_policy(each.code)
            if each.seats:
                promotion.add_seats(Work(OFFICE), each.code, each.seats, grant_id="demo")
    _join(COVERED)
    return [
        {"who": "外卖骑手（已参保）", "mobile": COVERED.mobile, "note": "登录后可看到保障和凭证"},
        {
            "who": "外卖骑手（还没参加）",
            "mobile": NEW.mobile,
            "note": f"可以走一遍参加流程；演示姓名 {NEW.name}，演示身份证号 {NEW.id_number}",
        },
    ]


def open_policy(campaign_code: str) -> None:
    """The policy a campaign names, as the office would open it. Nothing changes if it is there."""
    campaign = catalog.catalogue().campaign(campaign_code)
    assert campaign.sponsor_policy is not None
    policy = GroupPolicy(
        id=campaign.sponsor_policy,
        name=f"{campaign.name}团体参保协议（示范）",
        holder=campaign.organiser,
        region=campaign.regions[0],
        window=DateInterval(campaign.window.first, campaign.window.last),
    )
    groups.open_policy(Work(OFFICE), policy)


def application(person: DemoPerson, campaign_code: str = CAMPAIGN) -> dict[str, Any]:
    """What `person` sends: every exclusion acknowledged, every text in force agreed to."""
    catalogue, work = catalog.catalogue(), Work(System())
    campaign = catalogue.campaign(campaign_code)
    products = tuple(catalogue.product(code, work.today) for code in campaign.products)
    return {
        "campaign": campaign_code,
        "name": person.name,
        "id_number": person.id_number,
        "occupation_group": "food_delivery_worker",
        "platform": "同城配送",
        "district": campaign.regions[0],
        "acknowledgements": [
            {"product": each.code, "exclusions": [one.id for one in each.exclusions]} for each in products
        ],
        "consents": [msgspec.to_builtins(each.consent) for each in consents.texts_in_force(work, products)],
    }


def join(token: str, sent: dict[str, Any], key: str) -> Joined:
    """The use case below the route: the session's owner joins with `sent`, under Idempotency-Key `key`."""
    now, raw = clock.now(), json.dumps(sent).encode()
    member = sessions.admit({"__Host-huzhu": token}, int(now.timestamp()))
    attempt = Attempt(member, "POST /enrollments", key, raw, now)
    return join_campaign(Work(member, now=now, attempt=attempt), strict_json.read(raw, Application))


def _join(person: DemoPerson) -> None:
    if not people.person_of(cipher.blind_indexes("mobile", Masked(person.mobile))):
        token = open_session_for(Masked(person.mobile))
        join(token, application(person), "demo-join")
