"""What sign-in answers with."""

from __future__ import annotations

import msgspec


class PuzzleAnswer(msgspec.Struct):
    """An altcha challenge, in that protocol's own names."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int


class CodeSent(msgspec.Struct):
    challenge_id: str
    expires_in_seconds: int
    resend_in_seconds: int


class SessionOpened(msgspec.Struct):
    mobile_masked: str
