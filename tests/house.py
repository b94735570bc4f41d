"""The house in process: the real app behind Chalice's test client, and people who use it.

Sessions are minted through identity's own service; everything else goes in through the routes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from chalice.test import Client, HTTPResponse

from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.terms import Product
from chalicelib.enrollment.model import Joined
from chalicelib.enrollment.service import promotion
from chalicelib.kernel import Masked
from chalicelib.platform import clock, ids
from chalicelib.platform.work import Work
from infra import demo
from infra.people import DemoPerson, demo_person

CAMPAIGN = demo.CAMPAIGN
ORIGIN = "https://huzhu.example"


@cache
def client() -> Client:
    import app

    return Client(app.app)


def campaign() -> Campaign:
    return catalog.catalogue().campaign(CAMPAIGN)


def product() -> Product:
    return catalog.catalogue().product(campaign().products[0], clock.today())


def application(person: DemoPerson, **changes: Any) -> dict[str, Any]:
    """What `person` sends to join the campaign, complete unless `changes` say otherwise."""
    return {**demo.application(person), **changes}


def add_seats(seats: int, campaign_code: str = CAMPAIGN) -> int:
    """As the office: the policy opened if it is not, seats added, who waits promoted."""
    demo.open_policy(campaign_code)
    return promotion.add_seats(Work(demo.OFFICE), campaign_code, seats, grant_id=ids.new_id())


@dataclass
class Phone:
    """One person's browser."""

    person: DemoPerson
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> Phone:
        from chalicelib.access.service import sign_in as service

        self.token = service.open_session_for(Masked(self.person.mobile))
        return self

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> HTTPResponse:
        headers = {"Origin": ORIGIN, "Content-Type": "application/json", **self.headers}
        if self.token:
            headers["Cookie"] = f"__Host-huzhu={self.token}"
        if method == "POST":
            headers["Idempotency-Key"] = key or ids.new_id()
        raw = b"" if body is None else json.dumps(body).encode()
        return client().http.request(method, path, headers=headers, body=raw)

    def join(self, *, key: str | None = None, **changes: Any) -> HTTPResponse:
        return self.call("POST", "/enrollments", application(self.person, **changes), key=key)

    def enter(self, *, key: str, **changes: Any) -> Joined:
        """`join` below the route: one Chalice app serves one request at a time, so threads go here."""
        return demo.join(self.token, application(self.person, **changes), key)


def phone(seed: int, **born: Any) -> Phone:
    """The phone of demo person `seed`, signed in."""
    return Phone(demo_person(seed, **born)).sign_in()
