"""Reading one content file: YAML front matter with line numbers, and the Markdown below it.

Build time only: nothing Lambda imports may import this (PyYAML is not shipped).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

T = TypeVar("T")
# The same loader in C where the wheel has it: four times as fast over all of content/.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(Exception):
    """Something in content/ is wrong; the text names file, line and field."""

    def __init__(self, path: str, line: int, field: str, message: str) -> None:
        super().__init__(f"{path}:{line}: {field}: {message}" if field else f"{path}:{line}: {message}")
        self.path, self.line, self.field = path, line, field


@dataclass(frozen=True)
class Page:
    """One file of content/. `path` is relative to it, with slashes; `lines` maps a field path (`.fee_fen`,
    `.benefits[0].clause`) to its line in the file; `body_line` is the line the body starts on."""

    path: str
    meta: dict[str, Any]
    body: str
    body_line: int
    lines: dict[str, int]
    sha256: str

    @property
    def type(self) -> str:
        return str(self.meta.get("type", ""))

    @property
    def title(self) -> str:
        return str(self.meta.get("title", ""))

    @property
    def description(self) -> str:
        return str(self.meta.get("description", ""))

    @property
    def order(self) -> int:
        """Place in its folder's list; equal ones by file name."""
        return int(self.meta.get("order", 100))

    def error(self, field: str, message: str) -> ContentError:
        """An error at a field path, on the line of the nearest ancestor the file really has."""
        steps = field
        while steps and steps not in self.lines:
            steps = steps[: max(steps.rfind("."), steps.rfind("["), 0)]
        return ContentError(self.path, self.lines.get(steps, 1), field.lstrip("."), message)


def read_as(page: Page, shape: type[T], values: dict[str, Any]) -> T:
    """`values` checked against a Noun; raises ContentError with the line of the wrong field."""
    try:
        return msgspec.convert(values, shape, strict=True)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        field = where.rstrip("`")
        named = re.search(r"contains unknown field `([^`]+)`", message)
        raise page.error(f"{field}.{named.group(1)}" if named else field, message) from None


def read_page(root: Path, file: Path) -> Page:
    """Raises ContentError for missing or unreadable front matter and for duplicate keys."""
    path = file.relative_to(root).as_posix()
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(path, raw[: error.start].count(b"\n") + 1, "", "not UTF-8") from None
    if "\r" in text:
        raise ContentError(path, 1, "", "line ends must be LF, or the published hash depends on the editor")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise ContentError(path, 1, "", "the file must begin with front matter between two --- lines")
    lines: dict[str, int] = {}
    try:
        node = yaml.compose(head, Loader=_LOADER)
        meta = _build(node, "", lines, path)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line + 2 if error.problem_mark else 2
        raise ContentError(path, at, "", f"not YAML: {error.problem}") from None
    if not isinstance(meta, dict):
        raise ContentError(path, 2, "", "front matter must be a mapping")
    body_line = head.count("\n") + 4
    return Page(path, meta, body, body_line, lines, hashlib.sha256(raw).hexdigest())


def _build(node: yaml.Node | None, at: str, lines: dict[str, int], path: str) -> Any:
    """Plain Python values of a YAML node, noting the file's line of every field path."""
    if node is None:
        return None
    line = node.start_mark.line + 2  # YAML counts from 0, and the file begins with ---
    lines.setdefault(at, line)
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            field = f"{at}.{key}"
            lines[field] = key_node.start_mark.line + 2
            if key in made:
                raise ContentError(path, lines[field], field.lstrip("."), "given twice")
            made[key] = _build(value_node, field, lines, path)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_build(each, f"{at}[{n}]", lines, path) for n, each in enumerate(node.value)]
    construct: Callable[..., Any] = yaml.constructor.SafeConstructor().construct_object
    try:
        return construct(node)
    except ValueError as error:  # a date no calendar has
        raise ContentError(path, line, at.lstrip("."), str(error)) from None
