"""Published figures: of cases and boards, as bars, and what our terms would have paid."""
