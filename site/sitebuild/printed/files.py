"""Pictures as files: small palette PNGs, PDFs of the same pixels; drawings are kept by their inputs."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import PIL
import pylopdf_fonts_zh_cn as fonts
from PIL import Image

from sitebuild.kept import kept
from sitebuild.printed import ink

HERE = Path(__file__).resolve().parent
KEPT = HERE.parents[2] / "build" / "press-kit"  # shared by every build of this tree
KEPT_ENV = "PRESS_KIT_CACHE"


def png(image: Image.Image) -> bytes:
    """Text and flat colour: the house's palette, without dithering, keeps edges clean and bytes few."""
    return _saved(image.quantize(palette=_house_palette(), dither=Image.Dither.NONE))


@cache
def _house_palette() -> Image.Image:
    holder = Image.new("P", (1, 1))
    holder.putpalette([part for colour in ink.palette() for part in colour])
    return holder


def _saved(small: Image.Image) -> bytes:
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def photo_png(image: Image.Image, colours: int = 32) -> bytes:
    """A picture with shades: a palette of its own, moved to the colours that are really there."""
    return _saved(image.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE))


def preview(picture: bytes, width: int) -> bytes:
    """A small PNG of a large one, for a page to show."""
    with Image.open(BytesIO(picture)) as whole:
        height = round(whole.height * width / whole.width)
        return png(whole.convert("RGB").resize((width, height), Image.Resampling.LANCZOS))


def size_of(picture: bytes) -> tuple[int, int]:
    """(width, height) of a PNG, from its header."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def pdf(picture: bytes, title: str, dpi: int) -> bytes:
    """One page that holds exactly the pixels of a palette PNG, at `dpi`: PDF knows PNG's own compression."""
    chunks = _chunks(picture)
    width, height, bits, kind = struct.unpack(">IIBB", chunks["IHDR"][:10])
    if kind != 3:
        raise ValueError("not a palette PNG")
    wide, high = (f"{pixels * 72 / dpi:.2f}" for pixels in (width, height))
    palette = chunks["PLTE"]
    colours = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    rows = f"<</Predictor 15 /Colors 1 /BitsPerComponent {bits} /Columns {width}>>"
    paint = f"q {wide} 0 0 {high} 0 0 cm /P Do Q".encode()
    name = ("\ufeff" + title).encode("utf-16-be").hex()
    return _joined(
        b"<</Type/Catalog /Pages 2 0 R /Lang(zh-CN) /ViewerPreferences<</DisplayDocTitle true>>>>",
        b"<</Type/Pages /Kids[3 0 R] /Count 1>>",
        f"<</Type/Page /Parent 2 0 R /MediaBox[0 0 {wide} {high}] /Contents 4 0 R"
        f" /Resources<</XObject<</P 5 0 R>>>>>>".encode(),
        _stream("", paint),
        _stream(
            f"/Type/XObject /Subtype/Image /Width {width} /Height {height} /ColorSpace {colours}"
            f" /BitsPerComponent {bits} /Filter/FlateDecode /DecodeParms {rows}",
            chunks["IDAT"],
        ),
        f"<</Title <{name}>>>".encode(),
    )


def _chunks(picture: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name = picture[at + 4 : at + 8].decode()
        found[name] = found.get(name, b"") + picture[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _stream(entries: str, body: bytes) -> bytes:
    return f"<<{entries} /Length {len(body)}>>\nstream\n".encode() + body + b"\nendstream"


def _joined(*objects: bytes) -> bytes:
    made = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for n, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % n + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer <</Size %d /Root 1 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail % (size, len(objects), len(made))


@cache
def _drawing_code() -> str:
    """Changes when anything does that decides how a picture comes out, besides its inputs."""
    texts = [each.read_bytes() for each in sorted(HERE.glob("*.py"))]
    versions = f"{PIL.__version__} {fonts.__version__} {zlib.ZLIB_RUNTIME_VERSION}".encode()
    return hashlib.sha256(b"\0".join([*texts, versions])).hexdigest()


def drawn_once(name: str, inputs: object, draw: Callable[[], bytes]) -> bytes:
    """The bytes `draw` returns, drawn once for these inputs. `repr(inputs)` must say all of them."""
    folder = Path(os.environ.get(KEPT_ENV) or KEPT)
    digest = hashlib.sha256(f"{_drawing_code()}\0{name}\0{inputs!r}".encode()).hexdigest()
    return kept(folder / f"{name}-{digest[:40]}", draw)
