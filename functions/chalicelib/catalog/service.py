"""The compiled catalogue, read once a process."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.catalog.model import Catalogue

_DATA = Path(__file__).with_name("data.json")


@cache
def _raw() -> bytes:
    return _DATA.read_bytes()


@cache
def catalogue() -> Catalogue:
    return msgspec.json.decode(_raw(), type=Catalogue)


@cache
def sha256() -> str:
    """Of `data.json`'s bytes: two functions with the same value obey the same terms."""
    return hashlib.sha256(_raw()).hexdigest()
