"""Resident identity numbers by GB 11643-1999: read strictly, never guessed (P11).

Pure. One person is one number: the 15-digit form of before 1999, a lower-case x, full-width digits and
spaces all normalise to the same 18 characters.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from chalicelib.kernel import InvalidRequestError, Masked, ShanghaiDate
from chalicelib.people.model import IdNumber

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_digit(first_17: str) -> str:
    """The 18th character for 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_id_number(typed: str, today: ShanghaiDate) -> IdNumber:
    """Raises InvalidRequestError (`fields.id_number`) saying which part is wrong; nothing is corrected."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if len(text) == 15 and _digits(text):
        text = f"{text[:6]}19{text[6:]}"
        text += check_digit(text)
    if len(text) != 18:
        raise _wrong(f"身份证号应为18位，现在是{len(text)}位，请对照证件重新填写。")
    if not _digits(text[:17]) or not (_digits(text[17]) or text[17] == "X"):
        raise _wrong("身份证号只能是数字，最后一位可以是X，请对照证件重新填写。")
    try:
        birthday = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise _wrong("身份证号第7到14位不是有效的出生日期，请对照证件重新填写。") from None
    if not date(1900, 1, 1) <= birthday <= today:
        raise _wrong("身份证号第7到14位不是有效的出生日期，请对照证件重新填写。")
    if check_digit(text[:17]) != text[17]:
        raise _wrong("身份证号的校验位不对，可能有一位输错了，请对照证件逐位核对。")
    return IdNumber(Masked(text), birthday, "male" if int(text[16]) % 2 else "female")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _wrong(sentence: str) -> InvalidRequestError:
    return InvalidRequestError("enrollments.id_number", "身份证号没有填对。", {"id_number": sentence})


def read_name(typed: str) -> Masked:
    """A name as on the card: 2 to 40 characters, no digits or signs but the middle dot. Raises
    InvalidRequestError (`fields.name`)."""
    text = unicodedata.normalize("NFKC", typed).replace("•", "·").strip()
    letters = text.replace("·", "").replace(" ", "")
    if not 2 <= len(text) <= 40 or not letters.isalpha():
        sentence = "请填写身份证上的姓名，2到40个字，不含数字和符号。"
        raise InvalidRequestError("enrollments.name", "姓名没有填对。", {"name": sentence})
    return Masked(text)


def mask_name(name: Masked) -> str:
    """`张**`: the surname only, as the office prints it."""
    return name.reveal()[0] + "**"
