"""The one sum of a benefit that is set big."""

from __future__ import annotations

from chalicelib.catalog.terms import AnyBenefit

_SUMS = {"amount_fen": "", "sum_fen": "最高", "daily_fen": "每天", "annual_limit_fen": "每年最高"}


def benefit_sum(benefit: AnyBenefit) -> tuple[int, str]:
    """(fen, what it is a sum of): the one number of a benefit to set big."""
    for field, word in _SUMS.items():
        if hasattr(benefit, field):
            return getattr(benefit, field), word
    raise TypeError(f"no sum is known for {type(benefit).__name__}")
