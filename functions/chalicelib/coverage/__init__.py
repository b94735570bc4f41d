"""Who is covered by what on which day: the one interval engine, certificates, and the public check."""
