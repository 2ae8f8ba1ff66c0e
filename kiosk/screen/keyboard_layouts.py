"""Which letters lie where on the small keyboard: by language, layer and shape of the glass.

A row is a string of keys with blanks between them. A key is one letter, or a word for what it does
(`shift delete space letters accents digits`), with `*1.5` where it is wider than a letter. Wide
glass has the layout that people know from elsewhere (in Arabic, too, it begins at the left).
On high and narrow glass no row may have more than seven keys, ten would be too small for a finger:
there the letters stand in the order of the alphabet, from the side where lines begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Layer(StrEnum):
    """What the keys write just now."""

    LETTERS = "letters"
    ACCENTS = "accents"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class KeyCap:
    """One key: what it writes or does, and how many letters wide it is."""

    name: str
    width: float = 1.0


Board = tuple[tuple[KeyCap, ...], ...]
"""The keys of one layer, row by row from the top."""

_Layers = dict[Layer, tuple[str, ...]]


def _layers(letters: str, accents: str, digits: str) -> _Layers:
    """One line of text is one row."""
    texts = (letters, accents, digits)
    return {
        layer: tuple(line.strip() for line in text.strip().splitlines())
        for layer, text in zip(Layer, texts, strict=True)
    }


_WIDE_DIGITS: Final = """
    1 2 3 4 5 6 7 8 9 0
    - / : ; ( ) € $ % &
    ¡ ! ¿ ? ' " + = delete*2
    letters*1.5 accents*1.5 space*5 , .
"""
_NARROW_DIGITS: Final = """
    1 2 3 4 5 6 7
    8 9 0 - / : ;
    ( ) € $ % & +
    ¡ ! ¿ ? , delete*2
    letters*1.5 accents*1.5 space*3 .
"""

_WIDE: Final = {
    "en": _layers(
        """
        q w e r t y u i o p
        a s d f g h j k l
        shift*1.5 z x c v b n m delete*1.5
        digits*1.5 accents*1.5 space*5 , .
        """,
        """
        á à â ä ç é è ê ë í
        ï î ñ ó ò ô ö ú ù ü
        shift*1.5 û œ æ ø å ß ' delete*1.5
        letters*1.5 digits*1.5 space*5 , .
        """,
        _WIDE_DIGITS,
    ),
    "es": _layers(
        """
        q w e r t y u i o p
        a s d f g h j k l ñ
        shift*1.5 z x c v b n m delete*1.5
        digits*1.5 accents*1.5 space*5 , .
        """,
        """
        á é í ó ú ü ¿ ? ¡ !
        à è ì ò ù ç ï « » ·
        shift*1.5 â ê î ô û ñ - delete*1.5
        letters*1.5 digits*1.5 space*5 , .
        """,
        _WIDE_DIGITS,
    ),
    "pt": _layers(
        """
        q w e r t y u i o p
        a s d f g h j k l ç
        shift*1.5 z x c v b n m delete*1.5
        digits*1.5 accents*1.5 space*5 , .
        """,
        """
        á à â ã é ê í ó ô õ
        ú ü ç ñ è ì ò ù ª º
        shift*1.5 î û ï ? ! ' - delete*1.5
        letters*1.5 digits*1.5 space*5 , .
        """,
        _WIDE_DIGITS,
    ),
    "ar": _layers(
        """
        ض ص ث ق ف غ ع ه خ ح ج
        ش س ي ب ل ا ت ن م ك ط
        ذ ء ر ى ة و ز ظ د delete*2
        digits*1.5 accents*1.5 space*6 ، .
        """,
        """
        أ إ آ ٱ ؤ ئ ء ة ى
        پ چ ژ گ ڤ « »
        ؟ ! ؛ : - / delete*2
        letters*1.5 digits*1.5 space*6 ، .
        """,
        """
        1 2 3 4 5 6 7 8 9 0
        ٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩
        ؟ ! ؛ : - / ( ) % delete*2
        letters*1.5 accents*1.5 space*6 ، .
        """,
    ),
}

_NARROW: Final = {
    "en": _layers(
        """
        a b c d e f g
        h i j k l m n
        o p q r s t u
        v w x y z delete*2
        shift digits accents space*3 .
        """,
        """
        á à â ä ç é è
        ê ë í ï î ñ ó
        ò ô ö ú ù ü û
        œ æ ø å ß delete*2
        shift letters digits space*3 .
        """,
        _NARROW_DIGITS,
    ),
    "es": _layers(
        """
        a b c d e f g
        h i j k l m n
        ñ o p q r s t
        u v w x y z delete
        shift digits accents space*3 .
        """,
        """
        á é í ó ú ü ñ
        à è ì ò ù ç ï
        â ê î ô û « »
        ¿ ? ¡ ! - delete*2
        shift letters digits space*3 .
        """,
        _NARROW_DIGITS,
    ),
    "pt": _layers(
        """
        a b c ç d e f
        g h i j k l m
        n o p q r s t
        u v w x y z delete
        shift digits accents space*3 .
        """,
        """
        á à â ã é ê í
        ó ô õ ú ü ç ñ
        è ì ò ù î û ï
        ª º ? ! - delete*2
        shift letters digits space*3 .
        """,
        _NARROW_DIGITS,
    ),
    "ar": _layers(
        """
        ا ب ت ث ج ح خ
        د ذ ر ز س ش ص
        ض ط ظ ع غ ف ق
        ك ل م ن ه و ي
        ء ة ى ؤ ئ delete*2
        digits accents space*4 .
        """,
        """
        أ إ آ ٱ ؤ ئ ء
        پ چ ژ گ ڤ « »
        ؟ ! ؛ : - / ،
        delete*2
        letters digits space*4 .
        """,
        """
        1 2 3 4 5 6 7
        8 9 0 ٠ ١ ٢ ٣
        ٤ ٥ ٦ ٧ ٨ ٩ %
        ؟ ! ( ) ، delete*2
        letters accents space*4 .
        """,
    ),
}

LANGUAGES: Final = frozenset(_WIDE)
"""Those with letters of their own; every other one has the English keyboard."""


def board(language: str, layer: Layer, *, narrow: bool) -> Board:
    """The keys of that layer."""
    boards = _NARROW if narrow else _WIDE
    layers = boards.get(language[:2], boards["en"])
    return tuple(tuple(map(_key, row.split())) for row in layers[layer])


def columns(language: str, *, narrow: bool) -> float:
    """How many letters wide the keyboard is, in every layer."""
    rows = (row for layer in Layer for row in board(language, layer, narrow=narrow))
    return max(sum(key.width for key in row) for row in rows)


def _key(written: str) -> KeyCap:
    name, _, width = written.partition("*")
    return KeyCap(name, float(width or 1))
