"""Words a page may not have, because nothing stands behind them. Raises ContentError on the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from publishing.source import ContentError, Page

# phrase -> what to write instead
EMPTY = {
    "指定的人": "nobody can name a beneficiary here; the money goes to the 法定继承人",
    "指定受益人": "nobody can name a beneficiary here; the money goes to the 法定继承人",
    "指定的受益人": "nobody can name a beneficiary here; the money goes to the 法定继承人",
}


def check_words(page: Page) -> None:
    for phrase, instead in EMPTY.items():
        for field, text in _texts(page.meta, ""):
            if phrase in text:
                raise page.error(field, f"`{phrase}`: {instead}")
        for n, line in enumerate(page.body.split("\n")):
            if phrase in line:
                raise ContentError(page.path, page.body_line + n, "", f"`{phrase}`: {instead}")


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
