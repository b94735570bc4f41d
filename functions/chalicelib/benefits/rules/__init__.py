"""The engine in three steps: facts against terms (`checks`), sums (`sums`), what is taken off (`assess`);
and from which day a cover pays (`starts`)."""

from chalicelib.benefits.rules.assess import assess
from chalicelib.benefits.rules.starts import starts_of

__all__ = ["assess", "starts_of"]
