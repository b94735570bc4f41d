"""Words a page may not have: nothing stands behind them, or the office says it with another word. Raises
ContentError on the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from publishing.source import ContentError, Page

# what may not stand -> what to write instead
EMPTY = {
    "指定的?受益人|指定的人": "nobody can name a beneficiary here; the money goes to the 法定继承人",
}
# One thing, one word: here, in templates, scripts and messages.
SECOND = {
    "候补": "say 排队",
    "查不到|没有查到这张|没有找到(?:这张|凭证)": "say 没有这张凭证",
    "(?<!尚)未生效|还没有?生效": "say 尚未生效",
}


def wrong_word(text: str) -> str:
    """The first wrong word of a text and what to do, "" when there is none."""
    for pattern, instead in (EMPTY | SECOND).items():
        found = re.search(pattern, text)
        if found:
            return f"`{found[0]}`: {instead}"
    return ""


def check_words(page: Page) -> None:
    for field, text in _texts(page.meta, ""):
        if wrong_word(text):
            raise page.error(field, wrong_word(text))
    for n, line in enumerate(page.body.split("\n")):
        if wrong_word(line):
            raise ContentError(page.path, page.body_line + n, "", wrong_word(line))


def _texts(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """(field path, text) of everything written in front matter."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{at}.{name}")
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _texts(each, f"{at}[{n}]")
    elif isinstance(value, str):
        yield at, value
