"""Colours and type of everything printed. The colours are those of styles/tokens.css by day."""

from __future__ import annotations

from functools import cache

import pylopdf_fonts_zh_cn as fonts
from PIL import ImageColor, ImageFont

PAPER = "#faf7f2"
CARD = "#ffffff"
INK = "#26211d"
SOFT = "#625a52"
LINE = "#e5ddd2"
RED = "#b3242b"
WASH = "#f8ece8"
GOOD = "#1c6844"
WARN = "#855100"
WARN_WASH = "#fbf1de"
SLICES = {"s0": RED, "s1": "#d98a4b", "s2": "#6c8f7d", "s3": "#7c86a8", "own": SOFT}

# What stands on what, whose edges therefore need the shades between.
_PAIRS = (
    (INK, PAPER),
    (INK, CARD),
    (RED, PAPER),
    (RED, CARD),
    (SOFT, PAPER),
    (SOFT, CARD),
    (WARN, WARN_WASH),
)

POSTER_DPI = 150  # read from a metre away
CARD_DPI = 200  # read from the hand


def pixels(millimetres: float, dpi: int) -> int:
    return round(millimetres / 25.4 * dpi)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The one face there is, a regular weight; bold is a stroke (`bold`)."""
    return ImageFont.truetype(str(fonts.sans_path()), size, layout_engine=ImageFont.Layout.BASIC)


def width(size: int, text: str) -> float:
    """In pixels. The sum over characters, as the basic layout counts it; cards ask for it 100,000 times."""
    return sum(_advance(size, each) for each in text)


@cache
def _advance(size: int, character: str) -> float:
    return font(size).getlength(character)


def bold(size: int) -> float:
    """How wide a stroke makes this size look bold without closing dense characters."""
    return size * 0.022


@cache
def palette() -> tuple[tuple[int, int, int], ...]:
    """Every colour, and the shades between those that meet: what a printed sheet is reduced to."""
    whole = [PAPER, CARD, INK, SOFT, LINE, RED, WASH, GOOD, WARN, WARN_WASH, *SLICES.values()]
    shades = [_between(a, b, n / 3) for a, b in _PAIRS for n in (1, 2)]
    return tuple(dict.fromkeys([*(ImageColor.getrgb(each)[:3] for each in whole), *shades]))


def _between(a: str, b: str, part: float) -> tuple[int, int, int]:
    one, other = ImageColor.getrgb(a), ImageColor.getrgb(b)
    red, green, blue = (round(x + (y - x) * part) for x, y in zip(one[:3], other[:3], strict=True))
    return red, green, blue
