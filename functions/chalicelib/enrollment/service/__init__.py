"""Joining (`join`), what its form is told first (`offer`), seats added later (`promotion`), and what is left
to the desk (`office_checks`). `consents` and `seats` are steps that joining and promotion share."""
