"""Everything about whoever is signed in: who am I, am I covered today, what was sent to me."""
