"""Stylesheets, inlined whole: an external one costs 600 ms on a slow phone line.

A sheet is the concatenation of the files named here. There are few sheets on purpose: each distinct one
adds a hash to the policy every answer carries.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import minify

STYLES = Path(__file__).resolve().parents[2] / "styles"
SHEETS = {
    "read": ("tokens", "base", "blocks", "pay", "lists", "print"),
    "data": ("tokens", "base", "blocks", "lists", "print", "terms", "papers", "charts"),
    "card": ("tokens", "base", "blocks", "ask", "print", "card"),
    "ask": ("tokens", "base", "blocks", "pay", "ask", "print"),
    "service": ("tokens", "base", "print", "form", "late"),
    "search": ("tokens", "base", "search", "late"),
}


@cache
def sheet(name: str) -> str:
    """The text of a `<style>` element, without comments and needless space."""
    whole = "".join((STYLES / f"{part}.css").read_text("utf-8") for part in SHEETS[name])
    return relative(minify.string("text/css", whole))


def relative(css: str) -> str:
    """Sizes of type are written in px, as designed, and served in rem, so that large text enlarges them all.

    Rounded up: a 16 px text never measures 15.99.
    """
    root = int(re.findall(r"html\{[^}]*?font:(\d+)px", css)[0])

    def rem(match: re.Match[str]) -> str:
        return f"{match.group(1)}{math.ceil(10_000 * int(match.group(2)) / root) / 10_000:g}rem"

    return re.sub(r"(font-size:)(\d+)px", rem, css)
