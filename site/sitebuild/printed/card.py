"""The plain card (明白卡) of a product, one side of A4: not covered first, then covered, claiming, papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitebuild.printed import ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.line_breaks import DoesNotFit
from sitebuild.printed.qr import place_code
from sitebuild.printed.wording import FINE_PRINT, SAMPLE, ProductWords

WIDTH, HEIGHT = ink.pixels(210, ink.CARD_DPI), ink.pixels(297, ink.CARD_DPI)
CODE_LEAST = ink.pixels(22, ink.CARD_DPI)
_LEFT = 112
_WIDE = WIDTH - 2 * _LEFT
_FOOT = HEIGHT - 330
_GAP = 64  # between columns
# Size of type, and whether every exclusion is explained: its title alone still says what it is.
_WAYS = ((32, True), (30, True), (28, True), (26, True), (24, True), (28, False), (24, False))


@dataclass(frozen=True)
class Point:
    """One line of a list: a name, perhaps a sum at its right, perhaps a sentence below."""

    name: str
    sum: str = ""
    plain: str = ""


def draw_card(given: ProductWords, url: str) -> Canvas:
    """The largest type everything fits in; DoesNotFit if the smallest is too large."""
    for way in _WAYS:
        try:
            return _draw(given, url, *way)
        except DoesNotFit:
            if way == _WAYS[-1]:
                raise
    raise AssertionError


def _draw(given: ProductWords, url: str, size: int, explained: bool) -> Canvas:
    """Drawn twice: what the first drawing leaves free at the foot becomes space between the parts."""
    space = size * 0.9
    _, end = _sheet(given, size, explained, space)
    canvas, _ = _sheet(given, size, explained, space + min((_FOOT - 24 - end) / 5, size * 1.5))
    _foot(canvas, given, url)
    return canvas


def _sheet(given: ProductWords, size: int, explained: bool, space: float) -> tuple[Canvas, float]:
    canvas = Canvas(WIDTH, HEIGHT, margin=60)
    y = _head(canvas, given, size)
    not_covered = [Point(title, "", plain if explained else "") for title, plain in given.exclusions]
    y = _boxed(canvas, y + space, "先看：这些情况不保", not_covered, size)
    covered = [Point(name, total, plain) for name, total, plain in given.benefits]
    y = _heading(canvas, y + space, f"保什么，给多少（{given.limit}）", size, ink.GOOD)
    y = _columns(canvas, _LEFT, y, _WIDE, covered, size)
    y = _heading(canvas, y + space, "怎么领", size, ink.INK)
    for n, step in enumerate(given.claim_steps, 1):
        canvas.disc(_LEFT + size // 2 + 4, round(y + size * 0.75), size // 2 + 6, ink.WASH)
        canvas.text(_LEFT + size // 2 + 4, y + size * 1.02, str(n), round(size * 0.8), ink.RED, anchor="ms")
        y = canvas.paragraph(_LEFT + size * 1.8, y, _WIDE - size * 1.8, step, size) + 4
    y = _heading(canvas, y + space, "要交什么（每样都能问为什么要、拿不到怎么办）", size, ink.INK)
    for name, papers in given.papers:
        y = canvas.paragraph(_LEFT, y, _WIDE, f"{name}：{papers}。", size - 2, leading=1.45) + 4
    if y > _FOOT - 20:
        raise DoesNotFit(f"{given.code}: the card at {size} pixels ends {y - _FOOT + 20:.0f} too low")
    return canvas, y


def _head(canvas: Canvas, given: ProductWords, size: int) -> float:
    canvas.rectangle(0, 0, WIDTH, 18, ink.RED)
    canvas.mark(_LEFT, 66, 56, ink.RED, ink.CARD)
    canvas.text(_LEFT + 72, 106, given.house.name, 34, bold=True)
    canvas.text(WIDTH - _LEFT, 106, "明白卡", 34, ink.SOFT, anchor="rs")
    fee, unit = given.fee, "元"
    digits = 150 if len(fee) < 4 else 110
    room = ink.width(digits, fee) + 70
    x = WIDTH - _LEFT - room
    canvas.text(x, 176, given.per, 30, ink.SOFT)
    canvas.text(x - 6, 308, fee, digits, ink.RED, bold=True)
    canvas.text(WIDTH - _LEFT, 308, unit, 56, ink.RED, bold=True, anchor="rs")
    wide = _WIDE - max(room, 170) - 60
    title = next((each for each in (76, 68, 60) if ink.width(each, given.summary) <= wide), 54)
    y = canvas.paragraph(
        _LEFT, 148, wide, given.summary, title, bold=True, leading=1.35, heading=True, most_lines=2
    )
    y = canvas.paragraph(_LEFT, y + 4, wide, given.name, 32, ink.SOFT, heading=True)
    y = max(y, 330) + 14
    text = "；".join((f"谁能参加：{given.who}", *given.conditions)) + "。"
    return canvas.paragraph(_LEFT, y, _WIDE, text, size)


def _heading(canvas: Canvas, y: float, text: str, size: int, colour: str) -> float:
    return canvas.paragraph(_LEFT, y, _WIDE, text, size + 10, colour, bold=True, leading=1.6)


def _boxed(canvas: Canvas, y: float, title: str, points: Sequence[Point], size: int) -> float:
    head = size + 12
    height = 26 + head * 1.6 + _height(canvas, points, size, _WIDE - 80) + 26
    if y + height > _FOOT:
        raise DoesNotFit("what is not covered does not fit")
    canvas.rounded(_LEFT, y, _WIDE, height, 20, ink.WARN_WASH)
    canvas.rounded(_LEFT, y, 10, height, 5, ink.WARN)
    canvas.no_sign(_LEFT + 44, round(y + 26 + head * 0.22), round(head * 1.06), ink.WARN)
    canvas.paragraph(_LEFT + 44 + head * 1.4, y + 26, _WIDE - 180, title, head, ink.WARN, bold=True)
    _columns(canvas, _LEFT + 44, y + 26 + head * 1.6, _WIDE - 80, points, size)
    return y + height


def _columns(canvas: Canvas, x: float, y: float, wide: float, points: Sequence[Point], size: int) -> float:
    """Two columns, read down, as even as can be. Returns the lower end of the longer one."""
    column = (wide - _GAP) / 2
    split = _split(canvas, points, size, column)
    ends = [y]
    for n, part in enumerate((points[:split], points[split:])):
        at = y
        for point in part:
            at = _point(canvas, x + n * (column + _GAP), at, column, point, size)
        ends.append(at)
    return max(ends)


def _point(canvas: Canvas, x: float, y: float, wide: float, point: Point, size: int) -> float:
    room = wide - (ink.width(size, point.sum) + size if point.sum else 0)
    if point.sum:
        canvas.text(x + wide, y + size * 1.12, point.sum, size, bold=True, anchor="rs")
    y = canvas.paragraph(x, y, room, point.name, size, bold=True)
    if point.plain:
        y = canvas.paragraph(x, y, wide, point.plain, size - 2, ink.SOFT, leading=1.4)
    return y + size * 0.3


def _point_height(canvas: Canvas, point: Point, size: int, wide: float) -> float:
    room = wide - (ink.width(size, point.sum) + size if point.sum else 0)
    height = len(canvas.lines_of(point.name, room, size)) * size * 1.5
    if point.plain:
        height += len(canvas.lines_of(point.plain, wide, size - 2)) * (size - 2) * 1.4
    return height + size * 0.3


def _split(canvas: Canvas, points: Sequence[Point], size: int, column: float) -> int:
    heights = [_point_height(canvas, each, size, column) for each in points]
    return min(range(1, len(points) + 1), key=lambda n: max(sum(heights[:n]), sum(heights[n:])))


def _height(canvas: Canvas, points: Sequence[Point], size: int, wide: float) -> float:
    column = (wide - _GAP) / 2
    heights = [_point_height(canvas, each, size, column) for each in points]
    split = _split(canvas, points, size, column)
    return max(sum(heights[:split]), sum(heights[split:]))


def _foot(canvas: Canvas, given: ProductWords, url: str) -> None:
    canvas.rectangle(0, _FOOT, WIDTH, HEIGHT, ink.CARD)
    canvas.rectangle(0, _FOOT, WIDTH, _FOOT + 2, ink.LINE)
    place_code(canvas, url, _LEFT - 24, _FOOT + 22, 290, least=CODE_LEAST)
    x = _LEFT + 300
    canvas.text(x, _FOOT + 92, "扫一扫，看例子和条款全文", 44, bold=True)
    width = canvas.text(x, _FOOT + 184, given.house.hotline, 84, ink.RED, bold=True)
    canvas.text(x + width + 24, _FOOT + 184, f"{given.house.hotline_name}，看不懂就打", 30, ink.SOFT)
    terms = f"以条款为准：版本{given.version}，文本指纹{given.sha256}"
    canvas.text(x, _FOOT + 238, terms, 27, ink.SOFT)
    if given.is_sample:
        tag = f"※ {SAMPLE}"
        room = ink.width(26, tag) + 36
        canvas.rounded(WIDTH - _LEFT - room, _FOOT + 52, room, 46, 12, ink.WARN_WASH)
        canvas.text(WIDTH - _LEFT - 18, _FOOT + 85, tag, 26, ink.WARN, anchor="rs")
    canvas.text(x, _FOOT + 284, FINE_PRINT, 26, ink.SOFT)
