"""Compresses every text file once, beside itself (.br, .gz), so that the server never has to.

Results are kept by content hash under build/press: brotli at its best is slow, and most pages do not change.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import brotli

TEXT = {".html", ".js", ".json", ".css", ".svg", ".md", ".txt", ".xml"}
SMALLEST_BYTES = 256  # below this the compressed file is no smaller than a packet anyway


def press(site_dir: Path, cache_dir: Path) -> int:
    """Writes the compressed twins; returns how many had to be made anew."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    made = 0
    for file in sorted(site_dir.rglob("*")):
        if file.suffix not in TEXT or file.stat().st_size < SMALLEST_BYTES:
            continue
        raw = file.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        for suffix, compress in _METHODS.items():
            kept = cache_dir / f"{digest}{suffix}"
            if not kept.exists():
                kept.write_bytes(compress(raw))
                made += 1
            file.with_name(file.name + suffix).write_bytes(kept.read_bytes())
    return made


def _brotli(raw: bytes) -> bytes:
    return bytes(brotli.compress(raw, mode=brotli.MODE_TEXT, quality=11))


def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw, compresslevel=9, mtime=0)


_METHODS: dict[str, Callable[[bytes], bytes]] = {".br": _brotli, ".gz": _gzip}
