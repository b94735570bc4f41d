"""The QR on printed matter: whole pixels to a module, four modules of white around."""

from __future__ import annotations

import segno
from PIL import Image

from sitebuild.printed import ink
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.line_breaks import DoesNotFit

QUIET = 4  # modules


def place_code(canvas: Canvas, url: str, x: int, y: int, size: int, *, least: int) -> int:
    """Draws `url` on white, at most `size` pixels square; the code itself is at least `least` wide.

    Returns the pixels it takes with its white border.
    """
    rows = [list(row) for row in segno.make_qr(url, error="m", boost_error=False).matrix]
    across = len(rows) + 2 * QUIET
    scale = size // across
    if scale * len(rows) < least:
        raise DoesNotFit(f"a code of {scale * len(rows)} pixels for {url}; it needs {least}")
    modules = Image.new("L", (across, across), 255)
    for r, row in enumerate(rows):
        for c, dark in enumerate(row):
            if dark:
                modules.putpixel((c + QUIET, r + QUIET), 0)
    taken = scale * across
    modules = modules.resize((taken, taken), Image.Resampling.NEAREST)
    canvas.rounded(x, y, taken, taken, scale * 2, ink.CARD)
    canvas.stamp(modules.point(lambda value: 255 - value), x, y, ink.INK)
    canvas.codes.append(url)
    return taken
