"""Pictures to pass on in a chat: 3:4 to open, square for the small picture beside a link."""

from __future__ import annotations

from sitebuild.printed import ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.line_breaks import DoesNotFit
from sitebuild.printed.qr import place_code
from sitebuild.printed.wording import SAMPLE, CampaignWords, House, ProductWords

WIDTH, HEIGHT = 1080, 1440
SQUARE = 480
CODE_LEAST = 160  # pixels on a phone's screen
_LEFT = 84
_WIDE = WIDTH - 2 * _LEFT
_TOP = 452
_FOOT = HEIGHT - 280


def campaign_share(given: CampaignWords, url: str) -> Canvas:
    canvas = _sheet(given.house, given.name, given.lead)
    y = _TOP + 40
    canvas.text(_LEFT, y + 48, given.own_label, 48 if len(given.own_label) < 5 else 30, bold=True)
    digits = next(each for each in (270, 210, 150, 110, 80) if ink.width(each, given.own) < 340)
    width = canvas.text(_LEFT - digits * 0.05, y + 300, given.own, digits, ink.RED, bold=True)
    canvas.text(_LEFT + width, y + 300, "元", 84, ink.RED, bold=True)
    x, at = _LEFT + 470, float(y + 8)
    size = 36 if len(given.shares) <= 3 else 28
    for each in given.shares:
        canvas.rounded(x, at + size * 0.5, 26, 26, 7, ink.SLICES[each.style])
        canvas.text(WIDTH - _LEFT, at + size * 1.25, f"{each.yuan}元", size + 2, bold=True, anchor="rs")
        at = canvas.paragraph(
            x + 42, at, 400 - ink.width(size, f"{each.yuan}元"), each.label, size, leading=1.6
        )
    until = max(at + 60, y + 300)
    canvas.text(x, until, f"{given.until}截止", 38, bold=True)
    _fitting(canvas, until + 36, given.who, _FOOT - 210)
    _warning(canvas, given.not_covered)
    return _foot(canvas, given.house, url, given.is_sample)


def product_share(given: ProductWords, url: str) -> Canvas:
    canvas = _sheet(given.house, given.summary, given.short_name)
    y = _TOP + 40
    canvas.text(_LEFT, y + 40, given.per, 38, ink.SOFT)
    digits = 170 if len(given.fee) < 4 else 120
    width = canvas.text(_LEFT - 6, y + 190, given.fee, digits, ink.RED, bold=True)
    canvas.text(_LEFT + width + 8, y + 190, "元", 64, ink.RED, bold=True)
    canvas.text(WIDTH - _LEFT, y + 190, given.limit, 38, ink.INK, anchor="rs")
    y += 224
    for name, total, _ in given.benefits[:3]:
        canvas.rectangle(_LEFT, y, WIDTH - _LEFT, y + 1, ink.LINE)
        canvas.tick(_LEFT, round(y + 18), 36, ink.GOOD)
        canvas.text(WIDTH - _LEFT, y + 50, total, 40, bold=True, anchor="rs")
        room = _WIDE - 56 - ink.width(40, total) - 24
        size = next((each for each in (38, 34, 30) if ink.width(each, name) <= room), 26)
        canvas.text(_LEFT + 54, y + 50, name, size)
        y += 72
    _warning(canvas, tuple(title for title, _ in given.exclusions))
    return _foot(canvas, given.house, url, given.is_sample)


def default_share(given: House, url: str) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, margin=60)
    canvas.rectangle(0, 0, WIDTH, 1010, ink.RED)
    canvas.mark(_LEFT, 92, 92, ink.CARD, ink.RED)
    canvas.text(_LEFT + 116, 156, given.name, 52, ink.CARD, bold=True)
    first, _, second = given.slogan.partition("，")
    y = canvas.paragraph(_LEFT, 380, _WIDE, f"{first}，" if second else first, 128, ink.CARD, bold=True)
    y = canvas.paragraph(_LEFT, y, _WIDE, second, 128, ink.CARD, bold=True) if second else y
    canvas.paragraph(_LEFT, y + 40, _WIDE, "查我能参加什么、谁出钱、不保什么", 46, "#fbe4de")
    canvas.paragraph(_LEFT, 1040, _WIDE, "工会组织的互助互济活动，不是商业保险", 40, ink.SOFT)
    return _foot(canvas, given, url, sample=False)


def square(given: House, lines: str, sample: bool) -> Canvas:
    """The small picture: a mark and a few large words, readable at the size of a thumb."""
    canvas = Canvas(SQUARE, SQUARE, margin=24, background=ink.RED)
    canvas.mark(44, 44, 84, ink.CARD, ink.RED)
    canvas.text(148, 104, given.name, 46, ink.CARD, bold=True)
    sizes = (72, 62, 54, 46, 40)
    room = 220  # px between the mark and the last line
    size = next((each for each in sizes if len(canvas.lines_of(lines, 392, each)) * each * 1.3 <= room), 34)
    canvas.paragraph(44, 176, 392, lines, size, ink.CARD, bold=True, leading=1.3, heading=True, most_lines=4)
    if sample:
        canvas.text(44, 444, "示范", 30, "#fbe4de")
    canvas.text(436, 444, given.hotline, 34, "#fbe4de", anchor="rs")
    return canvas


def _sheet(given: House, title: str, lead: str) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, margin=60)
    canvas.rectangle(0, 0, WIDTH, _TOP, ink.RED)
    canvas.mark(_LEFT, 72, 64, ink.CARD, ink.RED)
    canvas.text(_LEFT + 82, 117, given.name, 38, ink.CARD, bold=True)
    for size, lead_size in ((96, 42), (88, 42), (80, 42), (80, 34), (72, 34), (66, 30), (58, 28)):
        lines = len(canvas.lines_of(title, _WIDE, size, heading=True))
        leads = len(canvas.lines_of(lead, _WIDE, lead_size, heading=True))
        high = lines * size * 1.28 + 10 + leads * lead_size * 1.4
        if lines <= 2 and 160 + high <= _TOP - 14:
            y = 160 + (_TOP - 20 - 160 - high) / 2
            y = canvas.paragraph(
                _LEFT, y, _WIDE, title, size, ink.CARD, bold=True, leading=1.28, heading=True
            )
            canvas.paragraph(_LEFT, y + 10, _WIDE, lead, lead_size, "#fbe4de", leading=1.4, heading=True)
            return canvas
    raise DoesNotFit(f"`{title}` and `{lead}` do not fit their red field")


def _fitting(canvas: Canvas, y: float, text: str, bottom: float) -> float:
    """A text in the largest type that ends above `bottom`; too long for any, it is left to the page."""
    for size in (38, 34, 30, 26):
        if y + len(canvas.lines_of(text, _WIDE, size)) * size * 1.5 <= bottom:
            return canvas.paragraph(_LEFT, y, _WIDE, text, size, ink.SOFT)
    return canvas.paragraph(_LEFT, y, _WIDE, "哪些职业、多大年纪能参加，扫码看全", 34, ink.SOFT)


def _warning(canvas: Canvas, titles: tuple[str, ...]) -> None:
    top, height, wide = _FOOT - 196, 164, _WIDE - 56
    canvas.rounded(_LEFT, top, _WIDE, height, 20, ink.WARN_WASH)
    canvas.no_sign(_LEFT + 28, top + 22, 40, ink.WARN)
    canvas.text(_LEFT + 82, top + 57, "先看不保什么", 40, ink.WARN, bold=True)
    canvas.text(WIDTH - _LEFT - 28, top + 57, f"共{len(titles)}种", 34, ink.WARN, anchor="rs")
    for shown in range(len(titles), 0, -1):
        text = "；".join(titles[:shown]) + ("……" if shown < len(titles) else "。")
        size = 32
        if len(canvas.lines_of(text, wide, size)) <= 2:
            canvas.paragraph(_LEFT + 28, top + 72, wide, text, size, leading=1.32)
            return
    raise DoesNotFit("no exclusion fits the share picture")


def _foot(canvas: Canvas, given: House, url: str, sample: bool) -> Canvas:
    canvas.rectangle(0, _FOOT, WIDTH, HEIGHT, ink.CARD)
    canvas.rectangle(0, _FOOT, WIDTH, _FOOT + 1, ink.LINE)
    place_code(canvas, url, _LEFT - 20, _FOOT + 16, 250, least=CODE_LEAST)
    x = _LEFT + 262
    canvas.text(x, _FOOT + 84, "长按识别，看清再参加", 48, bold=True)
    width = canvas.text(x, _FOOT + 176, given.hotline, 80, ink.RED, bold=True)
    canvas.text(x + width + 20, _FOOT + 176, given.hotline_name, 32, ink.SOFT)
    if sample:
        canvas.text(x, _FOOT + 230, f"※ {SAMPLE}", 28, ink.WARN)
    return canvas
