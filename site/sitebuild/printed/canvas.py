"""A sheet to draw on: it remembers every text and code it shows, and refuses what does not fit.

Nothing is painted before the whole sheet fits: which size of type does is found by trying.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, partial

from PIL import Image, ImageDraw

from sitebuild.printed import ink
from sitebuild.printed.line_breaks import DoesNotFit, balanced, broken

_SMOOTH = 4  # shapes are drawn this much larger and reduced, so that round edges are round
_RULER = ImageDraw.Draw(Image.new("RGB", (1, 1)))


class Canvas:
    """`margin`: no text comes nearer to the edge."""

    def __init__(self, width: int, height: int, *, margin: int = 0, background: str = ink.PAPER) -> None:
        self.width, self.height, self.margin, self.background = width, height, margin, background
        self.texts: list[str] = []
        self.codes: list[str] = []
        self._inked: list[tuple[str, tuple[float, float, float, float]]] = []
        self._strokes: list[Callable[[Image.Image, ImageDraw.ImageDraw], None]] = []

    @cached_property
    def image(self) -> Image.Image:
        """Everything, painted in the order it was asked for."""
        image = Image.new("RGB", (self.width, self.height), self.background)
        pen = ImageDraw.Draw(image)
        for stroke in self._strokes:
            stroke(image, pen)
        return image

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """The last row and column are painted too."""
        self._strokes.append(lambda _, pen: pen.rectangle((left, top, right, bottom), colour))

    def line(self, points: tuple[float, ...], colour: str, width: int) -> None:
        self._strokes.append(lambda _, pen: pen.line(points, colour, width))

    def polygon(self, points: tuple[tuple[float, float], ...], colour: str) -> None:
        self._strokes.append(lambda _, pen: pen.polygon(points, colour))

    def stamp(self, mask: Image.Image, x: int, y: int, colour: str) -> None:
        self._strokes.append(lambda image, _: image.paste(colour, (x, y), mask))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: str = ink.INK,
        *,
        bold: bool = False,
        anchor: str = "ls",
    ) -> float:
        """One line; `y` is its baseline. Returns its width."""
        face, stroke = ink.font(size), ink.bold(size) if bold else 0
        left, top, right, bottom = _RULER.textbbox((x, y), text, face, anchor, stroke_width=stroke)
        edge = self.margin
        if left < edge - size * 0.1 or top < 0 or right > self.width - edge + 1 or bottom > self.height:
            raise DoesNotFit(f"`{text}` leaves the sheet")
        for other, (a, b, c, d) in self._inked:
            if left < c and a < right and top < d and b < bottom:
                raise DoesNotFit(f"`{text}` would be printed over `{other}`")
        self._inked.append((text, (left, top, right, bottom)))
        self._strokes.append(
            lambda _, pen: pen.text(
                (x, y), text, colour, face, anchor, stroke_width=stroke, stroke_fill=colour
            )
        )
        self.texts.append(text)
        return ink.width(size, text)

    def lines_of(self, text: str, width: float, size: int, *, heading: bool = False) -> list[str]:
        """As `paragraph` breaks them. A last line of a character or two is avoided where it can be."""
        measure = partial(ink.width, size)
        lines = (balanced if heading else broken)(text, width, measure)
        if len(lines) > 1 and len(lines[-1]) <= 3 and width > size * 10:
            tighter = broken(text, width - size * 2.5, measure)
            return tighter if len(tighter) == len(lines) else lines
        return lines

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: int,
        colour: str = ink.INK,
        *,
        bold: bool = False,
        leading: float = 1.5,
        most_lines: int = 99,
        heading: bool = False,
        middle: bool = False,
    ) -> float:
        """Lines below each other from the top `y`. Returns where the next thing may begin."""
        lines = self.lines_of(text, width, size, heading=heading)
        if len(lines) > most_lines:
            raise DoesNotFit(f"`{text}` takes {len(lines)} lines, not {most_lines}")
        for line in lines:
            at, anchor = (x + width / 2, "ms") if middle else (x, "ls")
            self.text(at, y + size * (leading / 2 + 0.37), line, size, colour, bold=bold, anchor=anchor)
            y += size * leading
        self.texts.append(text)  # whole, as one reads it
        return y

    def rounded(self, x: float, y: float, width: float, height: float, radius: int, colour: str) -> None:
        left, top, right, bottom = round(x), round(y), round(x + width), round(y + height)
        if right > self.width or bottom > self.height:
            raise DoesNotFit("a box leaves the sheet")
        radius = min(radius, (right - left) // 2, (bottom - top) // 2)
        if right - left > 2 * radius:
            self.rectangle(left + radius, top, right - radius - 1, bottom - 1, colour)
        if bottom - top > 2 * radius:
            self.rectangle(left, top + radius, right - 1, bottom - radius - 1, colour)
        for cx in (left + radius, right - radius):
            for cy in (top + radius, bottom - radius):
                self.disc(cx, cy, radius, colour)

    def disc(self, cx: int, cy: int, radius: int, colour: str) -> None:
        if radius:
            self.stamp(_disc(radius), cx - radius, cy - radius, colour)

    def stencil(self, large: Image.Image, x: int, y: int, colour: str) -> None:
        """Colour through a mask drawn `_SMOOTH` times too large."""
        self.stamp(_reduced(large), x, y, colour)

    def mark(self, x: int, y: int, size: int, colour: str, heart: str) -> None:
        """The site's mark: a disc with a heart (macros.html, on a 24 px grid)."""
        self.disc(x + size // 2, y + size // 2, size // 2, colour)
        large = Image.new("L", (size * _SMOOTH,) * 2)
        pen, unit = ImageDraw.Draw(large), size * _SMOOTH / 24
        for cx in (9.6, 14.4):
            pen.ellipse([each * unit for each in (cx - 3, 7.7, cx + 3, 13.7)], 255)
        pen.polygon(
            [(a * unit, b * unit) for a, b in ((7.2, 12.5), (12, 8.9), (16.8, 12.5), (12, 17.2))], 255
        )
        self.stencil(large, x, y, heart)

    def no_sign(self, x: int, y: int, size: int, colour: str) -> None:
        """A crossed circle, for what is not covered."""
        large = Image.new("L", (size * _SMOOTH,) * 2)
        pen, whole, width = ImageDraw.Draw(large), size * _SMOOTH - 1, max(2, size * _SMOOTH // 11)
        pen.ellipse((0, 0, whole, whole), outline=255, width=width)
        near = whole * 0.16
        pen.line((near, near, whole - near, whole - near), 255, width)
        self.stencil(large, x, y, colour)

    def tick(self, x: int, y: int, size: int, colour: str) -> None:
        """A tick in a circle, for what is covered."""
        large = Image.new("L", (size * _SMOOTH,) * 2)
        pen, unit, width = ImageDraw.Draw(large), size * _SMOOTH / 24, max(2, size * _SMOOTH // 11)
        pen.ellipse((0, 0, large.width - 1, large.height - 1), outline=255, width=width)
        pen.line([(a * unit, b * unit) for a, b in ((7, 12.4), (10.6, 16), (17, 8.6))], 255, width, "curve")
        self.stencil(large, x, y, colour)


@cache
def _disc(radius: int) -> Image.Image:
    large = Image.new("L", (radius * 2 * _SMOOTH,) * 2)
    ImageDraw.Draw(large).ellipse((0, 0, large.width - 1, large.height - 1), 255)
    return _reduced(large)


def _reduced(large: Image.Image) -> Image.Image:
    return large.resize((large.width // _SMOOTH, large.height // _SMOOTH), Image.Resampling.BOX)
