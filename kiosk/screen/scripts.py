"""Which languages and letters can be drawn, by which hand, and which way their lines run."""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path
from unicodedata import bidirectional

from kiosk.screen.theme import BOLD, REGULAR, SEMIBOLD
from kiosk.screen.words import has_sentences
from shared.letters import OURS

_FROM_RIGHT = frozenset({"ar", "fa", "he", "ur"})
_ARABIC = frozenset({"ar", "fa", "ur"})  # languages written in its letters

NAMES = {"ar": "ع"}
"""What the language switch calls a language, where that is not its code."""

_FONTS = Path(REGULAR).parent
_SHAPED = {  # Arabic and Latin in one file, for Pillow falls back from no file to another
    REGULAR: str(_FONTS / "NotoSansArabicAtkinson-Regular.ttf"),
    SEMIBOLD: str(_FONTS / "NotoSansArabicAtkinson-Bold.ttf"),
    BOLD: str(_FONTS / "NotoSansArabicAtkinson-Bold.ttf"),
}
_SPARE = "Roboto"
"""Kivy brings it along: also Greek and Cyrillic, and what is left where a file of ours is gone."""

_LAST_LATIN = "\u024f"


class Hand(Enum):
    """Who draws a text."""

    KIVY = "kivy"
    RAQM = "raqm"


def from_right(language: str) -> bool:
    """Whether lines of that language run from right to left."""
    return language[:2] in _FROM_RIGHT


def name_of(language: str) -> str:
    """What the language switch calls it."""
    return NAMES.get(language[:2], language[:2].upper())


def starts_from_right(text: str) -> bool:
    """Whether its first letter that has a direction runs from right to left."""
    ways = (bidirectional(letter) for letter in text)
    return next((way != "L" for way in ways if way in {"L", "R", "AL"}), False)


def hand(text: str) -> Hand:
    """Who draws this text: letters that join or run from the right need Raqm (decision 17)."""
    needed = any(letter > _LAST_LATIN and bidirectional(letter) in _JOINING for letter in text)
    return Hand.RAQM if needed and raqm_is_there() else Hand.KIVY


_JOINING = frozenset({"R", "AL", "AN", "CS"})  # the last one is the Arabic comma


def kivy_font(text: str, font: str) -> str:
    """The font for a text that Kivy draws: ours, and its own for letters that ours lacks."""
    return font if OURS.issuperset(text) and _is_file(font) else _SPARE


def raqm_font(font: str) -> str:
    """The file with Arabic letters as heavy as those of this font."""
    return _SHAPED[font] if font in _SHAPED else _SHAPED[REGULAR]


def can_be_drawn(language: str) -> bool:
    """Whether this machine has what the letters of the language need."""
    return language[:2] not in _ARABIC or raqm_is_there()


@cache
def raqm_is_there() -> bool:
    """Whether Pillow can shape here; it is imported only when a text needs it."""
    if not all(map(_is_file, _SHAPED.values())):
        return False
    from PIL import features  # noqa: PLC0415 5 MB that a kiosk without Arabic does not need

    return bool(features.check("raqm"))


@cache
def _is_file(font: str) -> bool:
    return Path(font).is_file()


def lacking(language: str) -> tuple[str, ...]:
    """What is missing on this machine for that language, to be reported."""
    fonts = [Path(font).name for font in (REGULAR, SEMIBOLD, BOLD) if not _is_file(font)]
    letters = () if can_be_drawn(language) else (f"letters of {language}",)
    sentences = () if has_sentences(language) else (f"sentences of {language}",)
    return (*fonts, *letters, *sentences)
