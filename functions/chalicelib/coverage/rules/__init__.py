"""The one interval engine (`engine`), the covers it knows (`ledger`), certificate numbers (`numbers`)."""

from chalicelib.coverage.rules.engine import (
    coverage,
    effective_day,
    first_period,
    renewal_start,
    state_on,
    substitution_deadline,
)

__all__ = [
    "coverage",
    "effective_day",
    "first_period",
    "renewal_start",
    "state_on",
    "substitution_deadline",
]
