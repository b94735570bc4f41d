"""The table of removed guards keeps up with the code: `make mutants` takes too long to tell each time."""

from __future__ import annotations

import pytest

from infra.paths import ROOT
from tests.proof.mutants.__main__ import MUTANTS
from tests.proof.mutants.table import Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: f"{each.promise}: {each.what}")
def test_every_guard_stands_where_the_table_says_and_its_test_exists(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.guard) == 1
    assert mutant.guard != mutant.instead
    file, _, name = mutant.test.partition("::")
    tests = (ROOT / file).read_text("utf-8")
    function = name.partition("[")[0]
    assert not function or f"def {function}(" in tests, mutant.test
