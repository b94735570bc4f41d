"""A copy of content/ to change freely, with the test products and campaigns of fixtures/ laid over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.catalog.model import Catalogue
from publishing import compiler, lock
from publishing.compiler import Compiled

CONTENT = Path("content").resolve()
FIXTURES = Path(__file__).with_name("fixtures")


def copy_content(target: Path) -> Path:
    shutil.copytree(CONTENT, target)
    shutil.copytree(FIXTURES, target, dirs_exist_ok=True)
    lock.publish(target, compiler.read_pages(target))
    return target


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return copy_content(tmp_path / "content")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return compiler.compile_content(copy_content(tmp_path_factory.mktemp("catalogue") / "content"))


@pytest.fixture(scope="session")
def catalogue(compiled: Compiled) -> Catalogue:
    return compiled.catalogue


@pytest.fixture
def edit(content: Path) -> Callable[[str, str, str], Path]:
    """edit(path, old, new): change one place of the copy, and publish again when it is a locked text."""

    def change(path: str, old: str, new: str) -> Path:
        file = content / path
        text = file.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1), "utf-8")
        return content

    return change
