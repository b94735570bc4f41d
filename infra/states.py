"""docs/states.md: every state table drawn from the code that obeys it.

python -m infra.states --write | --check
"""

from __future__ import annotations

import sys
from typing import Any

from chalicelib.notify.model import MESSAGES
from chalicelib.states import States
from chalicelib.uploads.model import FILES
from infra.paths import ROOT

FILE = ROOT / "docs" / "states.md"
# Each domain's table, in the order of the page.
TABLES: dict[str, States[Any, Any]] = {"Messages (短信)": MESSAGES, "Files (文件)": FILES}

_HEAD = """# States

What may become of a thing, by which action, and by whom. Written from the code by `make states`; the write
itself is conditioned on the state it starts from (`functions/chalicelib/states.py`).
"""


def page() -> str:
    return "\n".join([_HEAD, *(f"## {title}\n\n{table.drawing()}" for title, table in TABLES.items())])


def main() -> None:
    if "--write" in sys.argv:
        FILE.write_text(page())
    elif not FILE.exists() or FILE.read_text() != page():
        raise SystemExit("docs/states.md is not what the code says: run `make states`")


if __name__ == "__main__":
    main()
