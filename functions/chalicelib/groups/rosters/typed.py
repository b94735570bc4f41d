"""What a cell says, and what may be shown of it: digits stay as many as they were, none is shown whole."""

from __future__ import annotations

import re

from chalicelib.typed import read

_BLANKS = re.compile(r"\s+")
_RUN = re.compile(r"\d(?:[\s\-–—·.,]?\d){10,}[Xx]?")
_SCIENTIFIC = re.compile(r"-?\d+(?:\.\d+)?[eE]\+?\d+")
_WHOLE = re.compile(r"\d+(?:\.0+)?")


def cleaned(text: str) -> str:
    """As every field reads it (`chalicelib.typed`), without the quotes that keep a number a text."""
    if not (text.isascii() and text.isprintable()):
        text = read(text)
    return _BLANKS.sub(" ", text).strip().strip("'`’‘").strip()


def joined(text: str) -> str:
    """As `cleaned`, without any blank: for numbers."""
    return cleaned(text).replace(" ", "")


def whole_number(text: str) -> str | None:
    """The digits of a cell that holds a number, where all of them are there: `13800138000`, `1.38E+10`.

    None where digits are lost (from the sixteenth on) or it is no whole number.
    """
    if _WHOLE.fullmatch(text):
        digits = text.partition(".")[0]
        return digits if len(digits) <= 15 else None
    if _SCIENTIFIC.fullmatch(text):
        value = float(text)
        if 0 <= value < 1e15 and value == int(value):
            return str(int(value))
    return None


def is_scientific(text: str) -> bool:
    return _SCIENTIFIC.fullmatch(text) is not None


def shown_number(text: str) -> str:
    """A cell that holds a number, as it is seen in the sheet but without its digits: `990…E+17`."""
    mantissa, _, exponent = text.upper().partition("E")
    digits = re.sub(r"\D", "", mantissa)
    return f"{digits[:3]}…E{exponent}" if exponent else masked_number(digits)


def masked_number(text: str) -> str:
    """The first three and last four; of a short one nothing but how long it is."""
    if len(text) < 9:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"


def without_numbers(text: str) -> str:
    """The same text with every run of eleven or more digits masked."""
    return _RUN.sub(lambda found: masked_number(re.sub(r"\D", "", found[0])), text)


def shown_text(text: str, most: int = 40) -> str:
    """Words that are nobody's name or number, with any long run of digits masked wherever it stands."""
    plain = without_numbers(cleaned(text))
    return plain if len(plain) <= most else plain[:most] + "…"
