"""The only source of randomness. All of it is cryptographic; nothing can be counted up or guessed."""

import base64
import random
import secrets

# No 0/O, 1/I/L, U/V: the check code is read from paper, over the phone, in the sun.
_CHECK_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def new_id() -> str:
    """128 random bits, 26 characters of lower-case base32."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def new_token() -> str:
    """256 random bits, 43 URL-safe characters: a bearer secret."""
    return secrets.token_urlsafe(32)


def new_check_code() -> str:
    """8 characters (38 bits) printed beside a certificate number: guessing a number opens nothing."""
    return "".join(secrets.choice(_CHECK_ALPHABET) for _ in range(8))


def new_code() -> str:
    """A 6-digit one-time code."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_digits(count: int) -> str:
    """`count` random decimal digits."""
    return str(secrets.randbelow(10**count)).zfill(count)


def pick(count: int) -> int:
    """A random index below `count`."""
    return secrets.randbelow(count)


def jitter(seconds: float) -> float:
    """A random pause up to `seconds`, so that colliding writers do not collide again together."""
    return random.uniform(0, seconds)  # noqa: S311 - spreads load, guards nothing
