"""One good photo of a paper and the four usual bad ones, made from a sample paper on a dark table."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sitebuild.printed import files
from sitebuild.printed.papers import picture

SIZE = (480, 600)
_TABLE = "#4a3f36"
_PAPER = "diagnosis"

Corners = tuple[tuple[float, float], ...]  # of the paper on the photo: top left, then clockwise


def _laid(corners: Corners) -> Image.Image:
    paper = picture(_PAPER)
    table = Image.new("RGB", SIZE, _TABLE)
    width, height = paper.size
    back = _coefficients(corners, ((0, 0), (width, 0), (width, height), (0, height)))
    laid = paper.transform(SIZE, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).polygon([(round(x), round(y)) for x, y in corners], 255)
    table.paste(laid, (0, 0), mask)
    return table


def _coefficients(to: Corners, source: Corners) -> list[float]:
    """The eight numbers of a perspective that reads `source` where `to` is: Gauss on eight equations."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for n in range(8):
        best = max(range(n, 8), key=lambda r: abs(rows[r][n]))
        rows[n], rows[best] = rows[best], rows[n]
        rows[n] = [each / rows[n][n] for each in rows[n]]
        for r in range(8):
            if r != n:
                rows[r] = [a - rows[r][n] * b for a, b in zip(rows[r], rows[n], strict=True)]
    return [row[8] for row in rows]


_FLAT: Corners = ((46, 40), (434, 40), (434, 560), (46, 560))


def good() -> Image.Image:
    return _laid(_FLAT)


def glare() -> Image.Image:
    light = Image.new("L", SIZE)
    ImageDraw.Draw(light).ellipse((110, 130, 400, 420), 255)
    light = light.filter(ImageFilter.GaussianBlur(36))
    return ImageChops.add(_laid(_FLAT), Image.merge("RGB", (light,) * 3))


def cut() -> Image.Image:
    return _laid(((-70, -60), (392, -30), (372, 560), (-90, 560)))


def blurred() -> Image.Image:
    return _laid(_FLAT).filter(ImageFilter.GaussianBlur(5))


def slanted() -> Image.Image:
    shade = Image.linear_gradient("L").resize(SIZE).point(lambda value: 255 - value // 2)
    laid = _laid(((150, 120), (350, 96), (470, 570), (14, 500)))
    return ImageChops.multiply(laid, Image.merge("RGB", (shade,) * 3))


PHOTOS: dict[str, Callable[[], Image.Image]] = {
    "photo-good": good,
    "photo-glare": glare,
    "photo-cut": cut,
    "photo-blurred": blurred,
    "photo-slanted": slanted,
}


def photo_png(name: str) -> bytes:
    return files.drawn_once(f"{name}.png", (), lambda: files.photo_png(PHOTOS[name](), 20))
