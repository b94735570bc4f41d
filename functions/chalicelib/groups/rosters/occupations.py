"""What clerks call an occupation: the office's words, their codes, and the synonyms kept as content."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from chalicelib.catalog.insured import OCCUPATION_NAMES, OccupationGroup
from chalicelib.catalog.model import Catalogue
from chalicelib.groups.rosters.header import folded

Words = Mapping[str, OccupationGroup]


def words_of(catalogue: Catalogue) -> dict[str, OccupationGroup]:
    """{folded word: group}. A word of two groups is refused when the content is compiled."""
    words = {folded(name): group for group, name in OCCUPATION_NAMES.items()}
    words |= {folded(group.value): group for group in OccupationGroup}
    for group, said in catalogue.occupation_words.items():
        words |= {folded(each): group for each in said}
    return words


def group_of(text: str, words: Words) -> OccupationGroup | None:
    return words.get(folded(text))


def nearest(text: str, words: Words) -> tuple[str, ...]:
    """The office's names of what was most probably meant, best first; three at most."""
    typed = folded(text)
    like = difflib.get_close_matches(typed[:20], words, n=6, cutoff=0.5)
    like += [
        word for word in words if len(word) > 1 and (word in typed or (len(typed) > 1 and typed in word))
    ]
    groups = dict.fromkeys(words[word] for word in like)
    return tuple(OCCUPATION_NAMES[group] for group in groups)[:3]
