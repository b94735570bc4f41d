"""A small form inside another page: the questions it asks, and the office's words for them."""

from __future__ import annotations

from dataclasses import dataclass

from publishing.compiler import Compiled
from publishing.page_types import FormWords, Question


@dataclass(frozen=True)
class Asked:
    """One question of the form; `name` is the fact's, while its words may depend on the product.

    `options` are (value, text) of a list to choose from, which the page shows without script too.
    """

    name: str
    words: Question
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FormView:
    title: str
    front: FormWords
    questions: tuple[Asked, ...]
    about: str  # address of the file that says the rest


def words_of(made: Compiled, path: str) -> FormWords:
    front = made.front[path]
    assert isinstance(front, FormWords)
    return front
