"""Proof of work before any SMS: cheap for one phone, dear for a thousand sign-ins (altcha protocol v1).

The challenge is stateless: signed, short-lived, used once. Difficulty is `LIMITS.proof_max_number`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.access.records import ProofRow, proof_key
from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import cipher
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, put

PURPOSE = ("altcha", "challenge")
# Solved before it expired but sent a little late, by a slow network or a function whose clock is behind.
_GRACE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What the page has to solve: the number in 0..max_number with SHA-256(salt + number) = challenge."""

    challenge: str
    salt: str
    signature: str
    max_number: int


def new_puzzle(now: datetime) -> Puzzle:
    from altcha import v1

    made = v1.create_challenge(
        v1.ChallengeOptions(
            max_number=LIMITS.proof_max_number,
            hmac_key=cipher.keyed_hash(*PURPOSE),
            expires=now + timedelta(seconds=LIMITS.proof_seconds),
        )
    )
    return Puzzle(made.challenge, made.salt, made.signature, made.max_number)


@dataclass(frozen=True, slots=True)
class Proof:
    """A solved puzzle of ours, perhaps too old."""

    challenge: str
    expired: bool

    def use_write(self, now: datetime) -> Write:
        """Uses it up, with the transaction it pays for. The mark outlives the puzzle."""
        lasts = int(now.timestamp()) + LIMITS.proof_seconds + _GRACE_SECONDS
        row = ProofRow(proof_key(self.challenge), expires_at=lasts)
        return put(row, ProofRow.absent_or_expired(int(now.timestamp())))

    def refuse_if_used(self, now: datetime) -> None:
        if ProofRow.live(proof_key(self.challenge), int(now.timestamp())) is not None:
            raise stale()


def read_proof(solution: str, now: datetime) -> Proof:
    """`solution`: base64 of {algorithm, challenge, number, salt, signature}. Raises InvalidRequestError."""
    from altcha import v1

    try:
        payload = v1.Payload.from_base64(solution)
        ours = any(
            v1.verify_solution(payload, key, check_expires=False)[0] for key in cipher.keyed_hashes(*PURPOSE)
        )
        _, expires, _ = payload.parse_salt()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        ours = False
    if not ours:
        raise InvalidRequestError("sign_in.proof", "页面不完整，请刷新后重新获取验证码。")
    return Proof(payload.challenge, expired=expires is None or expires <= now.timestamp())


def stale() -> InvalidRequestError:
    return InvalidRequestError("sign_in.proof_used", "页面停留太久了，请再点一次“获取验证码”。")
