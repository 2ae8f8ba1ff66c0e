"""What is taken out of free texts before anybody reads them: names, addresses, numbers.

A filter, and no proof: it knows names from a list and the words that lead to one ("la cajera
Marta", "ask for Tom"). It may take out too much ("Rosa" is a colour, too); that is the safe side.
It reads what people read: letters that are wide, spaced out, joined to others or borrowed from
another alphabet, and nothing that cannot be seen. Nothing leaves the hub for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

GONE: Final = "[…]"

_MAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s?(?:@|[(\[]at[)\]]|\barroba\b)\s?[\w-]+(?:(?:\.|\s(?:punto|ponto|dot)\s)[\w-]+)+",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?<!\w)@\w{2,}")
_LINK: Final = re.compile(
    r"\b(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"(?<!\w)\+?\d(?:[\s().\-/]{0,2}\d){6,}")
"""Seven digits and more, in whatever groups: telephones, cards, identity papers."""

_LEADS: Final = (
    # es
    r"cajer[oa]s?|emplead[oa]s?|dependient[ea]s?|encargad[oa]s?|señor(?:a|ita|es)?|sr|sra|srta|don|doña"
    r"|chic[oa]s?|compañer[oa]s?|se\s+llama(?:ba)?|llamad[oa]|atendid[oa]s?\s+por|atendió"
    r"|jef[ea]|gerente|reponedora?|carnicer[oa]|pescader[oa]|panader[oa]|fruter[oa]"
    # en
    r"|cashiers?|clerk|assistant|manager|supervisor|colleague|mr|mrs|ms|miss|served\s+by|called|named"
    r"|employee|lady|guy|girl|boy|ask\s+for"
    # pt
    r"|caixas?|funcionári[oa]s?|atendente|operador[ae]?|senhor[a]?|dona|chama(?:va)?-se"
    r"|atendid[oa]\s+por|moç[oa]|rapaz|rapariga|menin[oa]"
    # ar
    r"|الموظفة?|موظفة?|البائعة?|بائعة?|الكاشير|كاشير|المديرة?|السيدة?|الأستاذة?|الآنسة|اسمها?|المحاسبة?"
)

_LED: Final = re.compile(
    rf"\b(?P<lead>{''.join(_LEADS)})(?P<gap>(?:\.?\s+|\s*[:,;–—]\s*)"
    r"(?:de\s+caja\s+|da\s+caixa\s+|es\s+|era\s+|is\s+|was\s+|é\s+)?)"
    r"(?P<name>\w[\w’'-]+(?:\s+\w[\w’'-]+)?)",
    re.IGNORECASE,
)

_MARKS: Final = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
"""Accents that stand by themselves, and the vowels of Arabic."""

_WORD: Final = re.compile(rf"[^\W\d_][\w’'{_MARKS}-]*")
_PARTS: Final = re.compile(r"[\d_’'-]+|(?<=[^\W\d_A-ZÀ-ÞĀ])(?=[A-ZÀ-Þ])")
"""Where a name may be joined to something else: "Marta1", "MartaGarcía", "Anne-Marie"."""

_SPELLED: Final = re.compile(r"(?<!\w)[^\W\d_](?:[\s.·*_-][^\W\d_](?!\w))+")
_SHORTEST, _LONGEST = 3, 14
"""Letters of a name in something longer."""

_LATIN: Final = re.compile("[A-Za-zÀ-ɏ]")
_ALIKE: Final = re.compile("[ɐ-ʯͰ-ԯᴀ-ᶿ]")
"""Greek, Cyrillic and phonetic letters: among Latin ones in a word they only look like these."""

_STYLED: Final = re.compile(
    "[\u24b6-\u24e9\ufb50-\ufdff\ufe70-\ufefc\uff00-\uffef\U0001d400-\U0001d7ff]"
)
_JOINERS: Final = re.compile("(?<=[\u0250-\U0010ffff])[\u200c\u200d]")
"""Where they stand after a letter that may need them: Persian, and people of several signs."""


class Mask:
    """Takes out what could name somebody; `names` are given names, in any writing.

    Those that are also `words` are left where they are written small.
    """

    def __init__(self, names: Collection[str], words: Collection[str] = ()) -> None:
        self._names = frozenset(folded(name) for name in names)
        self._words = frozenset(folded(word) for word in words)

    def __call__(self, text: str) -> str:
        """The text with `[…]` where somebody or some number stood."""
        text = as_read(text)
        for what in (_LINK, _MAIL, _HANDLE, _NUMBER):
            text = what.sub(GONE, text)
        text = _SPELLED.sub(self._spelled, text)
        return self._listed(_LED.sub(self._led, text))

    def _spelled(self, found: re.Match[str]) -> str:
        """Letters that stand apart: "M a r t a", "M.a.r.t.a"."""
        letters = folded("".join(one for one in found[0] if one.isalpha()))
        starts = range(len(letters) - _SHORTEST + 1)
        pairs = ((a, a + long) for a in starts for long in range(_SHORTEST, _LONGEST + 1))
        named = (letters[a:b] in self._names for a, b in pairs)
        return GONE if any(named) else found[0]

    def _led(self, found: re.Match[str]) -> str:
        """After “the cashier …” a name is whatever is listed, or is written like a name."""
        first, *rest = found["name"].split()
        if not (self._is_name(first) or first[0].isupper() or not _has_case(first)):
            return found[0]
        kept = [one for one in rest if not (self._is_name(one) or one[0].isupper())]
        return " ".join([found["lead"] + found["gap"].rstrip(), GONE, *kept])

    def _listed(self, text: str) -> str:
        """Names that stand alone."""
        parts, end, before = [], 0, False
        for word in _WORD.finditer(text):
            between, name = text[end : word.start()], word[0]
            listed = self._stands_for_somebody(name)
            surname = before and name[0].isupper() and between == " "
            parts.append(between)
            if listed or surname:
                parts.append("" if surname and parts[-2:] == [GONE, " "] else GONE)
                if surname and not parts[-1]:
                    parts.pop()
                    parts.pop()
            else:
                parts.append(name)
            before, end = listed or surname, word.end()
        return "".join([*parts, text[end:]])

    def _stands_for_somebody(self, word: str) -> bool:
        """Whether it is a name or has one in it, as far as it is not a word that is written small;
        or whether it only looks like what it is."""
        if _LATIN.search(word) and _ALIKE.search(word):
            return True
        parts = [part for part in _PARTS.split(word) if len(part) >= _SHORTEST or part == word]
        return any(
            self._is_name(part) and (not part[0].islower() or folded(part) not in self._words)
            for part in (word, *parts)
        )

    def _is_name(self, word: str) -> bool:
        return folded(word) in self._names


def as_read(text: str) -> str:
    """The text as somebody reads it: without what cannot be seen, in plain letters."""
    text = _STYLED.sub(lambda one: unicodedata.normalize("NFKC", one[0]), text)
    kept = {found.start() for found in _JOINERS.finditer(text)}
    seen = (
        one
        for at, one in enumerate(text)
        if one != "ـ" and (at in kept or unicodedata.category(one) != "Cf")
    )
    return unicodedata.normalize("NFC", "".join(seen))


def folded(name: str) -> str:
    """A name without case and accents: people write “jose” and “José”."""
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()
