"""The second factor: a code of an authenticator app (RFC 6238: SHA-1, 30 s, six digits), or a recovery code.

A code is used once: its time step must be later than the last one used, a recovery code goes with its use;
both in the condition of the write that opens the session.
"""

from __future__ import annotations

import hmac
import re

from chalicelib.access.staff_model import Factor
from chalicelib.kernel import Masked
from chalicelib.platform import cipher, ids
from chalicelib.platform.settings import LIMITS

ISSUER = "职工互助保障办公台"
_STEPS = (0, -1, 1)  # the clocks of phones are up to half a minute off
_PURPOSE = "desk_recovery"


def new_factor() -> Factor:
    import pyotp

    codes = (Masked(ids.new_check_code() + ids.new_check_code()) for _ in range(LIMITS.desk_recovery_codes))
    return Factor(Masked(pyotp.random_base32()), tuple(codes))


def address(secret: Masked, account: str) -> Masked:
    """The `otpauth://` address that an authenticator app reads as a QR code. `account` names nobody."""
    import pyotp

    return Masked(pyotp.TOTP(secret.reveal()).provisioning_uri(name=account, issuer_name=ISSUER))


def step_of(secret: Masked, typed: str, now: int, last_step: int) -> int | None:
    """The time step `typed` is the code of; None if it is not, or was used before."""
    import pyotp

    machine = pyotp.TOTP(secret.reveal())
    current = now // machine.interval
    found = None
    for offset in _STEPS:  # all of them: how long it takes says nothing
        step = current + offset
        if hmac.compare_digest(machine.generate_otp(step), typed) and step > last_step:
            found = step
    return found


def recovery_hashes(code: Masked) -> list[str]:
    """What may be stored of a recovery code, under every key, newest last."""
    return cipher.keyed_hashes(_PURPOSE, read_recovery(code.reveal()))


def read_recovery(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper()
