"""The one interval engine: who is covered by what on which day.

Roster, member page, certificate check and claim all ask `coverage`, so they cannot disagree. Two laws hold
for every endorsement (`ledger`); each kind adds its own:

- add         nothing more: cover begins after the day of acceptance, never twice for one product
- remove      covered to 24:00 of the leave day; nothing is refunded, the rest of the period is forfeited;
              leaving before cover begins withdraws it, and so does leaving for the renewals not begun
- substitute  one for one: the joiner has exactly the days the leaver gives up, only within a month of the
              first day paid for, and only while the leaver has no claim
- correct     other days for the same person (they then stand: a leave recorded by mistake is undone), or
              facts about the person; never moves a day that another certificate hangs on
- renew       in time: the very next day; up to 30 days late: from the day after acceptance, the gap plain
              to see. Either way the cover counts as continuous (no new waiting period); later it is an add
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from chalicelib.coverage.model import (
    Add,
    Correct,
    Cover,
    Endorsement,
    Grant,
    Remove,
    Renew,
    State,
    Status,
    Substitute,
)
from chalicelib.coverage.refusals import refusal
from chalicelib.coverage.rules.ledger import Ledger
from chalicelib.kernel import DateInterval, ShanghaiDate, years_later

ONE_DAY = timedelta(days=1)
# 「支付后一个月内离职且未申请理赔的，可一对一替换」: practice of one city office, taken as the common rule.
SUBSTITUTION_MONTHS = 1
# 「期满后三十天内缴费可续保，逾期不再受理」: the same source.
RENEWAL_GRACE_DAYS = 30


def coverage(endorsements: Iterable[Endorsement]) -> tuple[Cover, ...]:
    """Every cover that follows from `endorsements`, ordered by person, product and first day.

    The order of the argument does not matter: day of acceptance, then sequence, decides. The same endorsement
    twice counts once. Raises a DomainError of `refusals` for the first endorsement that may not stand.
    """
    ledger = Ledger()
    for endorsement in _in_order(endorsements):
        ledger.write(_changes(ledger, endorsement), endorsement.accepted_on)
    return tuple(sorted(ledger, key=lambda cover: (*cover.holder, cover.period, cover.certificate)))


def state_on(cover: Cover, day: ShanghaiDate) -> State:
    if cover.status is Status.WITHDRAWN:
        return State.WITHDRAWN
    if day < cover.period.first:
        return State.NOT_YET
    return State.IN_FORCE if day in cover.period else State.ENDED


def effective_day(accepted_on: ShanghaiDate) -> ShanghaiDate:
    """Cover begins at 00:00 of the day after acceptance."""
    return accepted_on + ONE_DAY


def first_period(effective: ShanghaiDate, years: int = 1) -> DateInterval:
    """From 00:00 of `effective` for whole years: the last day is the eve of the same date, so a year from
    29 February ends on 28 February, and a year that ends in a leap February does not lose the 29th."""
    return DateInterval(effective, years_later(effective, years) - ONE_DAY)


def renewal_start(ending: DateInterval, accepted_on: ShanghaiDate) -> ShanghaiDate:
    """The only first day a renewal may have: next to the old last day, or next to a later acceptance.
    Raises the refusal `coverage.renewal_too_late` more than 30 days after the old last day."""
    if accepted_on > ending.last + timedelta(days=RENEWAL_GRACE_DAYS):
        raise refusal("coverage.renewal_too_late")
    return effective_day(max(ending.last, accepted_on))


def substitution_deadline(paid_from: ShanghaiDate) -> ShanghaiDate:
    """The last leave day that still allows a substitution: the same date next month, or that month's last."""
    month = paid_from.month - 1 + SUBSTITUTION_MONTHS
    year, month = paid_from.year + month // 12, month % 12 + 1
    return paid_from.replace(
        year=year, month=month, day=min(paid_from.day, calendar.monthrange(year, month)[1])
    )


def _in_order(endorsements: Iterable[Endorsement]) -> list[Endorsement]:
    distinct = set(endorsements)
    if len({(each.certificate, each.sequence) for each in distinct}) < len(distinct):
        raise refusal("coverage.sequence_taken")
    return sorted(distinct, key=lambda each: (each.accepted_on, each.sequence, each.certificate))


def _changes(ledger: Ledger, endorsement: Endorsement) -> list[Cover]:
    match endorsement:
        case Add():
            return _add(ledger, endorsement)
        case Remove():
            return _remove(ledger, endorsement)
        case Substitute():
            return _substitute(ledger, endorsement)
        case Correct():
            return _correct(ledger, endorsement)
        case Renew():
            return _renew(ledger, endorsement)


def _granted(grant: Grant, *, follows: str | None, continuous: bool, paid_from: ShanghaiDate) -> Cover:
    return Cover(
        certificate=grant.certificate,
        person_id=grant.person_id,
        product=grant.product,
        period=grant.period,
        source=grant.source,
        terms=grant.terms,
        status=Status.STANDING,
        continuous=continuous,
        follows=follows,
        paid_from=paid_from,
    )


def _withdrawn(covers: Iterable[Cover]) -> list[Cover]:
    return [replace(cover, status=Status.WITHDRAWN) for cover in covers]


def _cut(cover: Cover, last_day: ShanghaiDate, status: Status) -> Cover:
    if last_day > cover.period.last:
        raise refusal("coverage.after_the_end")
    if last_day < cover.period.first:
        return replace(cover, status=Status.WITHDRAWN)
    return replace(cover, status=status, period=DateInterval(cover.period.first, last_day))


def _add(ledger: Ledger, add: Add) -> list[Cover]:
    ledger.must_be_new(add.grant.certificate)
    return [_granted(add.grant, follows=None, continuous=False, paid_from=add.grant.period.first)]


def _remove(ledger: Ledger, remove: Remove) -> list[Cover]:
    cover = ledger.standing(remove.certificate)
    return [_cut(cover, remove.last_day, Status.LEFT), *_withdrawn(ledger.renewals(cover))]


def _substitute(ledger: Ledger, substitute: Substitute) -> list[Cover]:
    leaver, grant = ledger.standing(substitute.certificate), substitute.grant
    ledger.must_be_new(grant.certificate)
    if substitute.leaver_has_claim:
        raise refusal("coverage.has_claim")
    if grant.person_id == leaver.person_id:
        raise refusal("coverage.same_person")
    if grant.product != leaver.product:
        raise refusal("coverage.other_product")
    if substitute.last_day > substitution_deadline(leaver.paid_from):
        raise refusal("coverage.substitution_too_late")
    if substitute.last_day >= leaver.period.last:
        raise refusal("coverage.after_the_end")
    first = max(effective_day(substitute.last_day), leaver.period.first)
    if grant.period != DateInterval(first, leaver.period.last):
        raise refusal("coverage.hole")
    return [
        _cut(leaver, substitute.last_day, Status.SUBSTITUTED),
        *_withdrawn(ledger.renewals(leaver)),
        _granted(grant, follows=leaver.certificate, continuous=False, paid_from=leaver.paid_from),
    ]


def _correct(ledger: Ledger, correct: Correct) -> list[Cover]:
    cover = ledger.find(correct.certificate)
    if correct.period is None:
        if not correct.person_fields:
            raise refusal("coverage.nothing_to_correct")
        return []
    if cover.status not in (Status.STANDING, Status.LEFT):
        raise refusal("coverage.not_standing")
    if correct.period == cover.period:
        raise refusal("coverage.nothing_to_correct")
    moves_first = correct.period.first != cover.period.first
    if moves_first and cover.follows is not None:
        raise refusal("coverage.hole")
    if correct.period.last != cover.period.last and ledger.renewals(cover):
        raise refusal("coverage.renewed_already")
    paid_from = correct.period.first if moves_first else cover.paid_from
    return [replace(cover, status=Status.STANDING, period=correct.period, paid_from=paid_from)]


def _renew(ledger: Ledger, renew: Renew) -> list[Cover]:
    ending, grant = ledger.standing(renew.certificate), renew.grant
    ledger.must_be_new(grant.certificate)
    if grant.person_id != ending.person_id:
        raise refusal("coverage.other_person")
    if grant.product != ending.product:
        raise refusal("coverage.other_product")
    if ledger.renewals(ending):
        raise refusal("coverage.renewed_already")
    if grant.period.first != renewal_start(ending.period, renew.accepted_on):
        raise refusal("coverage.hole")
    return [_granted(grant, follows=ending.certificate, continuous=True, paid_from=grant.period.first)]
