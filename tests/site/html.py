"""Reading built pages in tests: elements with their attributes, and the text between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Parsed(HTMLParser):
    """`elements` in order; an element's `text` is what stands in it before its first child or its end."""

    elements: list[Element] = field(default_factory=list)
    inside: Element | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(self.inside)

    def handle_endtag(self, tag: str) -> None:
        self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inside.text += data

    def all(self, tag: str) -> list[Element]:
        return [each for each in self.elements if each.tag == tag]


def read_html(file: Path) -> Parsed:
    """Read once, however many tests look at it: nobody changes what they get."""
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(1000)
def _read(file: Path, written: int) -> Parsed:
    parsed = Parsed()
    parsed.feed(file.read_text("utf-8"))
    parsed.close()
    return parsed


def is_redirect(page: Parsed) -> bool:
    """A page that only sends its reader on: it has no header, no menu, no help."""
    return any(each.attributes.get("http-equiv") == "refresh" for each in page.all("meta"))


def pages_of(site_dir: Path) -> list[Path]:
    """Without those of coming days, which are pages again (tests/site/test_days.py)."""
    return [file for file in sorted(site_dir.rglob("*.html")) if (site_dir / "day") not in file.parents]


def url_of(site_dir: Path, file: Path) -> str:
    return "/" + file.relative_to(site_dir).as_posix().removesuffix("index.html")
