"""Reads a settings file line by line where it is no TOML: one typing error hides no other.

A parser stops at the first thing that it cannot read. Here that line is told and left out, and the
rest is read again, so that whoever mends the file mends all of it at once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, Final

MOST: Final = 20
"""Lines that are left out before one gives up: that is no settings file any more."""

_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_HEADER = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)")
_TABLE = re.compile(r"\s*\[+\s*([\w.-]+)")
_TWICE = re.compile("Cannot|Duplicate")

ENDLESS: Final = "what begins here does not end: a bracket or a quote is missing"

_WORDS: Final = (
    (re.compile("Invalid value"),
     'the value cannot be read; a text stands between straight quotes, "so"'),
    (re.compile(r"Illegal character '\\[nr]'"),
     "a quote that begins here does not end on this line"),
    (re.compile("Unclosed|Unterminated"), ENDLESS),
    (re.compile("Expected '='"), "“=” is missing between name and value"),
    (_TWICE, "the same stands there twice"),
    (re.compile("Expected newline"),
     "behind the value stands something that does not belong there"),
    (re.compile("Expected '\\]|Invalid initial character for a key part"),
     "the name of a table stands between two brackets"),
)  # fmt: skip
"""What Python's parser says, for people who never heard of it."""


@dataclass(slots=True)
class Lines:
    """What could be read, what could not, and which names stand on lines that were left out."""

    values: dict[str, Any]
    faults: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def is_about_lost(self, fault: str) -> bool:
        """Whether a fault only says that something is missing which stands on such a line."""
        place, _, what = fault.partition(": ")
        return place in self.lost and what.startswith("is missing")


def read_lines(source: str) -> Lines:
    """Everything of it that can be read."""
    found, lines = Lines({}), source.split("\n")
    while len(found.faults) < MOST:
        try:
            found.values = tomllib.loads("\n".join(lines) + "\n")
        except RecursionError:
            found.faults.append("is no TOML: it is nested too deep")
        except ValueError as fault:
            if _left_out(found, lines, str(fault)):
                continue
        return found
    return found


def in_plain_words(fault: str) -> str:
    """Python's own sentence about what is no TOML, said plainly; with the line where it was."""
    where = _LINE.search(fault)
    bare = _LINE.sub("", fault).removesuffix(" (at end of document)")
    told = next((words for known, words in _WORDS if known.match(bare)), bare)
    return f"is no TOML: {told}{where[0] if where else ''}"


def _left_out(found: Lines, lines: list[str], fault: str) -> bool:
    """Tell it and leave its line out; False where nobody knows which."""
    where = _LINE.search(fault)
    at = min(int(where[1]), len(lines)) - 1 if where else len(lines) - 1
    begins = at if _TWICE.match(fault) else _beginning(lines, at)
    told = in_plain_words(fault)
    if where is None and _is_whole(lines[begins]):
        found.faults.append(told)
        return False
    if begins != at:
        told = f"is no TOML: {ENDLESS} (at line {begins + 1}, column 1)"
    found.faults.append(told)
    _leave_out(found, lines, begins)
    return True


def _beginning(lines: list[str], at: int) -> int:
    """The line itself, or one above it that does not end where it should."""
    if not _is_whole(lines[at]):
        return at
    above = (number for number in reversed(range(at)) if not _is_whole(lines[number]))
    return next(above, at)


def _is_whole(line: str) -> bool:
    try:
        tomllib.loads(line + "\n")
    except (ValueError, RecursionError):
        return False
    return True


def _leave_out(found: Lines, lines: list[str], at: int) -> None:
    """A line; where it begins a table all of that, for its keys would count for another."""
    heads = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if at in heads:
        until = next((number for number in heads if number > at), len(lines))
        lines[at:until] = [""] * (until - at)
        return
    above = [number for number in heads if number < at]
    table = _TABLE.match(lines[above[-1]]) if above else None
    if key := _KEY.match(lines[at]):
        name = key[1].strip("\"'")
        found.lost.add(f"{table[1]}.{name}" if table else name)
    lines[at] = ""
