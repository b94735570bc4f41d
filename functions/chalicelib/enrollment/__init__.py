"""A worker joining: eligibility, acknowledgements, consents, a seat or a place on the waiting list."""
