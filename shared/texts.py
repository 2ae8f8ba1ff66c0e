"""The same sentence in several languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from unicodedata import category

Texts = dict[str, str]
"""By language, e.g. {"es": "La espera", "en": "The wait"}."""


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

_JOINING: Final = frozenset("\u00ad\u061c\u200c\u200d\u200e\u200f")
"""What writing needs all the same: where a word may break, what joins, which way a line runs."""


def is_written(text: str) -> bool:
    """Whether there is anything to see."""
    return any(category(one)[0] in "LNPS" for one in text)


def has_unseen(text: str) -> bool:
    """Whether it holds what nobody sees, and what may turn the rest around or hide it."""
    return any(category(one) in _UNSEEN and one not in _JOINING for one in text)


def in_language(texts: Texts, language: str, others: Iterable[str] = ()) -> str:
    """The text in that language, else in the first of the others, else in any; "" where none is."""
    for wanted in (language, *others, *texts):
        if texts.get(wanted, "").strip():
            return texts[wanted]
    return ""
