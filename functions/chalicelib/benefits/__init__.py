"""The one benefit engine: facts, checks, sums, `assess`."""
