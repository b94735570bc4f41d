"""Compresses every text file once, beside itself (.br, .gz), so that the server never has to.

Results are cached by content hash under build/press: brotli at its best is slow, and most pages do not
change.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import brotli

from sitebuild.cache import made_once

TEXT = {".html", ".js", ".json", ".css", ".svg", ".md", ".txt", ".xml"}
SMALLEST_BYTES = 256  # below this the compressed file is no smaller than a packet anyway
# 11 is best and takes 30 times as long as 5, which is 10 % larger: enough for this machine's own pages.
QUALITY_ENV, BEST = "BROTLI_QUALITY", "11"


def compress(site_dir: Path, cache_dir: Path) -> None:
    """Writes the compressed twins."""
    quality = int(os.environ.get(QUALITY_ENV, BEST))
    texts = [
        file
        for file in sorted(site_dir.rglob("*"))
        if file.suffix in TEXT and file.stat().st_size >= SMALLEST_BYTES
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # both compressors work outside the interpreter's lock
        list(pool.map(partial(_twins, cache_dir, quality), texts))


def _twins(cache_dir: Path, quality: int, file: Path) -> None:
    raw = file.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    for name, suffix, method in ((f"-{quality}.br", ".br", partial(_brotli, quality)), (".gz", ".gz", _gzip)):
        twin = made_once(cache_dir / f"{digest}{name}", partial(method, raw))
        file.with_name(file.name + suffix).write_bytes(twin)


def _brotli(quality: int, raw: bytes) -> bytes:
    return bytes(brotli.compress(raw, mode=brotli.MODE_TEXT, quality=quality))


def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw, compresslevel=9, mtime=0)
