"""Browser scripts: one file a form, joined from the parts under site/js, its hash in its name.

The sources are plain ES5 and stay readable; only comment lines and indentation are dropped, which needs no
parser and so cannot change what runs.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

JS = Path(__file__).resolve().parent.parent / "js"
# A page loads one script, which begins with the header's large text. `estimate` and `split` come when used.
BUNDLES = {
    "join": ("large", "net", "page", "draft", "id_number", "signin", "join"),
    "check": ("large", "net", "page", "check"),
    "my": ("large", "net", "page", "draft", "signin", "my"),
    "verify": ("large", "net", "page", "verify"),
    "suggest": ("large", "net", "page", "suggest"),
    "search": ("large", "search_index", "search_terms", "search"),
    "certificate": ("large", "net", "page", "certificate"),
    "estimate": ("net", "page", "values", "ask", "estimate"),
    "split": ("net", "page", "values", "ask", "split"),
    "later": ("large", "later"),
    "campaign": ("large", "later", "campaign"),
}
# The Worker needs no other part; nor does a page that has nothing but large text.
ALONE = ("solve", "large")


@cache
def script_text(name: str) -> str:
    if name in ALONE:
        return _slim((JS / f"{name}.js").read_text("utf-8"))
    parts = "".join((JS / f"{part}.js").read_text("utf-8") for part in BUNDLES[name])
    return "(function(){\n'use strict';\nvar H={};\n" + _slim(parts) + "})();\n"


def script_url(name: str) -> str:
    digest = hashlib.sha256(script_text(name).encode()).hexdigest()[:12]
    return f"/js/{name}.{digest}.js"


def write_scripts(site_dir: Path) -> None:
    for name in (*BUNDLES, *ALONE):
        target = site_dir / script_url(name).lstrip("/")
        target.parent.mkdir(exist_ok=True)
        target.write_text(script_text(name), "utf-8")


def _slim(source: str) -> str:
    """Without comment lines, blank lines and indentation. A comment has its own lines in our sources."""
    kept = []
    in_comment = False
    for line in source.splitlines():
        text = line.strip()
        if in_comment or text.startswith("/*"):
            in_comment = not text.endswith("*/")
        elif text and not text.startswith("//"):
            kept.append(text)
    return "\n".join(kept) + "\n"
