"""A newer version of the accident terms in a copy of content/, and functions that read its data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from chalicelib.catalog import service
from publishing import compiler, lock

TERMS = "products/nef-accident/terms-2026-2.md"
VERSION = "2026-9"


def add_newer_terms(content: Path) -> None:
    """Instead of the newest: a fee of 31.50 yuan and ages from 18, in force since February; published."""
    text = (content / TERMS).read_text("utf-8")
    for old, new in (
        ("version: 2026-2", f"version: {VERSION}"),
        ("valid_from: 2026-11-27", "valid_from: 2026-02-01"),
        ("fee_fen: 2500", "fee_fen: 3150"),
        ("ages: {first: 16, last: 60}", "ages: {first: 18, last: 60}"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (content / TERMS).write_text(text, "utf-8")
    (content / TERMS).rename(content / f"products/nef-accident/terms-{VERSION}.md")
    for page in content.rglob("*.md"):
        page.write_text(page.read_text("utf-8").replace("terms-2026-2.md", f"terms-{VERSION}.md"), "utf-8")
    kept = [line for line in (content / lock.NAME).read_text().splitlines(True) if TERMS not in line]
    (content / lock.NAME).write_text("".join(kept))
    lock.publish(content, compiler.read_pages(content))


def newer_data(folder: Path) -> Path:
    """What a copy of content/ with them compiles to; the version they replace, once agreed to, stands."""
    content, data = folder / "content", folder / "data.json"
    shutil.copytree("content", content)
    add_newer_terms(content)
    made = json.loads(compiler.data_json(compiler.compile_content(content).catalogue))
    (replaced,) = (each for each in json.loads(service._raw())["products"] if each["terms_path"] == TERMS)
    newer = next(n for n, each in enumerate(made["products"]) if each["version"] == VERSION)
    made["products"].insert(newer, replaced)
    data.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    return data


def read_from(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions read `data` until the test ends, when `forget` must be called again."""
    monkeypatch.setattr(service, "_DATA", data)
    forget()


def forget() -> None:
    for cached in (service._raw, service.catalogue, service.sha256):
        cached.cache_clear()
