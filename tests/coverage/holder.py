"""A person with cover, made through the service as joining does; days are chosen, never today's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.catalog import service as catalog
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service
from chalicelib.coverage.service import Issued, Seat
from chalicelib.platform import ids
from chalicelib.platform.transaction import Write, commit
from infra import demo

SEAT = Seat("policy-1", "campaign-1", "工会（示范）", ())
ELSEWHERE = Seat("policy-2", "campaign-2", "工会（示范）", ())


def product() -> Product:
    catalogue = catalog.catalogue()
    campaign = catalogue.campaign(demo.CAMPAIGN)
    return catalogue.product(campaign.products[0], campaign.window.first)


def keep(writes: list[Write] | tuple[Write, ...]) -> None:
    commit(writes, ids.new_id())


@dataclass(frozen=True)
class Holder:
    person_id: str = "person-1"

    def enters(self, on: date, seat: Seat = SEAT) -> Issued:
        issued = service.enter(self.person_id, "李**", product(), seat, on)
        keep(issued.writes)
        return issued

    def waits(self, ticket: int, on: date, seat: Seat = SEAT) -> None:
        keep(service.wait_writes(self.person_id, product(), seat, ticket, on))

    def is_promoted(self, ticket: int, on: date, seat: Seat = SEAT) -> Issued:
        issued = service.promote(self.person_id, "李**", product(), seat, on, ticket)
        keep(issued.writes)
        return issued
