"""Drawing beside the build: what is not drawn yet, in processes of their own, while pages are rendered."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor

from sitebuild.printed.press_kit import Sheet


class Drawing:
    """Begins at once. A sheet that cannot be drawn says so in `wait`."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        missing = [sheet for sheet in sheets if not sheet.is_drawn()]
        self._pool = ProcessPoolExecutor(min(os.cpu_count() or 1, len(missing))) if missing else None
        self._drawn: list[Future[None]] = [self._pool.submit(draw, each) for each in missing if self._pool]

    def wait(self) -> None:
        for each in self._drawn:
            each.result()
        self.stop()

    def stop(self) -> None:
        """What has not begun stays undrawn."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def draw(sheet: Sheet) -> None:
    for make in sheet.files().values():
        make()
