"""What is taken out of free texts before anybody reads them: names, addresses, numbers.

A filter, and no proof: it knows names from a list and the words that lead to one ("la cajera
Marta", "ask for Tom"). It may take out too much ("Rosa" is a colour, too); that is the safe side.
Nothing leaves the hub for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

GONE: Final = "[…]"

_MAIL: Final = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(\.[\w-]+)+")
_HANDLE: Final = re.compile(r"(?<!\w)@\w{2,}")
_LINK: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
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
    rf"\b(?P<lead>{''.join(_LEADS)})(?P<gap>\.?\s+(?:de\s+caja\s+|da\s+caixa\s+)?)"
    r"(?P<name>\w[\w’'-]+(?:\s+\w[\w’'-]+)?)",
    re.IGNORECASE,
)

_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")


class Mask:
    """Takes out what could name somebody; `names` are given names, in any writing."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(folded(name) for name in names)

    def __call__(self, text: str) -> str:
        """The text with `[…]` where somebody or some number stood."""
        text = unicodedata.normalize("NFC", text)
        for what in (_LINK, _MAIL, _HANDLE, _NUMBER):
            text = what.sub(GONE, text)
        return self._listed(_LED.sub(self._led, text))

    def _led(self, found: re.Match[str]) -> str:
        """After “the cashier …” a name is whatever is listed, or is written like a name."""
        first, *rest = found["name"].split()
        if not (self._is_name(first) or first[0].isupper() or not _has_case(first)):
            return found[0]
        kept = [one for one in rest if not (self._is_name(one) or one[0].isupper())]
        return " ".join([found["lead"] + found["gap"].rstrip(), GONE, *kept])

    def _listed(self, text: str) -> str:
        """Names that stand alone: those that begin like one, or have no capitals to begin with."""
        parts, end, before = [], 0, False
        for word in _WORD.finditer(text):
            between, name = text[end : word.start()], word[0]
            written = name[0].isupper() or not _has_case(name)
            listed = written and self._is_name(name)
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

    def _is_name(self, word: str) -> bool:
        return folded(word) in self._names


def folded(name: str) -> str:
    """A name without case and accents: people write “jose” and “José”."""
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()
