"""Sample pictures of the papers of a claim, drawn by us: grey bars where a real paper has somebody's data.

What the camera must catch is framed in red. Every picture says 样图 across itself.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from sitebuild.printed import files, ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.forms import FORMS, Form, Line

SHEET = (600, 760)
CARD = (600, 380)
_BAR = "#cfc6ba"
_EDGE = 48


def form(given: Form) -> Canvas:
    width, height = SHEET
    canvas = Canvas(width, height, margin=20, background=ink.CARD)
    canvas.draw.rectangle((0, 0, width - 1, height - 1), outline=ink.LINE, width=3)
    y = canvas.paragraph(_EDGE, 36, width - 2 * _EDGE, given.title, 40, bold=True, middle=True)
    canvas.draw.rectangle((_EDGE, y + 14, width - _EDGE, y + 16), ink.INK)
    y += 40
    for line in given.lines:
        y = _line(canvas, y, line)
    if given.table:
        y = _table(canvas, y + 14, given.table, given.rows)
    for n in range(given.written):
        _handwriting(canvas, y + 34 + n * 56, width - 2 * _EDGE - (160 if n == given.written - 1 else 0), n)
    if given.seal:
        _seal(canvas, given.seal, width - 128, height - 124)
    else:
        signed = canvas.text(width - _EDGE, height - 70, "签名、日期、手印", 28, ink.SOFT, anchor="rs")
        _frame(canvas, width - _EDGE - signed - 12, height - 106, signed + 24, 54)
    _watermark(canvas)
    return canvas


def id_card() -> Canvas:
    width, height = CARD
    canvas = Canvas(width, height, margin=16, background="#efe9e1")
    canvas.rounded(6, 6, width - 12, height - 12, 28, "#e3edf0")
    for n, (label, long) in enumerate((("姓名", 0.3), ("性别", 0.12), ("出生", 0.5), ("住址", 0.62))):
        canvas.text(44, 84 + n * 54, label, 28, "#33606b")
        canvas.rounded(120, 60 + n * 54, 330 * long + 20, 28, 6, "#b5c9cd")
    canvas.rounded(406, 56, 150, 190, 12, "#cbdadd")
    canvas.disc(481, 122, 38, "#b5c9cd")
    canvas.rounded(426, 170, 110, 66, 30, "#b5c9cd")
    canvas.text(44, 330, "公民身份号码", 28, "#33606b")
    canvas.rounded(232, 304, 320, 32, 6, "#b5c9cd")
    _frame(canvas, 224, 296, 336, 48)
    _watermark(canvas)
    return canvas


def bank_card() -> Canvas:
    width, height = CARD
    canvas = Canvas(width, height, margin=16, background="#efe9e1")
    canvas.rounded(6, 6, width - 12, height - 12, 30, "#3c4f63")
    canvas.text(46, 84, "某某银行　借记卡", 34, ink.CARD)
    canvas.rounded(48, 128, 84, 64, 12, "#d9b979")
    canvas.draw.line((90, 128, 90, 191), "#a98a4d", 2)
    for n in range(4):
        canvas.rounded(48 + n * 128, 232, 104, 36, 8, "#8fa0b2")
    _frame(canvas, 38, 220, 514, 60)
    canvas.text(46, 336, "只拍这一面", 32, ink.CARD)
    _watermark(canvas)
    return canvas


def heir_papers() -> Canvas:
    """What the family brings, in one picture: two sheets above, two cards below."""
    width, height = SHEET
    canvas = Canvas(width, height, margin=20, background="#efe9e1")
    canvas.paragraph(_EDGE, 24, width - 2 * _EDGE, "家里人来领，要这几样", 40, bold=True, middle=True)
    top, wide = 112, 262
    for drawn in (
        (form(FORMS["death-certificate"]), form(FORMS["relation"])),
        (id_card(), bank_card()),
    ):
        high = round(drawn[0].height * wide / drawn[0].width)
        for n, each in enumerate(drawn):
            small = each.image.resize((wide, high), Image.Resampling.LANCZOS)
            canvas.image.paste(small, (26 + n * (wide + 24), top))
            canvas.texts += each.texts
        top += high + 34
    return canvas


def _line(canvas: Canvas, y: float, line: Line) -> float:
    left = _EDGE + 150
    room = SHEET[0] - _EDGE - left
    if line.label:
        canvas.text(_EDGE, y + 34, line.label, 28, ink.SOFT)
    canvas.rounded(left, y + 10, room * line.long, 28, 6, _BAR)
    if line.key:
        _frame(canvas, left - 10, y, room * line.long + 20, 48)
    return y + 58


def _table(canvas: Canvas, y: float, heads: tuple[str, ...], rows: int) -> float:
    wide = (SHEET[0] - 2 * _EDGE) / len(heads)
    for c, head in enumerate(heads):
        canvas.text(_EDGE + c * wide, y + 28, head, 26, ink.SOFT)
        for r in range(rows):
            canvas.rounded(_EDGE + c * wide, y + 46 + r * 40, wide * (0.75 if c == 0 else 0.5), 22, 5, _BAR)
    canvas.draw.rectangle((_EDGE, y + 38, SHEET[0] - _EDGE, y + 39), ink.LINE)
    return y + 50 + rows * 40


def _handwriting(canvas: Canvas, y: float, wide: float, seed: int) -> None:
    """Waves instead of words: nobody's hand."""
    points = [
        (_EDGE + x, y + ((x * 7 + seed * 13) % 23 - 11) * 0.9 + ((x // 30 + seed) % 3 - 1) * 4)
        for x in range(0, int(wide), 9)
    ]
    canvas.draw.line(points, "#5d6b7d", 3, "curve")


def _frame(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    canvas.draw.rounded_rectangle((x, y, x + width, y + height), 10, outline=ink.RED, width=4)


def _seal(canvas: Canvas, text: str, x: int, y: int) -> None:
    """A red round stamp that says what it would be; framed, because photos often lose it."""
    stamp = Image.new("L", (220, 220))
    pen = ImageDraw.Draw(stamp)
    pen.ellipse((6, 6, 213, 213), outline=255, width=7)
    pen.text((110, 92), text if text.endswith("公章") else text.removesuffix("章"), 255, ink.font(32), "mm")
    pen.text((110, 136), "（样）", 255, ink.font(30), "mm")
    stamp = stamp.rotate(12, Image.Resampling.BICUBIC).point(lambda value: value * 3 // 4)
    canvas.image.paste(ink.RED, (x - 110, y - 110), stamp)
    canvas.texts.append(text)


def _watermark(canvas: Canvas) -> None:
    mark = Image.new("L", (canvas.width, canvas.height))
    pen = ImageDraw.Draw(mark)
    for y in range(
        canvas.height // 4, canvas.height, canvas.height // 2 if canvas.height > 500 else canvas.height
    ):
        pen.text((canvas.width / 2, y + 60), "样图", 62, ink.font(150), "mm", stroke_width=3)
    canvas.image.paste(ink.RED, (0, 0), mark.rotate(24, Image.Resampling.BICUBIC))
    canvas.texts.append("样图")


OTHERS = {"id-card": id_card, "bank-card": bank_card, "heir-papers": heir_papers}


def sample_png(name: str) -> bytes:
    given = FORMS.get(name)

    def drawn() -> bytes:
        canvas = form(given) if given else OTHERS[name]()
        return files.photo_png(canvas.image, 24)

    return files.drawn_once(f"paper-{name}.png", given, drawn)


def picture(name: str) -> Image.Image:
    return Image.open(BytesIO(sample_png(name))).convert("RGB")
