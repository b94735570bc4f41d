"""Browser scripts: one file a form, joined from the parts under site/js, its hash in its name.

The sources are plain ES5 and stay readable; what is sent has neither comments nor long names of local things.
Tests read them as ES5 and nothing newer, and run what is sent, in old engines too.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path

import minify
from mkdocs.exceptions import PluginError

from sitebuild.built import Files

minify.config({"js-version": 2009})  # ES5, for Chromium 67: without it, texts come out as template literals
JS = Path(__file__).resolve().parents[2] / "js"
# A page loads one script, beginning with the day and the large text. `estimate`, `split` and `joining`
# come when used; what the scripts of a page share is one object, window.huzhu.
_FORM = ("day", "large", "net", "page", "read", "fields")
BUNDLES = {
    "join": (*_FORM, "store", "steps", "signin", "join"),
    "joining": ("draft", "name", "id_number", "review", "starts", "joined", "joining"),
    "check": (*_FORM, "check"),
    "my": (*_FORM, "store", "steps", "signin", "starts", "my"),
    "verify": ("day", "large", "net", "page", "read", "number", "verify"),
    "suggest": (*_FORM, "suggest"),
    "search": ("day", "large", "search_index", "search_terms", "search"),
    "find": ("day", "large", "find"),
    "certificate": ("day", "large", "net", "page", "read", "number", "starts", "certificate"),
    "estimate": ("net", "page", "read", "values", "ask", "estimate"),
    "split": ("net", "page", "read", "values", "ask", "split"),
    "later": ("day", "large", "later"),
    "large": ("day", "large"),
    "campaign": ("day", "large", "later", "campaign"),
}
# The Worker needs no other part.
ALONE = ("solve",)
# Of the page that shows the parts of forms, which is never published.
WORKSHOP = {"parts": (*_FORM, "store", "draft", "steps", "values", "kinds", "id_number", "review", "parts")}


@cache
def script_text(name: str) -> str:
    """As it is sent. Raises PluginError with file, line and column of what is no script."""
    bundles = BUNDLES | WORKSHOP
    sources = {part: _source(part) for part in bundles.get(name, (name,))}
    whole = "\n".join(sources.values())
    if name in bundles:
        shared = "var H = window.huzhu = window.huzhu || {};"
        whole = f"(function () {{ 'use strict'; {shared}\n{whole}\n}})();"
    try:
        return _shortened(whole) + "\n"
    except minify.MinifyError:
        for part, source in sources.items():
            _named(part, source)
        raise


def script_url(name: str) -> str:
    digest = hashlib.sha256(script_text(name).encode()).hexdigest()[:12]
    return f"/js/{name}.{digest}.js"


def script_files(workshop: bool) -> Files:
    names = (*BUNDLES, *ALONE, *(WORKSHOP if workshop else ()))
    return {script_url(name).lstrip("/"): partial(_bytes, name) for name in names}


def _bytes(name: str) -> bytes:
    return script_text(name).encode()


def _source(part: str) -> str:
    return (JS / f"{part}.js").read_text("utf-8")


def _shortened(source: str) -> str:
    return str(minify.string("application/javascript", source))


def _named(part: str, source: str) -> None:
    try:
        _shortened(source)
    except minify.MinifyError as error:
        raise PluginError(f"site/js/{part}.js: {error}") from None
