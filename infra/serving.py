"""Which file of the built site answers a request, and with what headers. Pure: paths in, paths out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from infra.headers import cache_control
from infra.publish import content_type

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # best first


@dataclass(frozen=True)
class Found:
    """`file` is what to send, already compressed when `encoding` says so."""

    file: Path
    status: int
    content_type: str
    cache_control: str
    encoding: str = ""
    redirect: str = ""


def find(site: Path, url_path: str, accept_encoding: str = "") -> Found:
    """The file for a URL path, quoted as sent; the site's own 404 page for all that is no file in `site`."""
    path = _inside(site, unquote(url_path))
    if path is not None and path.is_dir():
        if not url_path.endswith("/"):
            return Found(path, 308, "", cache_control(url_path), redirect=f"{url_path}/")
        path = path / "index.html"
    if path is None or not path.is_file() or path.suffix in (".br", ".gz"):
        return _with_encoding(site / "404.html", 404, "no-cache", accept_encoding)
    return _with_encoding(path, 200, cache_control(url_path), accept_encoding)


def _inside(site: Path, url_path: str) -> Path | None:
    """The path below `site`, or None for one that leads out of it or that no file can have."""
    if "\0" in url_path:
        return None
    path = (site / url_path.lstrip("/")).resolve()
    try:
        path.stat()  # Path.is_file lets this error through where a name is too long
    except OSError:
        return None
    return path if path.is_relative_to(site.resolve()) else None


def _with_encoding(path: Path, status: int, keep: str, accept_encoding: str) -> Found:
    kind = content_type(path.name)
    accepted = {part.split(";")[0].strip() for part in accept_encoding.lower().split(",")}
    for name, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if name in accepted and packed.is_file():
            return Found(packed, status, kind, keep, encoding=name)
    return Found(path, status, kind, keep)
