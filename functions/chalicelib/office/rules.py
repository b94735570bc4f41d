"""What may be put into the suggestion box, and the number it gets."""

from __future__ import annotations

import re

from chalicelib.kernel import InvalidRequestError, ShanghaiDate
from chalicelib.typed import read, seen

TEXT_MOST = 1000  # characters: a page of handwriting; the rest is for the telephone
TEXT_LEAST = 4
CONTACT_MOST = 40
_PAGE = re.compile(r"/[a-z0-9/_-]{0,120}")
_RECEIPT = re.compile(r"(\d{4})(\d{2})(\d{2})-([2-9A-HJKMNP-TW-Z]{8})")


def read_text(typed: str) -> str:
    """The text without what is unseen and outer space. Raises InvalidRequestError naming `text`."""
    kept = seen(typed.replace("\r", "")).strip()
    if len(kept) < TEXT_LEAST:
        raise _wrong("text", "请写几句话，说说您的建议或遇到的事。")
    if len(kept) > TEXT_MOST:
        raise _wrong("text", f"写得太长了，最多{TEXT_MOST}个字。可以分两次写，或拨打12351说。")
    return kept


def read_contact(typed: str) -> str:
    """A way to answer, one line; empty is fine. Raises InvalidRequestError naming `contact`."""
    kept = read(typed)
    if len(kept) > CONTACT_MOST:
        raise _wrong("contact", "联系方式太长了，写一个手机号就行，也可以不留。")
    return kept


def read_page(typed: str) -> str:
    """The path of the page somebody came from, or nothing: never an address with a query."""
    return typed if _PAGE.fullmatch(typed) else ""


def receipt(on: ShanghaiDate, code: str) -> str:
    return f"{on:%Y%m%d}-{code}"


def receipt_key(number: str) -> tuple[ShanghaiDate, str] | None:
    """(day, code) of a receipt as somebody reads it out; None if it is none."""
    found = _RECEIPT.fullmatch(read(number).upper())
    if found is None:
        return None
    try:
        return ShanghaiDate(int(found[1]), int(found[2]), int(found[3])), found[4]
    except ValueError:
        return None


def _wrong(field: str, sentence: str) -> InvalidRequestError:
    return InvalidRequestError("suggestions.invalid", sentence, {field: sentence})
