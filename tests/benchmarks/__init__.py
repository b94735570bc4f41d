"""`make bench`: speed and sizes against the lines and budgets the project holds to."""
