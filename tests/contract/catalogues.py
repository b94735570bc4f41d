"""The house obeying another catalogue: a changed copy of the compiled data, as from a newer build."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib.catalog import service

Edit = Callable[[dict[str, Any]], None]


@contextmanager
def changed(edit: Edit, folder: Path) -> Iterator[None]:
    """`edit` gets the parsed `data.json`; inside the block every room reads the edited one."""
    real = service._DATA
    data = json.loads(real.read_text(encoding="utf-8"))
    edit(data)
    copy = folder / "data.json"
    copy.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    try:
        service._DATA = copy
        forget()
        yield
    finally:
        service._DATA = real
        forget()


def forget() -> None:
    for read_once in (service._raw, service.catalogue, service.sha256):
        read_once.cache_clear()
