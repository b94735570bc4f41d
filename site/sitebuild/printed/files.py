"""Pictures as files: small palette PNGs, PDFs of the same pixels; drawings are cached by their inputs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import img2pdf
import PIL
import pylopdf_fonts_zh_cn as fonts
from PIL import Image

from sitebuild.cache import made_once
from sitebuild.printed import ink

HERE = Path(__file__).resolve().parent
DRAWN = HERE.parents[2] / "build" / "press-kit"  # shared by every build of this tree
DRAWN_ENV = "PRESS_KIT_CACHE"


def png(image: Image.Image) -> bytes:
    """Text and flat colour: the house's palette, without dithering, keeps edges clean and bytes few."""
    written = BytesIO()
    small = image.quantize(palette=_house_palette(), dither=Image.Dither.NONE)
    small.save(written, "PNG", compress_level=8)  # 9 takes twice as long for 4 % less
    return written.getvalue()


@cache
def _house_palette() -> Image.Image:
    holder = Image.new("P", (1, 1))
    holder.putpalette([part for colour in ink.palette() for part in colour])
    return holder


def preview(picture: bytes, width: int) -> bytes:
    """A small PNG of a large one, for a page to show."""
    with Image.open(BytesIO(picture)) as whole:
        height = round(whole.height * width / whole.width)
        return png(whole.convert("RGB").resize((width, height), Image.Resampling.LANCZOS))


def pdf(picture: bytes, title: str, dpi: int) -> bytes:
    """One page that holds exactly the pixels of a PNG, at `dpi`."""
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    made: bytes = img2pdf.convert(picture, title=title, nodate=True, layout_fun=layout)
    return made


@cache
def _drawing_code() -> str:
    """Changes when anything does that decides how a picture comes out, besides its inputs."""
    texts = [each.read_bytes() for each in sorted(HERE.glob("*.py"))]
    versions = f"{PIL.__version__} {img2pdf.__version__} {fonts.__version__}".encode()
    return hashlib.sha256(b"\0".join([*texts, versions])).hexdigest()


def drawn_once(path: str, inputs: object, draw: Callable[[], bytes]) -> bytes:
    """The bytes `draw` returns, drawn once for these inputs. `repr(inputs)` must say all of them."""
    return made_once(cached(path, inputs), draw)


def cached(path: str, inputs: object) -> Path:
    folder = Path(os.environ.get(DRAWN_ENV) or DRAWN)
    digest = hashlib.sha256(f"{_drawing_code()}\0{path}\0{inputs!r}".encode()).hexdigest()
    return folder / f"{path.replace('/', '_')}-{digest[:40]}"
