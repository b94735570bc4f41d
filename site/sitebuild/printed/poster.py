"""The poster of a campaign, A3: what one pays oneself, who pays the rest, and first what is not covered."""

from __future__ import annotations

from sitebuild.printed import ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.line_breaks import DoesNotFit
from sitebuild.printed.qr import place_code
from sitebuild.printed.wording import FINE_PRINT, SAMPLE, CampaignWords

WIDTH, HEIGHT = ink.pixels(297, ink.POSTER_DPI), ink.pixels(420, ink.POSTER_DPI)
CODE_LEAST = ink.pixels(30, ink.POSTER_DPI)
_LEFT = 132
_WIDE = WIDTH - 2 * _LEFT
_SIZES = (46, 42, 38, 34, 30, 28, 26)  # of the facts; the last is 12 point
_FOOT = HEIGHT - 600  # where the code and the hotline begin


def draw_poster(given: CampaignWords, url: str, channel: str) -> Canvas:
    """Smaller facts for a campaign with more to say; DoesNotFit if even the smallest are too many."""
    for size in _SIZES:
        try:
            return _draw(given, url, channel, size)
        except DoesNotFit:
            if size == _SIZES[-1]:
                raise
    raise AssertionError


def _draw(given: CampaignWords, url: str, channel: str, size: int) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, margin=80)
    tight = size <= 38
    y = _head(canvas, given, tight)
    y = _money(canvas, given, y + (36 if tight else 56), tight)
    y = _facts(canvas, given, y + 44, size)
    _not_covered(canvas, given, y + 28, size)
    _foot(canvas, given, url, channel)
    return canvas


def _head(canvas: Canvas, given: CampaignWords, tight: bool) -> float:
    title = next(
        (
            each
            for each in (168, 144, 124, 108)
            if len(canvas.lines_of(given.name, _WIDE, each)) <= (1 if each > 124 else 2)
        ),
        96,
    )
    lines = len(canvas.lines_of(given.name, _WIDE, title))
    small = next((each for each in (58, 50) if len(canvas.lines_of(given.lead, _WIDE, each)) == 1), 46)
    lead = len(canvas.lines_of(given.lead, _WIDE, small))
    top, below = (226, 48) if tight else (270, 84)
    height = top + lines * title * 1.25 + 20 + lead * small * 1.45 + below
    canvas.rectangle(0, 0, WIDTH, height, ink.RED)
    canvas.mark(_LEFT, 104, 84, ink.CARD, ink.RED)
    canvas.text(_LEFT + 106, 162, given.house.name, 48, ink.CARD, bold=True)
    if _where_on_top(given):
        canvas.text(WIDTH - _LEFT, 162, given.where, 46, ink.CARD, anchor="rs")
    y = canvas.paragraph(
        _LEFT, top, _WIDE, given.name, title, ink.CARD, bold=True, leading=1.25, heading=True, most_lines=2
    )
    canvas.paragraph(
        _LEFT, y + 20, _WIDE, given.lead, small, "#fbe4de", leading=1.45, most_lines=2, heading=True
    )
    return height


def _where_on_top(given: CampaignWords) -> bool:
    return ink.width(46, given.where) < _WIDE / 2


def _money(canvas: Canvas, given: CampaignWords, y: float, tight: bool) -> float:
    """The number, huge; beside it who pays what."""
    canvas.text(_LEFT, y + 66, given.own_label, 66 if len(given.own_label) < 5 else 46, ink.INK, bold=True)
    digits = next(
        each for each in (450, 360, 290, 220)[1 if tight else 0 :] if ink.width(each, given.own) < 600
    )
    base = y + (400 if tight else 474)
    width = canvas.text(_LEFT - digits * 0.05, base, given.own, digits, ink.RED, bold=True)
    canvas.text(_LEFT + width + 6, base, "元", 130, ink.RED, bold=True)
    x = _LEFT + 790
    wide = WIDTH - _LEFT - x
    canvas.text(x, y + 66, f"会费每人{given.fee}元，谁出", 46, ink.SOFT)
    bar = float(x)
    canvas.rounded(x, y + 106, wide, 34, 17, ink.LINE)
    for each in given.shares:
        part = wide * each.percent / 100
        if part:
            canvas.rounded(min(bar, x + wide - 34), y + 106, max(part, 34), 34, 17, ink.SLICES[each.style])
        bar += part
    at = y + 176
    size = 46 if len(given.shares) <= 3 else 36 if tight else 38
    for each in given.shares:
        paid = f"{each.yuan}元"
        canvas.rounded(x, at + size * 0.45, 30, 30, 8, ink.SLICES[each.style])
        canvas.text(x + wide, at + size * 1.14, paid, size, bold=True, anchor="rs")
        room = wide - 80 - ink.width(size, paid)
        at = canvas.paragraph(x + 52, at, room, each.label, size, leading=1.45) + size * 0.25
    end = max(base, at + (62 if tight else 76))
    if end > base + 160:
        raise DoesNotFit("too many payers for the poster")
    canvas.text(x, end, f"{given.until}截止", 62, bold=True)
    return end + 40


def _facts(canvas: Canvas, given: CampaignWords, y: float, size: int) -> float:
    canvas.rectangle(_LEFT, y, _LEFT + _WIDE, y + 2, ink.LINE)
    y += 26
    rows = [("谁能参加", given.who)]
    if not _where_on_top(given):
        rows.append(("在哪里", given.where))
    if given.organiser:
        rows.append(("谁组织", given.organiser))
    indent = size * 5
    for name, text in rows:
        canvas.text(_LEFT, y + size * 1.12, name, size, ink.SOFT)
        y = canvas.paragraph(_LEFT + indent, y, _WIDE - indent, text, size) + size * 0.22
    return y


def _not_covered(canvas: Canvas, given: CampaignWords, y: float, size: int) -> None:
    """The titles that fit two or three lines; how many there are is always said."""
    head, room, pad = size + 12, _WIDE - 110, 36 if size > 34 else 24
    for shown in range(len(given.not_covered), min(3, len(given.not_covered)) - 1, -1):
        rest = len(given.not_covered) - shown
        text = "；".join(given.not_covered[:shown]) + (
            f"……共{len(given.not_covered)}种，扫码看全" if rest else "。"
        )
        lines = len(canvas.lines_of(text, room, size))
        height = pad + head * 1.5 + 8 + lines * size * 1.5 + pad
        if y + height <= _FOOT - 36:
            break
    else:
        raise DoesNotFit("no room for what is not covered")
    y += min(40, (_FOOT - 36 - y - height) / 2)
    canvas.rounded(_LEFT, y, _WIDE, height, 26, ink.WARN_WASH)
    canvas.rounded(_LEFT, y, 14, height, 7, ink.WARN)
    canvas.no_sign(_LEFT + 56, round(y + pad + head * 0.2), round(head * 1.1), ink.WARN)
    canvas.paragraph(
        _LEFT + 56 + head * 1.4, y + pad, room - head * 1.4, "先看不保什么", head, ink.WARN, bold=True
    )
    canvas.paragraph(_LEFT + 56, y + pad + head * 1.5 + 8, room, text, size)


def _foot(canvas: Canvas, given: CampaignWords, url: str, channel: str) -> None:
    canvas.rectangle(0, _FOOT, WIDTH, HEIGHT, ink.CARD)
    canvas.rectangle(0, _FOOT, WIDTH, _FOOT + 2, ink.LINE)
    place_code(canvas, url, _LEFT - 44, _FOOT + 30, 490, least=CODE_LEAST)
    x = _LEFT + 490
    canvas.text(x, _FOOT + 146, "扫一扫，看清再参加", 76, bold=True)
    canvas.text(x, _FOOT + 226, "看不懂、没有智能手机，打电话问", 44, ink.SOFT)
    width = canvas.text(x, _FOOT + 388, given.house.hotline, 150, ink.RED, bold=True)
    canvas.text(x + width + 36, _FOOT + 388, given.house.hotline_name, 46, ink.SOFT)
    if given.is_sample:
        tag = f"※ {SAMPLE}"
        canvas.rounded(x, _FOOT + 424, ink.width(34, tag) + 48, 58, 14, ink.WARN_WASH)
        canvas.text(x + 24, _FOOT + 465, tag, 34, ink.WARN)
    width = canvas.text(_LEFT, HEIGHT - 52, FINE_PRINT, 32, ink.SOFT)
    if channel:
        room = _WIDE - width - 40
        size = next((each for each in (32, 28) if ink.width(each, channel) <= room), 24)
        canvas.text(WIDTH - _LEFT, HEIGHT - 52, channel, size, ink.SOFT, anchor="rs")
