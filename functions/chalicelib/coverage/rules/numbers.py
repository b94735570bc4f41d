"""Certificate numbers: `HZ` + 11 random digits + 1 check digit, read aloud and typed from paper.

The number is not a secret and not a counter: it tells nobody how many there are. What opens it to the public
is the check code printed beside it. `site/js/read.js` reads numbers the same way.
"""

from __future__ import annotations

import re

from chalicelib.typed import read_number

_DIGITS = re.compile("[0-9]{12}")
_LOOK_ALIKE = str.maketrans("OIL", "011")  # after HZ there are digits only


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


def read(typed: str) -> str | None:
    """As printed, however it was typed, HZ left out included; None for what no certificate can have, which is
    told from the digits alone."""
    digits = read_number(typed).removeprefix("HZ").translate(_LOOK_ALIKE)
    if not _DIGITS.fullmatch(digits) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return f"HZ{digits}"
