"""A person with cover, made through the service as joining does; days are chosen, never today's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from chalicelib.catalog import service as catalog
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service
from chalicelib.coverage.model import Issued, Seat
from chalicelib.kernel import SHANGHAI, System
from chalicelib.platform import ids
from chalicelib.platform.transaction import Write, commit
from chalicelib.platform.work import Work
from infra import demo

SEAT = Seat("policy-1", "campaign-1", "工会（示范）")
ELSEWHERE = Seat("policy-2", "campaign-2", "工会（示范）")

_moments = count()


def product() -> Product:
    catalogue = catalog.catalogue()
    campaign = catalogue.campaign(demo.CAMPAIGN)
    return catalogue.product(campaign.products[0], campaign.window.first)


def work_on(day: date) -> Work:
    """At noon of `day`; what a test does later is later, by a microsecond."""
    now = datetime.combine(day, time(12), SHANGHAI) + timedelta(microseconds=next(_moments))
    return Work(System(), now=now)


def keep(writes: Iterable[Write]) -> None:
    commit(list(writes), ids.new_id())


@dataclass(frozen=True)
class Holder:
    person_id: str = "person-1"

    def enters(self, on: date, seat: Seat = SEAT) -> Issued:
        issued, writes = service.enter(work_on(on), self.person_id, "李**", product(), seat, ())
        keep(writes)
        return issued

    def waits(self, ticket: int, on: date, seat: Seat = SEAT) -> None:
        keep(service.wait_writes(self.person_id, product(), seat, ticket, on))

    def is_promoted(self, ticket: int, on: date, seat: Seat = SEAT) -> Issued:
        issued, writes = service.promote(work_on(on), self.person_id, "李**", product(), seat, (), ticket)
        keep(writes)
        return issued
