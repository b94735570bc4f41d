"""What a board's template is given: its standings as bars on the scale of their targets."""

from __future__ import annotations

from publishing.boards import Board
from sitebuild.figures.bars import Bar, bars


def standing_bars(board: Board) -> tuple[Bar, ...]:
    """In ranking order, each as a percent of its own target, with the target as the mark."""
    rows = [(each.place, f"{each.percent}%", each.percent) for each in board.ranked]
    return bars(rows, [100] * len(rows))
