"""The check of a roster beside bare readers that only hand over the cells: CPU of a process each, and memory.

The bare reader of the budget is openpyxl in its streaming mode, which tells formulas from values and gives
addresses, as the check has to; calamine, which does neither, is shown beside it without a budget.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

from infra.paths import ROOT
from infra.people import demo_person
from tests.benchmarks.table import Row, count, ratio

SIZES = (1_000, 5_000, 50_000)
MOST = 2.0  # of the bare reader's CPU: half of its rows a second
KB_MOST = {1_000: 300_000, 5_000: 300_000, 50_000: 400_000}
START = f"import sys; sys.path[:0] = ['{ROOT}/functions', '{ROOT}']; import resource; file = sys.argv[1]\n"
END = "\nuse = resource.getrusage(resource.RUSAGE_SELF); print(use.ru_utime + use.ru_stime, use.ru_maxrss)"
SIDES = {
    "ours": (
        "from infra.roster_lines import line_of, terms_for\nfrom pathlib import Path\n"
        "assert line_of(Path(file), *terms_for('nef-accident', None))"
    ),
    "openpyxl": (
        "import openpyxl\nfor row in openpyxl.load_workbook(file, read_only=True).worksheets[0].rows:\n"
        "    [(cell.value, cell.data_type) for cell in row]"
    ),
    "calamine": (
        "import python_calamine\nlist(python_calamine.load_workbook(file).get_sheet_by_index(0).iter_rows())"
    ),
}


def rows(rounds: int) -> list[Row]:
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench-rosters-") as folder:
        for size in SIZES:
            file = _roster(Path(folder) / f"{size}.xlsx", size)
            took: dict[str, list[tuple[float, int]]] = {side: [] for side in SIDES}
            for _ in range(rounds):
                for side in SIDES:
                    took[side].append(_run(side, file))
            cpu = {side: statistics.median(seconds for seconds, _ in each) for side, each in took.items()}
            told = f"{size:,} people"
            found.append(ratio(f"{told}, beside openpyxl", cpu["ours"], cpu["openpyxl"], MOST, "s"))
            found.append(ratio(f"{told}, beside calamine", cpu["ours"], cpu["calamine"], None, "s"))
            peak = max(kilobytes for _, kilobytes in took["ours"])
            found.append(count(f"{told}, memory", peak, KB_MOST[size], "KB"))
    return found


def _run(side: str, file: Path) -> tuple[float, int]:
    """CPU seconds and peak KB of a process that reads the file and ends."""
    command = [sys.executable, "-c", START + SIDES[side] + END, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes)


def _roster(file: Path, size: int) -> Path:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ("序号", "姓名", "身份证号", "手机号", "职业", "平台"))
        for n in range(size):
            who = demo_person(n)
            sheet.write_row(n + 1, 0, (n + 1, who.name, who.id_number, who.mobile, "骑手", "同城配送"))
    return file
