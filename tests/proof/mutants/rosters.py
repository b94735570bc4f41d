"""Guards of what a clerk's file may do to us, and of what it says about people."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_ROSTERS = "functions/chalicelib/groups/rosters"
_REFUSALS = "tests/groups/rosters/test_refusals.py::test_p10"
_PROBLEMS = "tests/groups/rosters/test_problems.py::test"
_READING = "tests/groups/rosters/test_reading.py::test"

MUTANTS = (
    Mutant(
        "P10",
        "unpacking stops at its limit",
        f"{_ROSTERS}/workbook.py",
        "if self._unpacked > MAX_UNPACKED_BYTES:",
        "if False:",
        f"{_REFUSALS}_a_bomb_is_stopped_while_it_unpacks",
    ),
    Mutant(
        "P10",
        "a document type is refused",
        f"{_ROSTERS}/workbook.py",
        "        parser.StartDoctypeDeclHandler = _refuse_doctype\n",
        "",
        f"{_REFUSALS}_entities_are_refused_and_nothing_outside_is_read",
    ),
    Mutant(
        "P10",
        "cells are counted",
        f"{_ROSTERS}/workbook.py",
        "if self._cells + reader.cells > MAX_CELLS:",
        "if False:",
        f"{_REFUSALS}_the_limits_of_people_cells_and_bytes",
    ),
    Mutant(
        "P10",
        "people are counted over all sheets",
        f"{_ROSTERS}/people.py",
        "if len(self.found.people) >= self._room:",
        "if False:",
        f"{_REFUSALS}_the_limits_of_people_cells_and_bytes",
    ),
    Mutant(
        "P10",
        "what breaks in a part is damage, not a crash",
        f"{_ROSTERS}/workbook.py",
        "except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError):",
        "except expat.ExpatError:",
        f"{_REFUSALS}_any_damage_is_a_refusal_or_a_report",
    ),
    Mutant(
        "P09",
        "a formula is not taken for what it shows",
        f"{_ROSTERS}/parts.py",
        "            kind = Kind.FORMULA\n",
        "            pass\n",
        f"{_PROBLEMS}_each_mistake_has_its_rule_and_its_cell",
    ),
    Mutant(
        "P11",
        "a number that lost digits is not guessed",
        f"{_ROSTERS}/rules.py",
        "if whole is None and (cell.kind is Kind.NUMBER or is_scientific(text)):",
        "if whole is None and is_scientific(text):",
        f"{_PROBLEMS}_each_mistake_has_its_rule_and_its_cell",
    ),
    Mutant(
        "P11",
        "one number of two names is nobody's",
        f"{_ROSTERS}/repeats.py",
        "if len({name for _, name in rows if name}) > 1:",
        "if False:",
        f"{_PROBLEMS}_one_number_of_two_names_is_bad_everywhere_and_names_the_others",
    ),
    Mutant(
        "P27",
        "what is shown of a cell has no whole number",
        f"{_ROSTERS}/typed.py",
        "    plain = without_numbers(cleaned(text))\n",
        "    plain = cleaned(text)\n",
        f"{_PROBLEMS}_nothing_that_is_said_holds_a_whole_number_or_name",
    ),
    Mutant(
        "P10",
        "a stray quote swallows nobody",
        f"{_ROSTERS}/delimited.py",
        "if quoted and _swallows(text, separator):",
        "if False:",
        f"{_READING}_a_stray_quote_swallows_nobody",
    ),
)
