"""The nouns of the suggestion box."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel import Masked


class SuggestionKind(StrEnum):
    SUGGESTION = "suggestion"  # 建议
    COMPLAINT = "complaint"  # 投诉
    CORRECTION = "correction"  # 页面写错了
    PRAISE = "praise"  # 表扬


KIND_NAMES = {
    SuggestionKind.SUGGESTION: "建议",
    SuggestionKind.COMPLAINT: "投诉",
    SuggestionKind.CORRECTION: "页面写错了",
    SuggestionKind.PRAISE: "表扬",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody wrote, as the office reads it. People write about themselves: both texts are masked.

    `receipt` is `<Shanghai day>-<8 characters>`, printed to the writer; who knows it may ask for an answer.
    """

    receipt: str
    kind: SuggestionKind
    text: Masked
    contact: Masked
    page: str
    at: str
