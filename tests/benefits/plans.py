"""Terms and facts to compute with: the published accident terms, and others made from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from chalicelib.benefits.model import Assessment, Costs, Deduction, EarlierPayment, Facts, Stay
from chalicelib.benefits.rules import assess
from chalicelib.catalog import service
from chalicelib.catalog.terms import (
    Band,
    DailyAllowance,
    Line,
    LumpSum,
    Product,
    ReducedBenefitPeriod,
    ReimbursedCost,
    Reimbursement,
    Units,
    WaitingPeriod,
)
from chalicelib.kernel import Fen

START = date(2026, 1, 1)
NO_WAIT, FULL = WaitingPeriod(), ReducedBenefitPeriod()
THIRTY_DAYS = WaitingPeriod(first_days=30, clause="article-5")
HALF_TO_90 = ReducedBenefitPeriod(first_until_day=90, percent=50, clause="article-5")


def nef() -> Product:
    """The published accident terms: 50,000 yuan, 50 a day from day 4, 80 % above 100 up to 5,000."""
    return service.catalogue().product_version("nef-accident", "2026-2")


def variant(line: Line, *benefits: Any, **changes: Any) -> Product:
    """Terms with these benefits only; a limit over everything that hurts nobody, unless said otherwise."""
    made = {"period_limit_fen": Fen(10**9), "units": Units(), "line": line, "benefits": benefits}
    return msgspec.structs.replace(nef(), **{**made, **changes})


def named(code: str, clause: str) -> dict[str, Any]:
    return {"id": code, "clause": clause, "name": f"测试{code}", "plain": "测试"}


def hospital(per: str = "event", **changes: Any) -> Product:
    """In-catalogue self-paid cost: 40 % to 5,000, 50 % to 20,000, 60 % above; 100,000 a period."""
    bands = ((0, 40), (500_000, 50), (2_000_000, 60))
    benefit = Reimbursement(
        **named("hospital", "article-9"),
        cost=ReimbursedCost.IN_CATALOGUE_SELF_PAID,
        deductible_fen=Fen(0),
        bands=tuple(Band(above_fen=Fen(above), percent=percent) for above, percent in bands),
        annual_limit_fen=Fen(10_000_000),
        deductible_per=per,
    )
    return variant(Line.HOSPITAL, benefit, **{"waiting_period": THIRTY_DAYS, **changes})


def womens(amount_fen: int = 1_500_000) -> Product:
    """A lump sum at first diagnosis: nothing for 30 days, half to day 90."""
    benefit = LumpSum(**named("diagnosis", "article-6"), amount_fen=Fen(amount_fen))
    periods = {"waiting_period": THIRTY_DAYS, "reduced_benefit_period": HALF_TO_90}
    return variant(Line.WOMENS_DISEASE, benefit, period_years=2, **periods)


def allowance(daily_fen: int, from_day: int, max_days: int) -> Product:
    daily = Fen(daily_fen)
    benefit = DailyAllowance(
        **named("stay", "article-8"), daily_fen=daily, from_day=from_day, max_days=max_days
    )
    return variant(Line.ALLOWANCE, benefit)


def facts(**told: Any) -> Facts:
    """An accident two months into the first cover, unless told otherwise."""
    return Facts(**{"cover_from": START, "cause": "accident", "happened_on": date(2026, 3, 1), **told})


def ill(**told: Any) -> Facts:
    return facts(**{"cause": "disease", **told})


def bill(total_fen: int, insurance_fen: int = 0, others_fen: int = 0, outside_fen: int = 0) -> Costs:
    return Costs(
        total_fen=Fen(total_fen),
        medical_insurance_paid_fen=Fen(insurance_fen),
        third_party_paid_fen=Fen(others_fen),
        outside_catalogue_fen=Fen(outside_fen),
    )


def costs(**sums: int) -> Costs:
    """A bill by the names of its parts."""
    return Costs(**{name: Fen(fen) for name, fen in sums.items()})


def stay(days: int, admitted_on: date = date(2026, 3, 1), grade: int | None = 3) -> Stay:
    """A stay that counts `days` (two or more): the discharge day is not counted again."""
    left = admitted_on + timedelta(days=days)
    return Stay(admitted_on=admitted_on, discharged_on=left, hospital_grade=grade)


def paid(benefit: str, fen: int, same: bool = False, days: int = 0, cost: int = 0) -> EarlierPayment:
    return EarlierPayment(
        benefit=benefit, amount_fen=Fen(fen), same_event=same, paid_days=days, counted_cost_fen=Fen(cost)
    )


def total(terms: Product, told: Facts) -> int:
    """The total, after the sums that must hold of any assessment."""
    answer = assess(terms, told)
    adds_up(answer)
    return answer.total_fen


def adds_up(answer: Assessment) -> None:
    assert answer.total_fen == sum(line.amount_fen for line in answer.lines)
    for line in answer.lines:
        assert min(line.amount_fen, line.before_fen, line.paid_days, line.counted_cost_fen) >= 0
        assert line.amount_fen == line.before_fen - sum(each.amount_fen for each in line.deductions)
        assert line.text.endswith("。")
        assert all(each.text.endswith("。") for each in line.deductions)


def deductions(terms: Product, told: Facts, benefit: str) -> tuple[Deduction, ...]:
    (line,) = (line for line in assess(terms, told).lines if line.benefit == benefit)
    return line.deductions


def ill_on(terms: Product, first: date, on: date) -> Facts:
    """What these terms pay most for of illness: a diagnosis, or a stay with its bill, on day `on`."""
    benefit = terms.benefits[0]
    if isinstance(benefit, LumpSum):
        return Facts(
            cover_from=first,
            cause="disease",
            happened_on=on,
            diagnosis=benefit.id,
            diagnosis_hospital_grade=3,
        )
    return Facts(
        cover_from=first,
        cause="disease",
        happened_on=on,
        stays=(stay(5, on),),
        costs=bill(3_000_000, 1_000_000),
    )
