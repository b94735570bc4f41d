"""The poster of a campaign, A3: what one pays oneself, who pays the rest, and first what is not covered."""

from __future__ import annotations

from sitebuild.printed import ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.code import place_code
from sitebuild.printed.lines import DoesNotFit
from sitebuild.printed.wording import FINE_PRINT, SAMPLE, CampaignWords

WIDTH, HEIGHT = ink.pixels(297, ink.POSTER_DPI), ink.pixels(420, ink.POSTER_DPI)
CODE_LEAST = ink.pixels(30, ink.POSTER_DPI)
_LEFT = 132
_WIDE = WIDTH - 2 * _LEFT
_FOOT = HEIGHT - 600  # where the code and the hotline begin


def draw_poster(given: CampaignWords, url: str, channel: str) -> Canvas:
    """Smaller facts for a campaign with more to say; DoesNotFit if even the smallest are too many."""
    for size in (46, 42, 38, 34, 30):
        try:
            return _draw(given, url, channel, size)
        except DoesNotFit:
            if size == 30:
                raise
    raise AssertionError


def _draw(given: CampaignWords, url: str, channel: str, size: int) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, margin=80)
    y = _head(canvas, given)
    y = _money(canvas, given, y + 56)
    y = _facts(canvas, given, y + 44, size)
    _not_covered(canvas, given, y + 28, size)
    _foot(canvas, given, url, channel)
    return canvas


def _head(canvas: Canvas, given: CampaignWords) -> float:
    title = next(
        (
            each
            for each in (168, 144, 124, 108)
            if len(canvas.lines_of(given.name, _WIDE, each)) <= (1 if each > 124 else 2)
        ),
        96,
    )
    lines = len(canvas.lines_of(given.name, _WIDE, title))
    lead = len(canvas.lines_of(given.lead, _WIDE, 58))
    height = 270 + lines * title * 1.25 + 20 + lead * 58 * 1.45 + 84
    canvas.draw.rectangle((0, 0, WIDTH, height), ink.RED)
    canvas.mark(_LEFT, 104, 84, ink.CARD, ink.RED)
    canvas.text(_LEFT + 106, 162, given.house.name, 48, ink.CARD, bold=True)
    canvas.text(WIDTH - _LEFT, 162, given.where, 46, ink.CARD, anchor="rs")
    y = canvas.paragraph(
        _LEFT, 270, _WIDE, given.name, title, ink.CARD, bold=True, leading=1.25, heading=True, most_lines=2
    )
    canvas.paragraph(
        _LEFT, y + 20, _WIDE, given.lead, 58, "#fbe4de", leading=1.45, most_lines=2, heading=True
    )
    return height


def _money(canvas: Canvas, given: CampaignWords, y: float) -> float:
    """The number, huge; beside it who pays what."""
    canvas.text(_LEFT, y + 66, "您自己出", 66, ink.INK, bold=True)
    digits = next(each for each in (450, 360, 290, 220) if ink.font(each).getlength(given.own) < 600)
    base = y + 474
    width = canvas.text(_LEFT - digits * 0.05, base, given.own, digits, ink.RED, bold=True)
    canvas.text(_LEFT + width - digits * 0.02, base, "元", 130, ink.RED, bold=True)
    x = _LEFT + 790
    wide = WIDTH - _LEFT - x
    canvas.text(x, y + 66, f"会费每人{given.fee}元，谁出", 46, ink.SOFT)
    bar = x
    canvas.rounded(x, y + 106, wide, 34, 17, ink.LINE)
    for each in given.shares:
        part = wide * each.percent / 100
        if part:
            canvas.rounded(bar, y + 106, max(part, 34), 34, 17, ink.SLICES[each.style])
        bar += part
    at = y + 176
    for each in given.shares:
        canvas.rounded(x, at + 22, 30, 30, 8, ink.SLICES[each.style])
        canvas.text(x + wide, at + 54, f"{each.yuan}元", 46, bold=True, anchor="rs")
        at = canvas.paragraph(x + 52, at + 2, wide - 250, each.label, 46, leading=1.45) + 12
    end = max(base, at + 76)
    if end > base + 130:
        raise DoesNotFit("too many payers for the poster")
    canvas.text(x, end, f"{given.until}截止", 62, bold=True)
    return end + 40


def _facts(canvas: Canvas, given: CampaignWords, y: float, size: int) -> float:
    canvas.draw.rectangle((_LEFT, y, _LEFT + _WIDE, y + 2), ink.LINE)
    y += 26
    rows = [("谁能参加", given.who)]
    if given.organiser:
        rows.append(("谁组织", given.organiser))
    indent = size * 5
    for name, text in rows:
        canvas.text(_LEFT, y + size * 1.12, name, size, ink.SOFT)
        y = canvas.paragraph(_LEFT + indent, y, _WIDE - indent, text, size) + size * 0.22
    return y


def _not_covered(canvas: Canvas, given: CampaignWords, y: float, size: int) -> None:
    """The titles that fit two or three lines; how many there are is always said."""
    head, room = size + 12, _WIDE - 110
    for shown in range(len(given.not_covered), 2, -1):
        rest = len(given.not_covered) - shown
        text = "；".join(given.not_covered[:shown]) + (
            f"……共{len(given.not_covered)}种，扫码看全" if rest else "。"
        )
        lines = len(canvas.lines_of(text, room, size))
        height = 38 + head * 1.5 + 10 + lines * size * 1.5 + 36
        if y + height <= _FOOT - 44:
            break
    else:
        raise DoesNotFit("no room for what is not covered")
    y += min(40, (_FOOT - 44 - y - height) / 2)
    canvas.rounded(_LEFT, y, _WIDE, height, 26, ink.WARN_WASH)
    canvas.rounded(_LEFT, y, 14, height, 7, ink.WARN)
    canvas.no_sign(_LEFT + 56, round(y + 38 + head * 0.2), round(head * 1.1), ink.WARN)
    canvas.paragraph(
        _LEFT + 56 + head * 1.4, y + 38, room - head * 1.4, "先看不保什么", head, ink.WARN, bold=True
    )
    canvas.paragraph(_LEFT + 56, y + 38 + head * 1.5 + 10, room, text, size)


def _foot(canvas: Canvas, given: CampaignWords, url: str, channel: str) -> None:
    canvas.draw.rectangle((0, _FOOT, WIDTH, HEIGHT), ink.CARD)
    canvas.draw.rectangle((0, _FOOT, WIDTH, _FOOT + 2), ink.LINE)
    place_code(canvas, url, _LEFT - 44, _FOOT + 30, 490, least=CODE_LEAST)
    x = _LEFT + 490
    canvas.text(x, _FOOT + 146, "扫一扫，看清再参加", 76, bold=True)
    canvas.text(x, _FOOT + 226, "看不懂、没有智能手机，打电话问", 44, ink.SOFT)
    width = canvas.text(x, _FOOT + 388, given.house.hotline, 150, ink.RED, bold=True)
    canvas.text(x + width + 36, _FOOT + 388, given.house.hotline_name, 46, ink.SOFT)
    if channel:
        canvas.text(x, _FOOT + 462, channel, 36, ink.SOFT)
    if given.is_sample:
        tag = f"※ {SAMPLE}"
        width = ink.font(34).getlength(tag) + 48
        canvas.rounded(WIDTH - _LEFT - width, _FOOT + 424, width, 58, 14, ink.WARN_WASH)
        canvas.text(WIDTH - _LEFT - 24, _FOOT + 465, tag, 34, ink.WARN, anchor="rs")
    canvas.text(_LEFT, HEIGHT - 52, FINE_PRINT, 32, ink.SOFT)
