"""Certificate numbers: `HZ` + 11 random digits + 1 check digit, read aloud and typed from paper.

The number is not a secret and not a counter: it tells nobody how many there are. What opens it to the public
is the check code printed beside it.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile("HZ[0-9]{12}")


def check_digit(digits: str) -> str:
    """Luhn: catches every single wrong digit and almost every swap of neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def number(digits: str) -> str:
    """The number made of 11 random digits."""
    return f"HZ{digits}{check_digit(digits)}"


def normalised(typed: str) -> str:
    """As printed, however typed: full-width, lower-case, with spaces or dashes."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split()).replace("-", "")


def lookup_key(typed: str) -> str:
    """The number to look up. What cannot be one becomes a key that nobody holds, so that looking it up costs
    the same calls as any other (P03), and nothing too long or empty reaches the store."""
    plain = normalised(typed)
    return plain if _NUMBER.fullmatch(plain) else "-"
