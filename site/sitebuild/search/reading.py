"""Built pages as sections of plain text: what of a page is searched, and under which anchor it is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

HEADINGS = frozenset({"h1", "h2", "h3"})
BLOCKS = HEADINGS | {"p", "li", "dt", "dd", "td", "th", "div", "section", "summary", "blockquote", "b", "br"}
# Nothing is found by the words of a form, of what only a script shows, or of the way back.
SKIPPED = frozenset({"form", "svg", "script", "style", "nav"})
SKIPPED_CLASSES = frozenset({"crumbs", "note", "act", "unseen", "hash"})
VOID = frozenset({"br", "img", "input", "hr", "wbr", "use", "path", "circle", "rect", "meta", "link"})


@dataclass
class Section:
    """From one heading with an id to the next. The first has the page's own title and no anchor."""

    anchor: str
    title: str = ""
    text: str = ""


@dataclass
class _Reader(HTMLParser):
    sections: list[Section] = field(default_factory=lambda: [Section("")])
    within_main: bool = False
    skipping: int = 0
    heading: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self.within_main = True
        if not self.within_main or tag in VOID:
            self.handle_data("\n" if tag == "br" else "")
        elif self.skipping or _is_skipped(tag, given):
            self.skipping += 1
        elif tag in {"h2", "h3"} and given.get("id"):
            self.sections.append(Section(str(given["id"])))
            self.heading = tag
        elif tag == "h1":
            self.heading = tag
        elif tag in BLOCKS:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.within_main = False
        if tag in VOID or not self.within_main:
            return
        if self.skipping:
            self.skipping -= 1
        elif tag == self.heading:
            self.heading = ""
        elif tag in BLOCKS:
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        if not self.within_main or self.skipping:
            return
        if self.heading:
            self.sections[-1].title += data
        else:
            self.sections[-1].text += data


def _is_skipped(tag: str, given: dict[str, str | None]) -> bool:
    classes = set((given.get("class") or "").split())
    return tag in SKIPPED or "hidden" in given or "data-panel" in given or bool(classes & SKIPPED_CLASSES)


def sections_of(html: str) -> list[Section]:
    """The sections of a page's `<main>`, with their text in one line; blocks are parted by one space."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for each in reader.sections:
        each.title, each.text = tidy(each.title), tidy(each.text)
    return [each for each in reader.sections if each.title or each.text]


def tidy(text: str) -> str:
    """Full-width forms become plain, the mark of a sample figure goes, and so does needless space."""
    return re.sub(r"\s+", " ", text.replace("※", "")).strip()
