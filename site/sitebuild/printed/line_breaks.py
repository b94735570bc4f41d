"""Where a line of Chinese may end: punctuation never begins one, and a figure stays with its unit."""

from __future__ import annotations

import re
from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）》」』】〕〉”’％…·～,.;:?!)]}%")
NEVER_LAST = frozenset("（《「『【〔〈“‘([{")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:%/_+-]*(?:万元|周岁|[元人天份年月日个条样种])?|\s+|.")

Measure = Callable[[str], float]


class DoesNotFit(Exception):
    """A text is larger than its place. Nothing is ever cut off or printed over something else."""


def broken(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of `text`, each no wider than `width`."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for piece in _pieces(part):
            if line and measure((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            if measure(line.rstrip()) > width:
                raise DoesNotFit(f"`{line}` is wider than its place")
        lines.append(line.rstrip())
    return lines


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """As few lines as `broken`, of lengths as equal as can be: for headings."""
    best = broken(text, width, measure)
    if len(best) == 2 and (parted := _at_punctuation(text, width, measure)):
        return parted
    narrow, wide = 0.0, width
    while wide - narrow > 4:
        middle = (narrow + wide) / 2
        try:
            lines = broken(text, middle, measure)
        except DoesNotFit:
            lines = []
        if lines and len(lines) == len(best):
            best, wide = lines, middle
        else:
            narrow = middle
    return best


def _at_punctuation(text: str, width: float, measure: Measure) -> list[str]:
    """Two lines parted where one would breathe, the evenest way; none if that leaves a very short one."""
    pairs = [(text[: n + 1], text[n + 1 :]) for n in range(len(text) - 1) if text[n] in "，；：。！？"]
    lengths = {pair: sorted(map(measure, pair)) for pair in pairs}
    fitting = [pair for pair in pairs if lengths[pair][1] <= width and lengths[pair][0] >= width * 0.3]
    evenest = min(fitting, key=lambda pair: lengths[pair][1], default=())
    return list(evenest)


def _pieces(text: str) -> list[str]:
    """What is never parted: a character with the punctuation that belongs to it, a number with its unit."""
    pieces: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] in NEVER_FIRST and len(pieces) > 1 and pieces[-1].isspace():
            space = pieces.pop()  # it belongs to the punctuation, and both to what stands before
            pieces[-1] += space
        if pieces and (token[0] in NEVER_FIRST or pieces[-1].rstrip()[-1:] in NEVER_LAST):
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces
