"""The engine in three steps: facts against terms (`checks`), sums (`sums`), what is taken off (`assess`)."""

from chalicelib.benefits.rules.assess import assess

__all__ = ["assess"]
