"""The nouns of people: an identity number that was read, and where a number and a mobile stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from chalicelib.kernel import Masked, ShanghaiDate


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that passed length, date and check digit. That it exists is for the office to see."""

    number: Masked  # 18 characters, X upper-case
    birthday: ShanghaiDate
    gender: str  # female | male

    @property
    def masked(self) -> str:
        """The office's mask: the first three and last four characters, as `110***********1234`."""
        text = self.number.reveal()
        return text[:3] + "*" * 11 + text[-4:]


class Standing(Enum):
    NEW = "new"
    KNOWN = "known"
    OFFICE_CHECK = "office_check"


@dataclass(frozen=True, slots=True)
class Found:
    standing: Standing
    person_id: str | None = None
