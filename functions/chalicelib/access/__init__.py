"""Who may come in, and who may do what: one-time codes, sessions, actors, guards, and `may`."""
