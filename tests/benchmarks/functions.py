"""How fast a function starts and answers, ours beside the bare app, in turns.

Start      `import app` with the store's client made, in a fresh isolated process, from the unpacked package.
           The line has the same packages and bytecode, and makes its client at import as well.
First join the same process then answers a first join. The line does "the same with stub layers": it reads the
           same rows, asks KMS for the same keys and commits the same items through the same packages, but
           admits, checks, decides and seals nothing.
Warm       one process, call by call in turns, the store's answers from a tape inside it: the line does the
           same store calls for the same route. A route without store calls is the layers alone: told, not
           judged. The QR code of a cover is what its route is for, so the line draws it with the same
           function; it is most of that route on both sides.
CPU time, not wall time: it leaves out what the machine did meanwhile for others.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from infra.package import ZIP_LIMIT_BYTES
from tests.benchmarks import packaged
from tests.benchmarks.requests import Script
from tests.benchmarks.table import Row, count, ratio
from tests.benchmarks.tape import playing

WARM_CALLS = 60  # a round; the median then knows neither first calls nor interruptions


def rows(script: Script, environment: dict[str, str], rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-package-") as folder:
        folders = packaged.unpack(Path(folder))
        return [
            *_cold(script, environment, folders, rounds),
            count("package, zip", folders.zip_bytes, ZIP_LIMIT_BYTES, "bytes"),
            *_warm(script, environment, folders, rounds),
        ]


def _cold(script: Script, environment: dict[str, str], folders: packaged.Folders, rounds: int) -> list[Row]:
    taken: dict[str, list[dict[str, Any]]] = {"ours": [], "line": []}
    join = script.first_join.order()
    with playing(script.tape) as address:
        for _ in range(2 * rounds):
            for side, folder in (("ours", folders.ours), ("line", folders.line)):
                order = {**join, "do": "start", "path": [str(folder)]}
                if side == "ours":
                    del order["keys"]
                taken[side].append(packaged.run(order, {**environment, "AWS_ENDPOINT_URL": address}))

    def middle(side: str, name: str, per: float = 1) -> float:
        return median(each[name] for each in taken[side]) / per

    return [
        ratio("start, CPU", middle("ours", "start_ms"), middle("line", "start_ms"), 1.15, "ms"),
        ratio(
            "start, memory", middle("ours", "start_kb", 1024), middle("line", "start_kb", 1024), 1.15, "MB"
        ),
        ratio(
            "start and first join, CPU",
            middle("ours", "with_first_ms"),
            middle("line", "with_first_ms"),
            1.5,
            "ms",
        ),
    ]


def _warm(script: Script, environment: dict[str, str], folders: packaged.Folders, rounds: int) -> list[Row]:
    order = {
        "do": "warm",
        "path": [str(folders.ours), str(folders.line_app)],
        "tape": script.tape,
        "routes": [each.order() for each in script.warm],
        "calls": WARM_CALLS * rounds,
    }
    found = packaged.run(order, environment)
    judged = {each.name: 1.3 if each.keys else None for each in script.warm}
    return [
        ratio(f"warm {name}, CPU", median(sides["ours"]), median(sides["line"]), judged[name], "µs")
        for name, sides in found.items()
    ]
