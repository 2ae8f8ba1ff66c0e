"""The same sentence in several languages."""

from __future__ import annotations

from collections.abc import Iterable

Texts = dict[str, str]
"""By language, e.g. {"es": "La espera", "en": "The wait"}."""


def in_language(texts: Texts, language: str, others: Iterable[str] = ()) -> str:
    """The text in that language, else in the first of the others, else in any; "" where none is."""
    for wanted in (language, *others, *texts):
        if texts.get(wanted, "").strip():
            return texts[wanted]
    return ""
