"""What people type and paste, read the one way every field reads it; `site/js/read.js` is the same for pages.

Pure standard library. The characters are named here, not asked of Unicode's tables: those differ between
Python 3.11, 3.13 and a browser, and a field must get one verdict everywhere.
"""

from __future__ import annotations

import re
import unicodedata

# Comes along with a copy and shows nothing: controls, soft hyphen, zero-width marks, directions,
# variation selectors, byte order marks, tags.
_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e03ff]"
)
_SPACES = re.compile("[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Full-width letters, digits and signs; the radicals that PDF files have in the place of whole characters.
_STAND_INS = re.compile("[\u2f00-\u2fd5\uff01-\uff5e]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def seen(typed: str) -> str:
    """As it stands, with its lines, less what shows nothing."""
    return _UNSEEN.sub("", typed)


def read(typed: str) -> str:
    """One line as it was meant: nothing unseen, single spaces, no full-width twins, every dash a hyphen."""
    text = _STAND_INS.sub(lambda each: unicodedata.normalize("NFKC", each[0]), seen(typed))
    text = _DASHES.sub("-", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", text).strip(" ")


def read_number(typed: str) -> str:
    """A number or a code as printed: no spaces, no hyphens, letters large."""
    return re.sub("[ -]", "", read(typed)).upper()
