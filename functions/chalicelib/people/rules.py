"""Resident identity numbers by GB 11643-1999: read strictly, never guessed (P11).

Pure. One person is one number: the 15-digit form of before 1999, a lower-case x, full-width digits and
whatever was pasted along all normalise to the same 18 characters.
"""

from __future__ import annotations

import re
from datetime import date

from chalicelib.kernel import InvalidRequestError, Masked, ShanghaiDate
from chalicelib.people.model import IdNumber
from chalicelib.typed import read, read_number

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

NAME_MOST = 40
# The scripts of resident cards and of foreigners' permanent residence cards, by their blocks: no table of one
# Python or browser decides (`site/js/name.js` has the same). Planes 2 and 3 are Han's, with what is added
# there later; private use is what old registers print a rare character with.
_LETTER = (
    "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"  # Latin, Zhuang and Vietnamese with it
    "\u0620-\u064a\u066e-\u06d3"  # Arabic, as Uyghurs and Kazakhs write it
    "\u0f0b\u0f40-\u0fbc\u1820-\u18aa\ua000-\ua48c\uac00-\ud7a3"  # Tibetan, Mongolian, Yi, Korean
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han, 々 and 〇
    "\ue000-\uf8ff]"  # private use
)
# Patterns as texts: `re` compiles one when a name is first read, which few functions ever do.
_NAME = f"{_LETTER}(?:[ ·'-]?{_LETTER})*"
# Every dot that people find on a keyboard for the one of 买买提·阿卜杜拉.
_DOTS = " ?[·.•‧∙⋅・･。﹒●][·.•‧∙⋅・･。﹒● ]*"
_APOSTROPHES = "[‘’ʼ`´′]"
_SPACE_IN_HAN = "(?<=[^!-\u2e7f]) | (?=[^!-\u2e7f])"  # 张 三


def check_digit(first_17: str) -> str:
    """The 18th character for 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_id_number(typed: str, today: ShanghaiDate) -> IdNumber:
    """Raises InvalidRequestError (`fields.id_number`) saying which part is wrong; nothing is corrected."""
    text = read_number(typed)
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
    """A name as on the card: 1 to 40 letters of its scripts, and between them one dot, hyphen, apostrophe or,
    in Latin letters, space. Raises InvalidRequestError (`fields.name`)."""
    text = re.sub(_APOSTROPHES, "'", re.sub(_DOTS, "·", read(typed)))
    text = re.sub(_SPACE_IN_HAN, "", text)
    if len(text) > NAME_MOST or not re.fullmatch(_NAME, text):
        sentence = f"请照身份证填写姓名，最多{NAME_MOST}个字，不带数字和表情。"
        raise InvalidRequestError("enrollments.name", "姓名没有填对。", {"name": sentence})
    return Masked(text)


def mask_name(name: Masked) -> str:
    """`张**`: the surname only, as the office prints it."""
    return name.reveal()[0] + "**"
