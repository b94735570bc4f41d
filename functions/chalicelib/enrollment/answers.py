"""What a joiner is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from chalicelib.coverage.service import Held, Issued

WAITING_NOTE = "尚未生效。有名额时按排队先后自动办理，并发短信告诉您。在那之前没有保障。"


class CertificateAnswer(msgspec.Struct, frozen=True):
    number: str
    check: str
    product: str
    product_name: str
    effective_from: str
    effective_to: str


class WaitingAnswer(msgspec.Struct, frozen=True):
    number: int
    note: str


class PersonAnswer(msgspec.Struct, frozen=True):
    name_masked: str


class JoinAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`state`: in_force_from (with the certificate) or waiting (with the place on the list)."""

    state: str
    person: PersonAnswer
    certificate: CertificateAnswer | None = None
    waiting: WaitingAnswer | None = None


def in_force(issued: Issued, name_masked: str) -> JoinAnswer:
    """A new certificate."""
    period = issued.period
    certificate = CertificateAnswer(
        number=issued.number,
        check=issued.check,
        product=issued.product,
        product_name=issued.product_name,
        effective_from=period.first.isoformat(),
        effective_to=period.last.isoformat(),
    )
    return JoinAnswer("in_force_from", PersonAnswer(name_masked), certificate=certificate)


def waiting(ticket: int, name_masked: str) -> JoinAnswer:
    """A place on the waiting list."""
    return JoinAnswer("waiting", PersonAnswer(name_masked), waiting=WaitingAnswer(ticket, WAITING_NOTE))


def standing(held: Held, name_masked: str) -> JoinAnswer:
    """What somebody who joins again already has."""
    if held.period is None:
        return waiting(held.ticket or 0, name_masked)
    certificate = CertificateAnswer(
        number=held.number,
        check=held.check,
        product=held.product,
        product_name=held.product_name,
        effective_from=held.period.first.isoformat(),
        effective_to=held.period.last.isoformat(),
    )
    return JoinAnswer("in_force_from", PersonAnswer(held.name_masked or name_masked), certificate=certificate)
