"""The kiosk's own sentences by language: gettext catalogues, English where there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import find, translation
from pathlib import Path

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
