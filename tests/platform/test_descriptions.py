"""botocore's descriptions read quickly are the descriptions botocore reads."""

from __future__ import annotations

from pathlib import Path

import botocore
import pytest
from botocore.loaders import JSONFileLoader

from chalicelib.platform import aws
from chalicelib.platform.descriptions import QuickFiles
from infra.vendor import SERVICES

DATA = Path(botocore.__file__).parent / "data"
FILES = [
    str(file).removesuffix(".gz").removesuffix(".json")
    for place in (DATA, *(DATA / service for service in SERVICES))
    for file in sorted(place.glob("*.json*" if place == DATA else "*/*.json*"))
]


def test_there_is_something_to_compare() -> None:
    assert len(FILES) > 20
    assert {name.rpartition("/")[2] for name in FILES} >= {"endpoints", "partitions", "service-2"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(Path(path).relative_to(DATA)))
def test_a_description_has_the_same_content_in_the_same_order(path: str) -> None:
    quick, theirs = QuickFiles(), JSONFileLoader()
    assert quick.exists(path)
    assert in_order(quick.load_file(path)) == in_order(theirs.load_file(path))


def in_order(value: object) -> object:
    """Dictionaries as lists of pairs: equal only when their order is."""
    if isinstance(value, dict):
        return [(name, in_order(each)) for name, each in value.items()]
    return [in_order(each) for each in value] if isinstance(value, list) else value


def test_a_missing_file_is_none_so_that_botocore_looks_elsewhere(tmp_path: Path) -> None:
    assert not QuickFiles().exists(str(tmp_path / "nothing"))
    assert QuickFiles().load_file(str(tmp_path / "nothing")) is None


def test_the_shared_session_reads_quickly() -> None:
    aws.forget_clients()
    assert isinstance(aws.session().get_component("data_loader").file_loader, QuickFiles)
    aws.forget_clients()
