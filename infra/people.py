"""Made-up people for demos and tests. Deterministic by seed; nobody real can match.

ID numbers pass length, date and check digit but begin with 990000, a region code that was never assigned;
mobiles begin with 1990000, and names are drawn from a short list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.people.rules import check_digit

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安平和顺乐康宁远行健信诚明朗晴川山海林松柏青云舟"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    id_number: str
    mobile: str
    birthday: date
    gender: str


def demo_person(seed: int, *, born: date | None = None, gender: str | None = None) -> DemoPerson:
    """The person numbered `seed` (0 to 9,999,999). `born` and `gender` override what the seed gives."""
    if not 0 <= seed < 10_000_000:
        raise ValueError("seed must be 0 to 9,999,999")
    birthday = born or date(1970, 1, 1) + timedelta(days=seed * 37 % 12_000)
    sex = gender or ("male" if seed % 3 else "female")
    order = (seed + seed // 12_000) * 2 % 1000 + (sex == "male")
    first_17 = f"990000{birthday:%Y%m%d}{order:03d}"
    name = (
        _SURNAMES[seed % len(_SURNAMES)] + _GIVEN[seed // 7 % len(_GIVEN)] + _GIVEN[seed // 3 % len(_GIVEN)]
    )
    return DemoPerson(name, first_17 + check_digit(first_17), f"199{seed:08d}", birthday, sex)
