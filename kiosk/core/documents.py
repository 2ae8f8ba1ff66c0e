"""Was that piece of paper a sale? Rules decide; the text they look at is never kept.

Laws of this page
1. A line is matched when it comes and forgotten at once: only which rules matched is remembered.
2. A word counts as a heading where it stands alone on its line. “Devoluciones en 15 días” at the
   foot of a receipt is no refund, and “fotocopia” among the articles no copy.
3. The first rule of the list that matched gives the verdict; what none matched is a sale if it has
   enough lines and a total.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.core.headings import (
    CARD_SLIPS,
    CASH,
    COPIES,
    DRAWERS,
    GIFTS,
    RECEIPT_LINES,
    REFUNDS,
    REPORTS,
    TESTS,
    TOTALS,
    UNFINISHED,
)
from kiosk.core.patterns import LONGEST_LINE, closed_up, compiled, fold
from shared.sales import SaleSource


class Verdict(StrEnum):
    """What a rule says of a document that it matches."""

    SALE = "sale"
    NOT_SALE = "not_sale"


@dataclass(frozen=True, slots=True)
class Rule:
    """Matches a document where any of `patterns` matches a line and none of `unless` does."""

    name: str
    patterns: tuple[str, ...]
    verdict: Verdict = Verdict.NOT_SALE
    unless: tuple[str, ...] = ()


DEFAULT_RULES = (
    Rule("test", TESTS),
    Rule("copy", COPIES),
    Rule("card_slip", CARD_SLIPS, unless=RECEIPT_LINES),
    Rule("gift", GIFTS),
    Rule("refund", REFUNDS),
    Rule("report", REPORTS),
    Rule("cash", CASH),
    Rule("drawer", DRAWERS),
    Rule("unfinished", UNFINISHED),
)
"""Spanish, English, Portuguese, French and German; see docs/till.md."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How documents are judged.

    `must`: one of these patterns has to match a line of every sale (none given: no such duty).
    `fewest_lines`: shorter documents are no sale. `pictures_are_sales`: for tills that print the
    whole receipt as a picture, in which nothing can be read.
    """

    ordered: tuple[Rule, ...] = DEFAULT_RULES
    must: tuple[str, ...] = TOTALS
    fewest_lines: int = 3  # a heading, an article, a total
    pictures_are_sales: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a till's signal told: a sale or not, and the name of the rule that says so.

    `at` is boot time in milliseconds.
    """

    at: int
    source: SaleSource
    sale: bool
    rule: str


class Judge:
    """Hears one document line by line and says at its end what it was."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._patterns = [
            (compiled(rule.patterns), compiled(rule.unless)) for rule in rules.ordered
        ]
        self._must = compiled(rules.must)
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._lines = 0
        self._kicked = self._pictured = False
        self._total = not self._rules.must
        self._matched: set[int] = set()
        self._excused: set[int] = set()

    def kick(self) -> None:
        """The drawer was opened."""
        self._kicked = True

    def picture(self) -> None:
        """A picture was printed."""
        self._pictured = True

    def line(self, text: str) -> None:
        """A line was printed; blank ones do not count."""
        text = fold(text[:LONGEST_LINE]).strip()
        if not text:
            return
        self._lines += 1
        self._match(text)
        if (drawn_together := closed_up(text)) != text:
            self._match(drawn_together)

    def end(self) -> tuple[bool, str]:
        """Whether the document was a sale, and the rule; a new document begins."""
        verdict = self._ruling()
        self.forget()
        return verdict

    @property
    def empty(self) -> bool:
        """Nothing has been heard of a document yet."""
        return not (self._lines or self._kicked or self._pictured)

    def _match(self, text: str) -> None:
        self._total = self._total or self._must.search(text) is not None
        for number, (patterns, unless) in enumerate(self._patterns):
            if number not in self._matched and patterns.search(text):
                self._matched.add(number)
            if number not in self._excused and unless.search(text):
                self._excused.add(number)

    def _ruling(self) -> tuple[bool, str]:
        if self._lines == 0:
            return self._wordless()
        for number in sorted(self._matched - self._excused):
            rule = self._rules.ordered[number]
            return rule.verdict is Verdict.SALE, rule.name
        if self._lines < self._rules.fewest_lines:
            return False, "short"
        return (True, "sale") if self._total else (False, "without_total")

    def _wordless(self) -> tuple[bool, str]:
        if self._pictured:
            return self._rules.pictures_are_sales, "picture"
        return False, "drawer" if self._kicked else "empty"


class Pace:
    """Lets at most one sale pass in `every_ms`: for printers that print two copies of each."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._last: int | None = None

    def admit(self, seen: Seen) -> Seen:
        """The same, or as “repeated” and no sale where it comes too soon after the last sale."""
        if not seen.sale:
            return seen
        if self._last is not None and 0 <= seen.at - self._last < self._every_ms:
            return replace(seen, sale=False, rule="repeated")
        self._last = seen.at
        return seen
