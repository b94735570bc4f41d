"""`make check` notices a domain that no import contract holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.check import unheld

FLOORS = {"name": "Floors: one above the other", "layers": ["chalicelib.office | (chalicelib.notes)"]}
ROOMS = {"name": "Rooms: services use rules", "containers": ["chalicelib.notes"]}
ROWS = {"name": "Rows of notes are its own business", "protected_modules": ["chalicelib.notes.records"]}


@pytest.fixture
def domains(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name in ("__init__.py", "service.py", "records.py"):
        (folder / name).touch()
    return tmp_path


def test_a_domain_that_is_named_everywhere_is_held(domains: Path) -> None:
    assert unheld(domains, [FLOORS, ROOMS, ROWS]) == []


@pytest.mark.parametrize(
    ("contracts", "word"),
    [
        ([{**FLOORS, "layers": []}, ROOMS, ROWS], "`Floors`"),
        ([FLOORS, {**ROOMS, "containers": []}, ROWS], "`Rooms`"),
        ([FLOORS, ROOMS], "`Rows of notes"),
    ],
)
def test_what_is_missing_is_said(domains: Path, contracts: list[dict[str, Any]], word: str) -> None:
    (said,) = unheld(domains, contracts)
    assert said.startswith("chalicelib.notes")
    assert word in said
