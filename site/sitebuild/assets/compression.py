"""Compresses every text file once, beside itself (.br, .gz), so that the server never has to.

Results are cached by content hash under build/press: brotli at its best is slow, and most pages do not
change.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import brotli

from sitebuild.cache import made_once

TEXT = {".html", ".js", ".json", ".css", ".svg", ".md", ".txt", ".xml"}
SMALLEST_BYTES = 256  # below this the compressed file is no smaller than a packet anyway


def compress(site_dir: Path, cache_dir: Path) -> None:
    """Writes the compressed twins."""
    for file in sorted(site_dir.rglob("*")):
        if file.suffix not in TEXT or file.stat().st_size < SMALLEST_BYTES:
            continue
        raw = file.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        for suffix, compress in _METHODS.items():
            twin = made_once(cache_dir / f"{digest}{suffix}", partial(compress, raw))
            file.with_name(file.name + suffix).write_bytes(twin)


def _brotli(raw: bytes) -> bytes:
    return bytes(brotli.compress(raw, mode=brotli.MODE_TEXT, quality=11))


def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw, compresslevel=9, mtime=0)


_METHODS: dict[str, Callable[[bytes], bytes]] = {".br": _brotli, ".gz": _gzip}
