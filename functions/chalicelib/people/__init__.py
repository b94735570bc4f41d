"""Who is who: one random id a person, bound to one ID number and one mobile; and the turning of data keys."""
