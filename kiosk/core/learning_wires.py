"""Works out the reader of a customer display, or of plain lines, from what they told of sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kiosk.core.learning_lines import pattern_of, shape
from kiosk.core.learnt import (
    BY_HAND,
    Capture,
    Conclusion,
    Kind,
    Undecided,
    checked,
    replay,
)
from kiosk.core.patterns import LONGEST_LINE, fold
from kiosk.core.poles import Dialect

COLUMNS: Final = (20, 16, 24, 40)
"""Of the usual displays, the commonest first."""

_NO_DISPLAY: Final = Undecided("it is no customer display with the usual words", BY_HAND)
_NO_LINE: Final = Undecided(
    "no line stands once in every sale, and in no copy and no refund", BY_HAND
)
_LINE_SIGNS: Final = frozenset((*range(0x20, 0x7F), *range(0x80, 0x100), *b"\r\n\t"))


def as_pole(captures: Sequence[Capture], port: Mapping[str, Any]) -> Conclusion:
    """The table of a display whose changes mark these sales."""
    for dialect in Dialect:
        for columns in COLUMNS:
            table = {"kind": "pole", **port, "dialect": dialect.value, "columns": columns}
            if all(one.right for one in replay(table, captures)):
                sales = sum(one.kind is Kind.SALE for one in captures)
                told = f"a sale: a total, then change or thanks ({sales} of {sales} sales)"
                return checked(table, (told, *_others(captures)), captures)
    return _NO_DISPLAY


def as_lines(captures: Sequence[Capture], port: Mapping[str, Any]) -> Conclusion:
    """The table of a till that writes a line for each sale."""
    if not all(set(capture.data) <= _LINE_SIGNS for capture in captures):
        return _NO_LINE
    shapes = [(capture.kind, _shapes(capture)) for capture in captures]
    sales = [found for kind, found in shapes if kind is Kind.SALE]
    others = {one for kind, found in shapes if kind is not Kind.SALE for one in found}
    for told in reversed(sales[0]):  # the last is written when all is paid
        if told in others or any(found.count(told) != 1 for found in sales):
            continue
        table = {"kind": "line", **port, "pattern": [pattern_of(told)]}
        if all(one.right for one in replay(table, captures)):
            why = f"a sale: a line like {pattern_of(told)} ({len(sales)} of {len(sales)} sales)"
            return checked(table, (why, *_others(captures)), captures)
    return _NO_LINE


def _others(captures: Sequence[Capture]) -> list[str]:
    told = []
    for kind in (Kind.COPY, Kind.REFUND):
        heard = any(one.chunks for one in captures if one.kind is kind)
        why = "is told in other words" if heard else "is not told by this wire"
        told.append(f"a {kind}: {why}, so none is counted")
    return told


def _shapes(capture: Capture) -> list[str]:
    text = capture.data.decode("utf-8", "replace").replace("\n", "\r")
    lines = (fold(line[:LONGEST_LINE]).strip() for line in text.split("\r"))
    return [shape(line) for line in lines if any(map(str.isalnum, line))]
