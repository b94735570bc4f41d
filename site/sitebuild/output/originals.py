"""Terms and privacy files, byte for byte, beside their pages: their hash is the proof."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from mkdocs.exceptions import PluginError

from sitebuild.built import Built, Files


def originals(built: Built, content: Path) -> Files:
    catalogue = built.compiled.catalogue
    named = [(each.terms_path, each.terms_sha256) for each in catalogue.products]
    named += [(each.path, each.sha256) for each in catalogue.privacy]
    return {path: partial(_original, content, path, sha256) for path, sha256 in named}


def _original(content: Path, path: str, sha256: str) -> bytes:
    raw = (content / path).read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise PluginError(f"{path}: changed while the site was built; build again")
    return raw
