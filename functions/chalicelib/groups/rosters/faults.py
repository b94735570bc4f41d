"""Why an ID number or a mobile cannot be read, in words, with what to do."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from chalicelib.access.mobiles import read_mobile
from chalicelib.kernel import InvalidRequestError

AS_TEXT = (
    "请先把这一列设为文本格式（选中整列，WPS和Excel都在「设置单元格格式」里选「文本」），再照证件重新填写。"
)


def id_fault(text: str) -> tuple[str, str]:
    """The rule and the advice for a number that cannot be read."""
    if len(text) not in (15, 18):
        return "id_number.length", "请对照证件，补全或者删掉多余的。"
    if not re.fullmatch(r"\d{15}|\d{17}[\dX]", text, re.ASCII):
        return "id_number.characters", "请对照证件重新填写，最后一位是字母X的照填。"
    if len(text) == 18 and text.endswith("000"):
        return "id_number.digits_lost", "末尾是三个0，多半是被WPS或Excel当成数字存过。" + AS_TEXT
    if len(text) == 18 and not _is_day(text[6:14]):
        return "id_number.birthday", "请对照证件，看第7到14位。"
    return "id_number.check_digit", "请对照证件，一位一位核对。"


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def mobile_fault(digits: str) -> str:
    if not digits.isdigit():
        return "手机号里有别的字，或者不是手机号。"
    if digits.startswith("0") or len(digits) in (7, 8):
        return "这是座机，收不到短信。"
    if len(digits) != 11:
        return f"手机号应为11位，现在是{len(digits)}位。"
    return "没有这样的内地手机号段。"


def is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits.isascii() and digits.isdigit() and _is_range(digits[:7])


@lru_cache(maxsize=4096)
def _is_range(first_seven: str) -> bool:
    """Number plans know ranges, so a roster of one city asks for few of them."""
    try:
        read_mobile(f"{first_seven}0000")
    except InvalidRequestError:
        return False
    return True
