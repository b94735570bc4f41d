"""Joining. Nobody is "covered" before cover exists.

One transaction takes the seat and writes the person, the covers, the consents, the message and the audit
entry, or none of them:

    seat taken ──► in force from 00:00 tomorrow, a certificate for each product
    no seat    ──► waiting list, 「尚未生效」, promoted in order when seats are added

A campaign may give several products. Whoever holds one of them already gets the others, and is told of both.
Whatever refuses the transaction, the next round reads what stands now and decides again; a repeat under the
same Idempotency-Key finds its record and gives the same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.access.model import Action, Member, Thing
from chalicelib.access.rules import require
from chalicelib.audit import service as audit
from chalicelib.catalog import service as catalog
from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.terms import Product
from chalicelib.coverage import service as coverage
from chalicelib.coverage.model import Issued, PersonCover, Seat
from chalicelib.enrollment import records, rules
from chalicelib.enrollment.model import Applicant, Application, Joined, JoinedCover, Waiting
from chalicelib.enrollment.service import consents, office_checks, seats
from chalicelib.groups import service as groups
from chalicelib.groups.model import GroupPolicy
from chalicelib.kernel import ConflictError
from chalicelib.notify import service as notify
from chalicelib.people import service as people
from chalicelib.people.model import Standing
from chalicelib.platform import ids
from chalicelib.platform.transaction import Write, WriteRefused
from chalicelib.platform.work import Work, retry
from chalicelib.pricing.model import Share


def join(work: Work, application: Application) -> Joined:
    """Join a prepaid campaign; `first` is False for somebody who has all of it, or waits for it, already.

    Raises InvalidRequestError (fields), ForbiddenError (a consent or acknowledgement is missing),
    ConflictError (`enrollments.needs_office_check`, `needs_unit`, `waiting_elsewhere`, `policy_closed`),
    TooManyError, UnavailableError.
    """
    require(work.actor, Action.JOIN, Thing())
    assert isinstance(work.actor, Member)  # nobody else may join
    catalogue = catalog.of(work)
    campaign, products, applicant = rules.read(catalogue, application, work.today)
    consents.refuse_incomplete(work, products, application)
    assert campaign.sponsor_policy is not None  # rules.read refuses a campaign without one
    joining = _Joining(
        work=work,
        member=work.actor,
        application=application,
        campaign=campaign,
        products=products,
        applicant=applicant,
        funding=seats.funding_of(campaign, products, catalogue.region(application.district), work.today),
        policy_id=campaign.sponsor_policy,
    )
    return retry(work, joining.one_round)


@dataclass(frozen=True, slots=True)
class _Joining:
    """An application that passed every check that needs no store."""

    work: Work
    member: Member
    application: Application
    campaign: Campaign
    products: tuple[Product, ...]
    applicant: Applicant
    funding: dict[str, tuple[Share, ...]]
    policy_id: str

    def one_round(self) -> Joined:
        """Read what stands, decide, commit. Raises WriteRefused if something changed first."""
        found = people.find(self.applicant.id_number, self.member.mobile_indexes)
        if found.standing is not Standing.NEW and self.work.attempt is not None:
            again = self.work.attempt.earlier(Joined)
            if again is not None:
                return again
        if found.standing is Standing.OFFICE_CHECK:
            raise office_checks.leave(self.work, self.member, self.application, self.applicant)
        covers = coverage.covers_of(self.work, found.person_id) if found.person_id else []
        return self._decide(found.person_id, covers)

    def _decide(self, known: str | None, covers: Sequence[PersonCover]) -> Joined:
        first = coverage.effective_day(self.work.today)
        held = {each.product: each for each in covers if each.reaches(first)}
        already = tuple(_already(held[each.code]) for each in self.products if each.code in held)
        missing = [each for each in self.products if each.code not in held]
        name_masked = self.applicant.name_masked
        if not missing:
            return Joined(held[self.products[0].code].name_masked or name_masked, already, first=False)
        codes = {each.code for each in missing}
        places = [each for each in covers if each.ticket and each.product in codes]
        here = [each for each in places if each.policy_id == self.policy_id]
        tickets = {each.ticket for each in here}
        if {each.product for each in here} == codes and len(tickets) == 1:  # the very place asked for
            names = tuple(each.product_name for each in here)
            return Joined(name_masked, already, tickets.pop(), names, first=False)
        joined = self._take_seat(known, missing, already)
        if joined is not None:
            return joined
        if places:
            raise ConflictError(
                "enrollments.waiting_elsewhere",
                "您已经在另一个活动里排队，这个活动现在也没有名额。您的排队号不变，请在“我的保障”里查看。",
            )
        return self._wait(known, missing, already)

    def _take_seat(
        self, known: str | None, missing: Sequence[Product], already: tuple[JoinedCover, ...]
    ) -> Joined | None:
        """None: there is no seat. Raises WriteRefused if anything but a seat refused the transaction."""
        policy = groups.policy(self.policy_id)
        if policy is None:
            return None
        if self.work.today not in policy.window:
            raise ConflictError(
                "enrollments.policy_closed", "这个活动的名额现在不在发放期内。请拨打12351，问问当地工会。"
            )
        head = audit.read_head(audit.person(known)) if known else None
        counter: int | None = groups.any_counter(policy)
        while counter is not None:
            try:
                return self._enter(policy, counter, known, missing, already, head)
            except WriteRefused as refused:
                if not groups.only_seats_refused(refused):
                    raise
            counter = groups.counter_with_seats(policy.id)
        return None

    def _enter(
        self,
        policy: GroupPolicy,
        counter: int,
        known: str | None,
        missing: Sequence[Product],
        already: tuple[JoinedCover, ...],
        head: audit.Head | None,
    ) -> Joined:
        work, person_id = self.work, known or ids.new_id()
        seat = Seat(policy.id, self.campaign.code, policy.holder)
        issued: list[Issued] = []
        for product in missing:
            one, writes = coverage.enter(
                work, person_id, self.applicant.name_masked, product, seat, self.funding[product.code]
            )
            issued.append(one)
            work.add(writes)
        joined = Joined(
            self.applicant.name_masked, (*already, *(seats.joined_cover(each) for each in issued))
        )
        work.add(
            groups.take_seat_write(policy.id, counter),
            notify.sms_writes(
                work,
                "joined",
                self.member.mobile,
                seats.message_params(issued, self.funding, policy.holder),
                recipient=person_id,
                dedup_id=f"joined-{issued[0].number}",
            ),
        )
        self._finish(person_id, known, missing, joined, "joined", head)
        return joined

    def _wait(
        self, known: str | None, missing: Sequence[Product], already: tuple[JoinedCover, ...]
    ) -> Joined:
        work, person_id = self.work, known or ids.new_id()
        head = audit.read_head(audit.person(known)) if known else None
        ticket = records.next_ticket(self.policy_id)
        names = tuple(product.name for product in missing)
        joined = Joined(self.applicant.name_masked, already, ticket, names)
        seat = Seat(self.policy_id, self.campaign.code, "")
        place = Waiting(
            self.policy_id,
            ticket,
            person_id,
            self.campaign.code,
            self.application.district,
            tuple(f"{product.code}@{product.version}" for product in self.products),
            work.today,
        )
        for product in missing:
            work.add(coverage.wait_writes(person_id, product, seat, ticket, work.today))
        work.add(
            records.wait_write(place),
            notify.sms_writes(
                work,
                "waiting",
                self.member.mobile,
                {"products": seats.in_words(names), "number": str(ticket)},
                recipient=person_id,
                dedup_id=f"waiting-{self.policy_id}-{ticket}",
            ),
        )
        self._finish(person_id, known, missing, joined, "waiting", head)
        return joined

    def _finish(
        self,
        person_id: str,
        known: str | None,
        missing: Sequence[Product],
        joined: Joined,
        action: str,
        head: audit.Head | None,
    ) -> None:
        """What every join writes, seat or not, and the commit."""
        work = self.work
        if not known:
            work.add(self._bind_writes(person_id))
        work.add(consents.writes(work, person_id, self.products, self.application))
        facts = {
            "campaign": self.campaign.code,
            "policy": self.policy_id,
            "terms": seats.versions(missing),
        }
        work.add(audit.entry_writes(work, audit.person(person_id), action, facts=facts, head=head))
        if work.attempt is not None:
            work.add(work.attempt.record(joined))
        work.commit()

    def _bind_writes(self, person_id: str) -> list[Write]:
        applicant, member = self.applicant, self.member
        return people.bind_writes(
            self.work,
            person_id,
            applicant.name,
            applicant.id_number,
            member.mobile,
            member.mobile_masked,
        )


def _already(cover: PersonCover) -> JoinedCover:
    assert cover.period is not None  # it reaches a day
    return JoinedCover(
        product=cover.product,
        product_name=cover.product_name,
        number=cover.number,
        check=cover.check,
        effective_from=cover.period.first,
        effective_to=cover.period.last,
        starts=cover.starts,
        already=True,
    )
