"""What we say by SMS, as data. A published text is never changed: a new wording is a new version.

The provider approves each text and knows it by an id; the provider's secret maps `Template.name` to it.
Placeholders are given to it in the order they appear here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

SIGNATURE = "【职工互助保障】"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    code: str
    version: int
    text: str  # as approved by the provider, without the signature
    inbox: str | None = None  # shown in the person's inbox; None: never shown there
    days: tuple[str, ...] = ()  # placeholders that are ISO days, shown as 2026年11月22日
    secret: tuple[str, ...] = ()  # placeholders that are always sealed
    useful_seconds: int | None = None  # older than this it is not sent at all; None: always worth sending

    @property
    def name(self) -> str:
        return f"{self.code}_{self.version}"

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.text)))

    def shown(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values as they appear in the text, in the text's order."""
        return {name: day(values[name]) if name in self.days else values[name] for name in self.placeholders}


def day(text: str) -> str:
    """`2026年11月22日` for an ISO day."""
    on = date.fromisoformat(text)
    return f"{on.year}年{on.month}月{on.day}日"


_JOINED = "您已参保{covers}，{from}零时起生效，由{payer}出资。要理赔，请拨打12351。"
_WAITING = (
    "您的{products}申请已收到，候补号{number}。暂无名额，保障尚未生效；有名额时按顺序为您办理，并发短信告知。"
    "咨询请拨打12351。"
)
_IN_LINE = (
    "您的{products}申请已收到，排队号{number}。暂无名额，保障尚未生效；有名额时按顺序为您办理，并发短信告知。"
    "咨询请拨打12351。"
)
_WAITING_ENDED = (
    "轮到您候补的{product}了，但保障开始那天您不在{first}至{last}周岁之内，没有办成，保障没有生效。"
    "请拨打12351，问问其他保障。"
)
_TURN_LOST = (
    "您排队的{product}轮到了，但保障开始那天您不在{first}至{last}周岁之内，没有办成，没有保障。"
    "请拨打12351，问问其他保障。"
)
_PROMOTED = "轮到您了！已为您办好{covers}，{from}零时起生效，由{payer}出资。要理赔，请拨打12351。"
_ON_THE_SITE = "凭证可在“我的保障”里查看、打印。"

_ALL = (
    Template(
        "sign_in_code",
        1,
        text="登录验证码{code}，5分钟内有效。工作人员不会向您索要，请勿告诉他人。",
        secret=("code",),
        useful_seconds=5
        * 60,  # LIMITS.code_seconds: a dead code only confuses; a test holds the two together
    ),
    Template("joined", 1, text=_JOINED, inbox=_JOINED + _ON_THE_SITE, days=("from",)),
    Template("waiting", 1, text=_WAITING, inbox=_WAITING),
    Template("waiting", 2, text=_IN_LINE, inbox=_IN_LINE),
    Template("waiting_ended", 1, text=_WAITING_ENDED, inbox=_WAITING_ENDED),
    Template("waiting_ended", 2, text=_TURN_LOST, inbox=_TURN_LOST),
    Template("promoted", 1, text=_PROMOTED, inbox=_PROMOTED + _ON_THE_SITE, days=("from",)),
)

TEMPLATES: Mapping[tuple[str, int], Template] = {(each.code, each.version): each for each in _ALL}


def newest(code: str) -> Template:
    """The version new messages use. Raises KeyError for a code that does not exist."""
    return TEMPLATES[code, max((version for name, version in TEMPLATES if name == code), default=0)]
