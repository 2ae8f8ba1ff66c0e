"""The kiosk's own sentences by language: gettext catalogues, English where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from gettext import find, translation
from pathlib import Path

from shared.texts import Texts

Say = Callable[[str], str]
"""From the English sentence to the one of a language; called `say` where babel looks for it."""


@cache
def sentences(language: str) -> Say:
    """The sentences of that language; read once from disk."""
    return translation("kiosk", Path(__file__).parent, [language], fallback=True).gettext


@cache
def has_sentences(language: str) -> bool:
    """Whether there is a catalogue of that language; else the sentences are English."""
    return find("kiosk", str(Path(__file__).parent), [language]) is not None


def in_language(texts: Texts, language: str, others: Iterable[str] = ()) -> str:
    """The text in that language, else in the first of the others, else in any; "" where none is."""
    for wanted in (language, *others, *texts):
        if texts.get(wanted, "").strip():
            return texts[wanted]
    return ""
