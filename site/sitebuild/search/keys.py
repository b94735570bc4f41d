"""The keys a text is found by, and the file a key lies in. site/js/search_terms.js does so to a query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_THOUSANDS = re.compile(r"(\d),(?=\d)")


def folded(text: str) -> str:
    """Full width, capitals and the commas inside a number make no difference."""
    return _THOUSANDS.sub(r"\1", unicodedata.normalize("NFKC", text).lower())


def keys_of(text: str) -> Iterator[str]:
    """Of each run of Han: its pairs of neighbours, and each character alone. A word or number is one key."""
    for run in _RUNS.findall(folded(text)):
        if run < "\u3400":
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield from run


def shard_of(key: str, shards: int) -> str:
    """The name of the file `key` lies in. One character alone lies apart: few people ask for it.

    Of a pair, one character decides, and always the same one of two neighbours: so the pairs of a longer
    query lie in about half as many files as it has pairs, and every file is a request.
    """
    if len(key) == 1:
        return f"c{ord(key) % shards}"
    return str(ord(min(key[:2], key=_weight)) % shards)


def _weight(character: str) -> int:
    return ord(character) * 61403 & 0xFFFF
