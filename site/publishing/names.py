"""Nobody is named on a page without a reason the page itself declares.

Two forms are looked for, in the body and in every sentence of the front matter: a surname with 某 (`乔某`),
and an official title followed by a full name. What a page does name is in its `people`, with who named them
in public, or how they agreed. A surname that is also an everyday word counts after a title only where a name
would end there, so that `主任方便时` is no person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from publishing.source import ContentError, Page

PLAIN_SURNAMES = (
    "王李张刘陈杨赵黄吴徐孙朱胡郭林罗郑梁谢宋唐冯董萧曹袁邓傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴钟汪姜范姚谭廖邹"
    "熊陆郝孔崔康邱秦顾侯邵孟龙段雷汤尹黎乔贺赖龚庞樊殷陶翟颜倪芦俞鲁葛韦毕聂焦岳齐闫耿辛祝冉柴蒙栾甘欧邢涂裴"
)
# Surnames that also begin everyday words: 何时, 周一, 方便, 高度, 任职, 曾经 …
WORD_SURNAMES = (
    "何高周程马韩夏田任石江金方余曾邹温严施安万文易武史常钱洪季章申尤伍牛白毛于许解管关路单成平左向"
)
_TITLES = (
    "书记|主席|主任|部长|局长|处长|科长|股长|所长|院长|校长|站长|会长|秘书长|省长|市长|县长|区长|镇长|乡长|村长|"
    "董事长|总经理|经理|厂长|队长|干事|记者|通讯员|摄影|律师|医生|护士长|法定代表人|负责人|联系人"
)
_ENDS = (
    r"(?=[^\u4e00-\u9fff]|$|同志|先生|女士|介绍|说|表示|指出|强调|告诉|带队|主持|出席|参加|讲话|带领|一行)"
)
_SOMEBODY = re.compile(
    rf"[{PLAIN_SURNAMES}{WORD_SURNAMES}]某[某甲乙丙丁]?"
    r"(?![个些种项类样一地日月年时天次家人事单县市省区镇企公平医学])"
)
_TITLED = re.compile(
    rf"(?:{_TITLES})[：:\s]*"
    rf"(?P<name>[{PLAIN_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[{WORD_SURNAMES}][\u4e00-\u9fff]{{1,2}}?{_ENDS})"
)
_MARKUP = re.compile(r"[*_`~]|\]\([^)\s]*\)|\[(?!\[)")


def check_names(page: Page) -> None:
    """Raises ContentError for a person named without a declaration, or declared without a reason."""
    people = page.meta.get("people", ())
    for n, person in enumerate(people):
        if not (person.get("named_by") or person.get("consent")):
            raise page.error(
                f".people[{n}]", "say who named them in public (named_by), or how they agreed (consent)"
            )
    declared = {str(person["name"]) for person in people}
    for field, text in _sentences({k: v for k, v in page.meta.items() if k != "people"}, ""):
        for name in undeclared(text, declared):
            raise page.error(field, _advice(name))
    for n, line in enumerate(page.body.split("\n")):
        for name in undeclared(line, declared):
            raise ContentError(page.path, page.body_line + n, "", _advice(name))


def undeclared(line: str, declared: set[str]) -> list[str]:
    """The persons one line names who are not among `declared`."""
    text = _MARKUP.sub("", line)
    found = [match.group() for match in _SOMEBODY.finditer(text)]
    found += [match.group("name") for match in _TITLED.finditer(text)]
    return [name for name in found if not any(name.startswith(each) for each in declared)]


def _advice(name: str) -> str:
    return f"`{name}` reads as a person; name nobody, or declare them under people: with named_by or consent"


def _sentences(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _sentences(each, f"{at}.{name}")
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _sentences(each, f"{at}[{n}]")
    elif isinstance(value, str):
        yield at, value
