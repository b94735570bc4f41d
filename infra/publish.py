"""Upload the built site. A page is stored under every address it answers, so nothing runs at the edge."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from infra.headers import cache_control

# Named here, because what a machine's own table says of them differs from machine to machine.
_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "png": "image/png",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "webmanifest": "application/manifest+json",
}
COMPRESSED = (".br", ".gz")  # the CDN compresses by itself


def publish(session: Any, site: Path, bucket: str) -> int:
    """Upload what differs, assets before the pages that name them; returns the number of objects written.

    Nothing is deleted: a page opened before the release still finds its scripts.
    """
    store = session.client("s3")
    present = _present(store, bucket)
    files = [p for p in site.rglob("*") if p.is_file() and p.suffix not in COMPRESSED]
    written = 0
    for path in sorted(files, key=lambda p: (p.suffix == ".html", p)):
        body = path.read_bytes()
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        for key in keys(path.relative_to(site).as_posix()):
            if present.get(key) == digest:
                continue
            store.put_object(
                Bucket=bucket,
                Key=key,
                Body=body,
                ContentType=content_type(path.name),
                CacheControl=cache_control(f"/{key}"),
            )
            written += 1
    return written


def keys(relative: str) -> list[str]:
    """`a/index.html` also answers as `a/`."""
    folder, slash, name = relative.rpartition("/")
    return [relative, folder + slash] if name == "index.html" and slash else [relative]


def content_type(name: str) -> str:
    suffix = name.rpartition(".")[2]
    if suffix in _TYPES:
        return _TYPES[suffix]
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = guessed.startswith("text/") or guessed in ("application/json", "image/svg+xml")
    return f"{guessed}; charset=utf-8" if is_text else guessed


def _present(store: Any, bucket: str) -> dict[str, str]:
    """Key -> MD5 of what lies there (the ETag of an object stored whole and under SSE-S3)."""
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each["ETag"].strip('"') for page in pages for each in page.get("Contents", [])}
