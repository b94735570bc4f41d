"""From which day a cover pays for what: waiting and reduced-benefit periods as days of one cover.

`assess` and everything that shows a cover (form, message, certificate, my cover) read the same days.
"""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from chalicelib.benefits.model import Start
from chalicelib.benefits.rules.checks import causes_of
from chalicelib.catalog.terms import Cause, Product
from chalicelib.kernel import ShanghaiDate


def starts_of(terms: Product, first: ShanghaiDate, *, renewed: bool) -> tuple[Start, ...]:
    """One a cause the terms pay for, accidents first, of a cover that begins on `first`.

    `renewed`: it went on without a gap, which waives a new waiting period (as each terms text says).
    """
    causes = {cause for benefit in terms.benefits for cause in causes_of(terms, benefit)}
    found = []
    for cause in get_args(Cause):
        if cause in causes:
            waited = waiting_days(terms, cause, renewed=renewed)
            reduced = max(waited, reduced_until(terms, cause, renewed=renewed))
            found.append(
                Start(
                    cause=cause,
                    first=first + timedelta(days=waited),
                    full_from=first + timedelta(days=reduced),
                    percent=terms.reduced_benefit_period.percent if reduced > waited else 100,
                )
            )
    return tuple(found)


def waiting_days(terms: Product, cause: Cause, *, renewed: bool) -> int:
    """The days of cover, from its first, on which this cause is paid nothing."""
    period = terms.waiting_period
    return _days_for(cause, renewed, period.first_days, period.renewal_days, period.accident_days)


def reduced_until(terms: Product, cause: Cause, *, renewed: bool) -> int:
    """The last day of cover on which this cause is paid a part only; 0: there is none."""
    period = terms.reduced_benefit_period
    if period.percent == 100:
        return 0
    return _days_for(
        cause, renewed, period.first_until_day, period.renewal_until_day, period.accident_until_day
    )


def _days_for(cause: Cause, renewed: bool, first: int, renewal: int, accident: int) -> int:
    """The days that hold for this cause; neither an accident nor a renewal makes the other worse."""
    days = renewal if renewed else first
    return min(days, accident) if cause == "accident" else days
