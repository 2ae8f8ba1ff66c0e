"""Works out how a receipt printer's stream is to be read, from three sales, a copy and a refund."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kiosk.core.documents import DEFAULT_RULES, Rule, Rules
from kiosk.core.headings import TOTALS
from kiosk.core.learning_ends import ended, read_by
from kiosk.core.learning_lines import (
    Document,
    heading_pattern,
    label,
    label_pattern,
    telling,
    total_label,
)
from kiosk.core.learning_pages import page_of
from kiosk.core.learnt import (
    BY_HAND,
    Again,
    Capture,
    Conclusion,
    Kind,
    Proposal,
    Undecided,
    Unsettled,
    checked,
)
from kiosk.core.patterns import compiled
from kiosk.core.receipts import ReceiptSettings

_MINUS: Final = r".{0,60}(?:-\W{0,3}\d|\d-$)"


def as_receipts(captures: Sequence[Capture], port: Mapping[str, Any]) -> Conclusion:
    """The table [till] for these prints, or why there is none."""
    try:
        return _Study(captures, port).conclusion()
    except Unsettled as fault:
        return fault.conclusion


class _Study:
    """One look at all prints: each step settles a key of the table, with its evidence."""

    def __init__(self, captures: Sequence[Capture], port: Mapping[str, Any]) -> None:
        self._captures = captures
        self._heard = [capture for capture in captures if capture.chunks]
        self._table: dict[str, Any] = {"kind": "receipt", **port}
        self._evidence: list[str] = []
        self._own: list[Rule] = []

    def conclusion(self) -> Proposal | Undecided:
        settings = self._paged()
        end = ended(settings, self._captures)
        self._table |= end.keys
        self._evidence.append(end.evidence)
        settings = replace(end.settings, rules=settings.rules)
        papers = [self._papers(settings, capture) for capture in self._captures]
        rules = self._selling(settings.rules, papers)
        papers = [self._papers(replace(settings, rules=rules), one) for one in self._captures]
        self._once(papers)
        for kind in (Kind.COPY, Kind.REFUND):
            self._apart(kind, papers)
        if self._own:
            self._table["rules"] = [
                {"name": rule.name, "patterns": list(rule.patterns), "verdict": "not_sale"}
                for rule in self._own
            ]
        return checked(self._table, self._evidence, self._captures)

    def _paged(self) -> ReceiptSettings:
        encoding, why = page_of([capture.data for capture in self._heard])
        self._table["encoding"] = encoding
        self._evidence.append(f"letters: {encoding} ({why})")
        return ReceiptSettings(encoding=encoding, rules=Rules())

    def _papers(self, settings: ReceiptSettings, capture: Capture) -> list[Document]:
        return read_by(settings, capture).documents

    def _of(self, kind: Kind, papers: Sequence[list[Document]]) -> list[list[Document]]:
        pairs = zip(self._captures, papers, strict=True)
        return [found for capture, found in pairs if capture.kind is kind and found]

    def _selling(self, rules: Rules, papers: Sequence[list[Document]]) -> Rules:
        """Rules by which every sale is one: without those that it is taken for, with its total."""
        sales = self._of(Kind.SALE, papers)
        mains = [max(found, key=lambda one: len(one.lines)) for found in sales]
        if not any(main.lines for main in mains):
            raise Unsettled(Undecided(_PICTURES, _PICTURES_HINT))
        rules = self._without(rules, mains)
        if (fewest := min(len(main.lines) for main in mains)) < rules.fewest_lines:
            self._table["fewest_lines"] = fewest
            rules = replace(rules, fewest_lines=fewest)
        return self._with_total(rules, mains)

    def _without(self, rules: Rules, mains: Sequence[Document]) -> Rules:
        names = {rule.name for rule in DEFAULT_RULES}
        misled = sorted({main.rule for main in mains if not main.sale} & names)
        if not misled:
            return rules
        if not all(main.rule in misled for main in mains):
            number = next(i for i, one in enumerate(mains) if one.rule in misled)
            why = f"sale {number + 1} looks like none (rule “{mains[number].rule}”), the others do"
            raise Unsettled(Again(Kind.SALE, why, (self._number_of_sale(number),)))
        if "test" in misled:
            raise Unsettled(Undecided("the sales say that they are tests", _TEST_HINT))
        self._table["without_rules"] = misled
        told = " and ".join(f"“{name}”" for name in misled)
        count = len(mains)
        self._evidence.append(f"not used: rule {told} (it speaks in {count} of {count} sales)")
        return replace(rules, ordered=tuple(r for r in rules.ordered if r.name not in misled))

    def _number_of_sale(self, number: int) -> int:
        sales = [at for at, one in enumerate(self._captures) if one.kind is Kind.SALE]
        return sales[number]

    def _with_total(self, rules: Rules, mains: Sequence[Document]) -> Rules:
        count = len(mains)
        usual = compiled(TOTALS)
        if all(any(usual.search(line) for line in main.lines) for main in mains):
            self._evidence.append(
                f"a sale: says a total, in the usual words ({count} of {count} sales)"
            )
            return rules
        words = total_label(mains)
        if words is None:
            raise Unsettled(Undecided(_NO_TOTAL, BY_HAND))
        pattern = label_pattern(words)
        self._table["must"] = [pattern]
        self._evidence.append(f"a sale: says “{words}” ({count} of {count} sales)")
        return replace(rules, must=(pattern,))

    def _once(self, papers: Sequence[list[Document]]) -> None:
        """Every sale is one document; where each comes twice, the second is passed over."""
        counts = [sum(one.sale for one in found) for found in self._of(Kind.SALE, papers)]
        if all(count == 1 for count in counts):
            return
        if len(set(counts)) == 1 and counts[0] == 2 and self._are_twins(papers):
            self._table["least_ms_between"] = _TWICE_MS
            self._evidence.append(
                f"every sale is printed twice ({len(counts)} of {len(counts)} sales)"
            )
            return
        number = next(i for i, count in enumerate(counts) if count != 1)
        why = f"sale {number + 1} holds {counts[number]} receipts that look like sales; print one"
        raise Unsettled(Again(Kind.SALE, why, (self._number_of_sale(number),)))

    def _are_twins(self, papers: Sequence[list[Document]]) -> bool:
        for found in self._of(Kind.SALE, papers):
            one, other = (frozenset(paper.lines) for paper in found if paper.sale)
            if len(one & other) < _TWINS * max(len(one), len(other)):
                return False
        return True

    def _apart(self, kind: Kind, papers: Sequence[list[Document]]) -> None:
        """By what this kind is told from a sale: a rule that speaks already, or one of its own."""
        found = self._of(kind, papers)
        if not found:
            self._evidence.append(f"a {kind}: nothing came of it by this wire, so none is counted")
            return
        sales = [one for each in self._of(Kind.SALE, papers) for one in each if one.lines]
        rules = {one.rule for each in found for one in each if one.lines}
        if not any(one.sale for each in found for one in each) and not rules & _WEAK:
            told = ", ".join(f"“{rule}”" for rule in sorted(rules))
            self._tell_apart(kind, f"rule {told}", len(found), len(sales))
            return
        mains = [next((one for one in each if one.sale), each[-1]) for each in found]
        self._learn(kind, mains, sales)

    def _learn(self, kind: Kind, mains: Sequence[Document], sales: Sequence[Document]) -> None:
        headings = telling(mains, sales)
        if len(headings) > 1 and len(mains) == 1:
            why = f"{len(headings)} of its lines stand in no sale; one {kind} more tells which"
            raise Unsettled(Again(kind, why))
        pattern = heading_pattern(headings[0]) if headings else _negative(mains, sales)
        if pattern is None and not any(main.sale for main in mains):
            rule = f"“{mains[0].rule}”"
            return self._tell_apart(
                kind, f"verdict {rule}, and no line of its own", len(mains), len(sales)
            )
        if pattern is None or any(compiled((pattern,)).search(x) for s in sales for x in s.lines):
            raise Unsettled(Undecided(f"a {kind} looks like a sale: {_SAME}", _same_hint(kind)))
        self._own.append(Rule(f"own_{kind}", (pattern,)))
        self._tell_apart(kind, f"own rule, a line like {pattern}", len(mains), len(sales))
        return None

    def _tell_apart(self, kind: Kind, by: str, count: int, sales: int) -> None:
        many = "copies" if kind is Kind.COPY else "refunds"
        self._evidence.append(f"a {kind}: {by} ({count} of {count} {many}, 0 of {sales} sales)")


_WEAK: Final = frozenset({"short", "without_total"})
_TWINS: Final = 0.8  # of the lines; a merchant's copy says whose it is
_TWICE_MS: Final = 4_000
"""Longer than two copies take, shorter than two customers."""

_TEST_HINT: Final = "Let the till leave its training mode, and learn again."
_SAME: Final = "it has no line that stands in no sale"
_NO_TOTAL: Final = "no line with an amount stands in all the sales, so nothing tells a sale's total"
_PICTURES: Final = "this till prints its receipts as pictures, in which nothing can be read"
_PICTURES_HINT: Final = (
    "Set its printer driver to text. Or set pictures_are_sales = true in [till]: then copies and "
    "refunds are counted, too."
)


def _same_hint(kind: Kind) -> str:
    return (
        f"Let the till print a heading on its {'copies' if kind is Kind.COPY else 'refunds'} "
        "(most can, in the layout of their receipts), and learn again."
    )


def _negative(mains: Sequence[Document], sales: Sequence[Document]) -> str | None:
    """A line that every sale has with an amount, and these with a minus before or behind it."""
    minus = re.compile(_MINUS)
    shared = [set(map(label, sale.lines)) for sale in sales]
    for line in mains[0].lines:
        words = label(line)
        if not words or not minus.search(line) or not all(words in each for each in shared):
            continue
        pattern = label_pattern(words, _MINUS)
        if all(any(compiled((pattern,)).search(x) for x in main.lines) for main in mains):
            return pattern
    return None
