"""Rosters: what a clerk's spreadsheet says, read without a store, in bounded memory and time.

`check` is the one function: the worker, the command and the page behind them use it. Bytes go through
`container` (what kind of file), `workbook` or `delimited` (sheets of rows), `header` (which column is
which), `people` (which rows are people) and `rules` (what is wrong with each).

Own readers of .xlsx and .csv, docs/decisions/0018: no library tells formulas, hidden rows and cell addresses
apart and stays within the limits on hostile files.
"""

from chalicelib.groups.rosters.checking import check
from chalicelib.groups.rosters.model import Report, RosterRefused

__all__ = ["Report", "RosterRefused", "check"]
