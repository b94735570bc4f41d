"""Signing in, verb by verb: a puzzle (`proof`), a code (`codes`), a session (`sign_in`, `sessions`)."""
