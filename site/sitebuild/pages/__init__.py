"""Which pages there are, and what the template of each is given."""
