"""Lines of a till's receipts compared: what stands in these and in no others, as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kiosk.core.documents import Judge, Rules
from kiosk.core.patterns import LONGEST_LINE, LONGEST_PATTERN, check_pattern, compiled, fold

_AMOUNT = re.compile(r"(\d[\d.,' ]*)[^\d\w]{0,3}[a-z.]{0,3}\W{0,2}$")
_PRICE = re.compile(r"\d[.,]\d\d\W{0,4}[a-z]{0,3}\W{0,2}$")
_WORD = re.compile(r"[^\W\d_]{3}|[^\W\d_\x00-\x7F]{2}")  # 退货 is one
_NAMED_VALUE = re.compile(r":\s*\S")  # “Served by: …” may be a person, and is no heading
_MOST_WORDS = 6  # a heading is short; a sentence at the foot may come and go

BEFORE, BEHIND = r"^[\W_]*", r"[\W\d_]*$"
NO_ARTICLE = r"(?!.*\d[.,]\d\d\W{0,3}$)"
"""A heading has no price: an article may be called the same."""


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of paper: its lines that are not blank, folded, and what the rules said of it."""

    lines: tuple[str, ...] = field(repr=False)
    sale: bool
    rule: str

    @property
    def shapes(self) -> frozenset[str]:
        """Its lines without their figures."""
        return frozenset(map(shape, self.lines))


class Scribe(Judge):
    """A judge that keeps what it hears until the lesson is over."""

    def __init__(self, rules: Rules) -> None:
        self.documents: list[Document] = []
        super().__init__(rules)

    def forget(self) -> None:
        """Begin a new document."""
        super().forget()
        self.heard: list[str] = []  # of the document that has not ended

    def line(self, text: str) -> None:
        """A line was printed; blank ones do not count."""
        super().line(text)
        if told := fold(text[:LONGEST_LINE]).strip():
            self.heard.append(told)

    def end(self) -> tuple[bool, str]:
        """Whether the document was a sale, and the rule; a new document begins."""
        lines = tuple(self.heard)
        sale, rule = super().end()
        self.documents.append(Document(lines, sale, rule))
        return sale, rule


def shape(line: str) -> str:
    """The line in small letters, with 0 for every number, one space for many, “.” for odd signs."""
    text = re.sub(r"\d+", "0", " ".join(line.lower().split()))
    return "".join(sign if sign.isascii() or sign.isalnum() else "." for sign in text)


def heading_pattern(told: str) -> str:
    """A safe pattern for headings of this shape, and for no article."""
    return check_pattern(pattern_of(told, NO_ARTICLE + BEFORE[1:]))


def pattern_of(told: str, before: str = BEFORE[1:]) -> str:
    """A safe pattern for lines of this shape, however they are adorned and numbered."""
    before = f"^{before}"
    core = re.sub(BEHIND, "", re.sub(BEFORE, "", told))
    signs = {"0": r"\d{1,9}", " ": r"\s{1,9}", ".": "."}
    pattern = ""
    for sign in core:
        more = pattern + signs.get(sign, re.escape(sign))
        if len(before + more + BEHIND) > LONGEST_PATTERN:
            return check_pattern(before + pattern)
        pattern = more
    return check_pattern(before + pattern + BEHIND)


def telling(wanted: Sequence[Document], others: Iterable[Document]) -> list[str]:
    """Shapes of headings that each of these has and none of the others, the likeliest first."""
    foreign = {one for document in others for one in document.shapes}
    first, *more = wanted
    found = [
        one
        for one in dict.fromkeys(map(shape, first.lines))
        if one not in foreign and _is_heading(one) and all(one in each.shapes for each in more)
    ]
    return sorted((one for one in found if _is_found(one, wanted)), key=_strangeness)


def _is_found(told: str, wanted: Sequence[Document]) -> bool:
    """Whether a pattern finds it: not where a number, or a gap, is endless."""
    pattern = compiled((heading_pattern(told),))
    return all(any(map(pattern.search, document.lines)) for document in wanted)


def _is_heading(told: str) -> bool:
    is_short = len(told.split()) <= _MOST_WORDS
    return (
        bool(_WORD.search(told))
        and is_short
        and not (re.search(r"0[.,]0\W{0,4}[a-z]{0,3}\W{0,2}$", told) or _NAMED_VALUE.search(told))
    )


def _strangeness(told: str) -> tuple[bool, int]:
    """Adorned before plain, fewer numbers before more; else as they stand on the paper."""
    return told[0].isalnum(), told.count("0")


def label(line: str) -> str | None:
    """The words before a line's amount, “a pagar eur” say; None where it is no such line."""
    told = line.lower()
    if not _AMOUNT.search(told):
        return None
    words = re.sub(r"[\W_]+$", "", re.sub(BEFORE, "", re.split(r"\d", told, maxsplit=1)[0]))
    return words if _WORD.search(words) else None


def value(line: str) -> int:
    """The amount at a line's end, without its separators; 0 where there is none."""
    found = _AMOUNT.search(line.lower())
    return int(re.sub(r"\D", "", found[1])[:15]) if found else 0


def total_label(sales: Sequence[Document]) -> str | None:
    """The words that introduce the total: in every sale, best with exactly what stands above."""
    wanted = [dict.fromkeys(label(line) for line in sale.lines) for sale in sales]
    shared = [words for words in wanted[0] if words and all(words in each for each in wanted)]
    for exactly in (True, False):
        for words in shared:
            if all(_crowns(words, sale, exactly) for sale in sales):
                return words
    return None


def _crowns(words: str, sale: Document, exactly: bool) -> bool:
    above: list[int] = []
    for line in sale.lines:
        if label(line) == words:
            most = max(above, default=0)
            return value(line) in (sum(above), most) if exactly else 0 < most <= value(line)
        if _PRICE.search(line.lower()):
            above.append(value(line))
    return False


def label_pattern(words: str, behind: str = "") -> str:
    """A safe pattern for lines that begin with these words."""
    signs = {" ": r"\s{1,9}"}
    text = "".join(
        signs.get(sign, re.escape(sign) if sign.isascii() or sign.isalnum() else ".")
        for sign in words[:80]
    )
    return check_pattern(rf"^[\W_]*{text}{behind or chr(92) + 'b'}")
