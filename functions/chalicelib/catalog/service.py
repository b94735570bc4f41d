"""The compiled catalogue, read once a process."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.catalog.model import Catalogue
from chalicelib.platform.work import Work

_DATA = Path(__file__).with_name("data.json")


@cache
def _raw() -> bytes:
    return _DATA.read_bytes()


@cache
def catalogue() -> Catalogue:
    return msgspec.json.decode(_raw(), type=Catalogue)


def of(work: Work) -> Catalogue:
    """The catalogue this work obeys: the one it was given, else the compiled one."""
    given = work.catalogue
    return given if isinstance(given, Catalogue) else catalogue()


@cache
def sha256() -> str:
    """Of `data.json`'s bytes: two functions with the same value obey the same terms."""
    return hashlib.sha256(_raw()).hexdigest()
