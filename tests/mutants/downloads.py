"""The guards of tables to download, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.mutants.table import Mutant

_CELLS = "functions/chalicelib/platform/spreadsheets.py"
_P09 = "tests/promises/test_p09_cells.py::test"
_P32 = "tests/promises/test_p32_exports.py::test"

MUTANTS = (
    Mutant(
        "P09",
        "a cell that begins a formula begins with an apostrophe instead",
        _CELLS,
        """return "'" + text""",
        "return text",
        f"{_P09}_a_cell_of_a_csv_never_begins_a_formula",
    ),
    Mutant(
        "P09",
        "full-width forms begin formulas too",
        _CELLS,
        'unicodedata.normalize("NFKC", first)[:1]',
        "first",
        f"{_P09}_a_cell_of_a_csv_never_begins_a_formula",
    ),
    Mutant(
        "P09",
        "a formula behind spaces or invisible characters is one",
        _CELLS,
        'return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}',
        "return False",
        f"{_P09}_a_cell_of_a_csv_never_begins_a_formula",
    ),
    Mutant(
        "P09",
        "tabs and line ends at the beginning count",
        _CELLS,
        "if text[:1] in _STARTS or unicodedata",
        "if unicodedata",
        f"{_P09}_a_cell_of_a_csv_never_begins_a_formula",
    ),
    Mutant(
        "P09",
        "every cell is quoted, so no separator begins one",
        _CELLS,
        """return '"' + harmless(cell).replace('"', '""') + '"'""",
        "return harmless(cell)",
        f"{_P09}_no_separator_inside_a_cell_begins_another",
    ),
    Mutant(
        "P09",
        "a quote inside a cell does not end it",
        _CELLS,
        """.replace('"', '""')""",
        "",
        f"{_P09}_no_separator_inside_a_cell_begins_another",
    ),
    Mutant(
        "P09",
        "a cell of an xlsx is written as a string, whatever it looks like",
        _CELLS,
        "page.write_string(r, c, cell,",
        "page.write_formula(r, c, cell,",
        f"{_P09}_every_cell_of_an_xlsx_is_a_string",
    ),
    Mutant(
        "P09",
        "a cell longer than Excel keeps is refused, not dropped",
        _CELLS,
        "if len(cell) > _CELL_MOST:",
        "if False:",
        f"{_P09}_a_cell_too_long_is_refused_not_lost",
    ),
    Mutant(
        "P32",
        "no moment of making is written into a file",
        _CELLS,
        '        book.set_properties({"created": _NEVER.replace(tzinfo=None)})\n',
        "",
        f"{_P32}_nobody_and_no_moment_is_named",
    ),
    Mutant(
        "P32",
        "one sheet and no other",
        _CELLS,
        "page: Any = book.add_worksheet(sheet)",
        'page: Any = book.add_worksheet(sheet)\n        book.add_worksheet("2").hide()',
        f"{_P32}_a_file_has_only_the_parts_of_one_sheet",
    ),
)
