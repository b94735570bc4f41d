"""What every output of a build is made from, and what an output is: files by path, made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled

# Path below the site -> how its bytes are made. A release makes all of them, the preview what is asked for.
Files = dict[str, Callable[[], bytes]]


@dataclass(frozen=True)
class Built:
    """`address` ends in a slash. `pages` is the HTML of every page by its path (`guide/join/index.html`)."""

    compiled: Compiled
    on: ShanghaiDate
    address: str
    pages: Mapping[str, str]

    def listed(self) -> Iterator[tuple[str, str]]:
        """(address from the root, HTML) of every page that is a folder of its own, in order."""
        for path in sorted(self.pages, key=lambda path: path.split("/")):
            if path.rpartition("/")[2] == "index.html":
                yield "/" + path.removesuffix("index.html"), self.pages[path]
