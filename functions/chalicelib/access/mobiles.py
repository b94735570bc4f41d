"""Mainland mobiles, and nothing else: every other number costs more and none of our members has one (P02)."""

from __future__ import annotations

import re

from chalicelib.access.model import Mobile
from chalicelib.kernel import InvalidRequestError, Masked
from chalicelib.typed import read_number

# As typed or pasted from a contact: optional +86. Never an extension: `phonenumbers` would read one.
_TYPED = re.compile(r"(?:\+86)?(1[0-9]{10})")

# Ranges of resellers without a network of their own (MIIT numbering: 162, 165, 167, 170, 171). They are
# real-name mobiles and riders use them, so they are not refused; they are also what bulk senders rent, so all
# of them together share one small budget, `codes_resellers_hour`.
RESELLER_RANGES = ("162", "165", "167", "170", "171")


def read_mobile(typed: str) -> Mobile:
    """Raises InvalidRequestError (`fields.mobile`) for anything but a mainland mobile."""
    match = _TYPED.fullmatch(read_number(typed))
    if match is None or not _is_mobile(match.group(1)):
        sentence = "请填写11位的内地手机号，例如138开头。座机和境外号码收不到验证码。"
        raise InvalidRequestError("sign_in.mobile", "手机号没有填对。", {"mobile": sentence})
    digits = match.group(1)
    return Mobile(Masked(digits), f"{digits[:3]}****{digits[7:]}", digits.startswith(RESELLER_RANGES))


def _is_mobile(digits: str) -> bool:
    import phonenumbers  # 7 MB of number plans: only where a number is read

    number = phonenumbers.parse(f"+86{digits}")
    return (
        phonenumbers.is_valid_number_for_region(number, "CN")
        and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    )
