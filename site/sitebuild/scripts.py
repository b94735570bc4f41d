"""Browser scripts: one file a form, joined from the parts under site/js, its hash in its name.

The sources are plain ES5 and stay readable; what is sent has neither comments nor long names of local things.
calmjs.parse reads ES5 only, so anything newer stops the build. Tests run what is sent, in old engines too.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from calmjs.parse import es5
from calmjs.parse.exceptions import ECMASyntaxError
from calmjs.parse.unparsers.es5 import minify_print

from sitebuild.kept import kept

JS = Path(__file__).resolve().parent.parent / "js"
KEPT = JS.parent.parent / "build" / "scripts"
_VERSION = version("calmjs.parse")
# A page loads one script, which begins with the header's large text. `estimate` and `split` come when used.
BUNDLES = {
    "join": ("large", "net", "page", "store", "draft", "id_number", "signin", "join"),
    "check": ("large", "net", "page", "check"),
    "my": ("large", "net", "page", "store", "signin", "my"),
    "verify": ("large", "net", "page", "verify"),
    "suggest": ("large", "net", "page", "suggest"),
    "search": ("large", "search_index", "search_terms", "search"),
    "find": ("large", "find"),
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
        return _short(name)
    return "(function(){'use strict';var H={};" + "".join(map(_short, BUNDLES[name])) + "})();\n"


def script_url(name: str) -> str:
    digest = hashlib.sha256(script_text(name).encode()).hexdigest()[:12]
    return f"/js/{name}.{digest}.js"


def write_scripts(site_dir: Path) -> None:
    for name in (*BUNDLES, *ALONE):
        target = site_dir / script_url(name).lstrip("/")
        target.parent.mkdir(exist_ok=True)
        target.write_text(script_text(name), "utf-8")


@cache
def _short(part: str) -> str:
    """Shortened once for each text, and kept: reading the language takes half of a second."""
    source = (JS / f"{part}.js").read_text("utf-8")
    digest = hashlib.sha256(f"{_VERSION} {source}".encode()).hexdigest()
    return kept(KEPT / f"{digest}.js", lambda: shorten(source, f"site/js/{part}.js").encode()).decode()


def shorten(source: str, origin: str) -> str:
    """A part as it is sent. Names of its own top level stay: other parts know them.

    Raises SyntaxError with `origin`, line and column for what is no ES5.
    """
    try:
        return minify_print(es5(source), obfuscate=True).rstrip(";") + ";"
    except ECMASyntaxError as error:
        raise SyntaxError(f"{origin}: {error}") from error
