"""Any terms, any facts: strategies for what must hold of every assessment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.benefits.model import Costs, EarlierPayment, Facts, Stay
from chalicelib.catalog.terms import (
    Band,
    DailyAllowance,
    GradedDisability,
    Line,
    LumpSum,
    Product,
    ReducedBenefitPeriod,
    ReimbursedCost,
    Reimbursement,
    WaitingPeriod,
)
from chalicelib.kernel import Fen
from tests.benefits.plans import bill, facts, named, variant

money = st.integers(0, 10_000_000).map(Fen)
percents = st.integers(0, 100)
days = st.integers(1, 120)


@st.composite
def reimbursements(draw: st.DrawFn, name: str = "medical") -> Reimbursement:
    starts = sorted(draw(st.sets(st.integers(0, 3_000_000), min_size=1, max_size=4)))
    return Reimbursement(
        **named(name, "article-9"),
        cost=draw(st.sampled_from(ReimbursedCost)),
        deductible_fen=Fen(starts[0]),
        bands=tuple(Band(above_fen=Fen(start), percent=draw(percents)) for start in starts),
        annual_limit_fen=draw(money),
        deductible_per=draw(st.sampled_from(["event", "period"])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Product:
    """One benefit of each kind, in any order; death and disability not both."""
    grades = tuple(sorted((draw(percents) for _ in range(10)), reverse=True))
    daily, start, most = draw(money), draw(st.integers(1, 10)), draw(days)
    benefits = [
        LumpSum(**named("death", "article-6"), amount_fen=draw(money), trigger="death"),
        LumpSum(**named("illness", "article-6"), amount_fen=draw(money), trigger="diagnosis"),
        GradedDisability(
            **named("grade", "article-7"), sum_fen=draw(money), percent_by_grade=grades, not_with=("death",)
        ),
        DailyAllowance(**named("stay", "article-8"), daily_fen=daily, from_day=start, max_days=most),
        draw(reimbursements()),
    ]
    waits = draw(st.integers(0, 40))
    return variant(
        Line.COMPREHENSIVE,
        *draw(st.permutations(benefits)),
        period_limit_fen=draw(money),
        waiting_period=WaitingPeriod(first_days=waits, accident_days=draw(st.integers(0, 40))),
        reduced_benefit_period=ReducedBenefitPeriod(
            first_until_day=waits + draw(st.integers(0, 60)), percent=draw(percents)
        ),
    )


@st.composite
def costs(draw: st.DrawFn) -> Costs:
    total_fen = draw(st.integers(0, 10_000_000))
    insurance = draw(st.integers(0, total_fen))
    others, outside = draw(st.integers(0, total_fen - insurance)), draw(st.integers(0, total_fen - insurance))
    return bill(total_fen, insurance, others, outside)


@st.composite
def stays(draw: st.DrawFn) -> tuple[Stay, ...]:
    """Up to four stays after 1 March, in any order, sometimes a transfer."""
    made, free = [], date(2026, 3, 1)
    for _ in range(draw(st.integers(0, 4))):
        admitted = free + timedelta(days=draw(st.integers(0, 3)))
        free = admitted + timedelta(days=draw(st.integers(0, 60)))
        made.append(Stay(admitted_on=admitted, discharged_on=free))
    return tuple(draw(st.permutations(made)))


@st.composite
def earlier_payments(draw: st.DrawFn) -> tuple[EarlierPayment, ...]:
    one = st.builds(
        EarlierPayment,
        benefit=st.sampled_from(["death", "illness", "grade", "stay", "medical"]),
        amount_fen=st.integers(0, 2_000_000).map(Fen),
        same_event=st.booleans(),
        paid_days=st.integers(1, 60),
        counted_cost_fen=st.integers(1, 2_000_000).map(Fen),
    )
    return tuple(draw(st.lists(one, max_size=4)))


@st.composite
def events(draw: st.DrawFn, **told: Any) -> Facts:
    answers: dict[str, Any] = {
        "cause": draw(st.sampled_from(["accident", "disease"])),
        "cover_from": date(2026, 3, 1) - timedelta(days=draw(st.integers(-10, 400))),
        "renewed": draw(st.booleans()),
        "death": draw(st.booleans()),
        "disability_grade": draw(st.none() | st.integers(1, 10)),
        "diagnosis": draw(st.sampled_from([None, "illness"])),
        "stays": draw(stays()),
        "costs": draw(costs()),
        "exclusions": draw(st.sampled_from([(), (), ("drunk_driving",)])),
        "earlier": draw(earlier_payments()),
    }
    return facts(**{**answers, **told})
