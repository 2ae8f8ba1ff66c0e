"""Patterns for a till's text: checked so that none can stall a kiosk, and blind to accents.

A pattern is a Python regular expression, searched in one line of at most LONGEST_LINE characters,
without regard to case or accents. `check_pattern` refuses what could run for ever on such a line:
a repeat or an alternative inside a repeat (exponential time), and more than MOST_REPEATS open
repeats in one pattern (the time grows with the line's length to that power).
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LINE = 200
"""Characters. The widest receipt paper holds 64, slip printers 96, journals 132."""

LONGEST_PATTERN = 200
"""Characters. Nobody reads a longer one; list two patterns instead."""

MOST_REPEATS = 3
"""`*`, `+` and wide `{m,n}` in one pattern: on the worst line 3 take 0.2 s on a PC, 4 take 10 s."""

NARROW = 9
"""A `{m,n}` up to this wide tries too few ways to count as an open repeat."""

_GROUP_KINDS = (":", "=", "!", "<=", "<!")
_SPACED_OUT = re.compile(r"(?:(?<=^\w)|(?<=\s\w)) (?=\w(?:\s|\W*$))")
_BRACES = re.compile(r"\{(\d{0,4})(,?)(\d{0,4})\}")


def fold(text: str) -> str:
    """The text without accents: what is matched, so that DEVOLUCIÓN and DEVOLUCION are one."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def closed_up(text: str) -> str:
    """The text with letters that were s p a c e d   o u t for show drawn together."""
    return _SPACED_OUT.sub("", text)


def compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds any of these (checked) patterns in a folded line."""
    either = "|".join(f"(?:{fold(pattern)})" for pattern in patterns)
    return re.compile(either or r"(?!)", re.IGNORECASE)


def check_pattern(pattern: str) -> str:
    """Return the pattern if it is safe to use; raise ValueError saying what is wrong with it."""
    if not 1 <= len(pattern) <= LONGEST_PATTERN:
        raise ValueError(f"a pattern has 1 to {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # “possible nested set”: means something else soon
            re.compile(fold(pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, Warning) as fault:
        raise ValueError(f"{pattern!r} is no regular expression: {fault}") from fault
    _Scan(fold(pattern)).run()
    return pattern


@dataclass(slots=True)
class _Group:
    """What a parenthesis that is still open contains so far."""

    repeats: bool = False
    chooses: bool = False


class _Scan:
    """One walk over a pattern that is known to compile, counting repeats and their nesting."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._open: list[_Group] = [_Group()]
        self._last = _Group()  # the atom just passed: what a quantifier would repeat
        self._repeats = 0

    def run(self) -> None:
        while self._at < len(self._pattern):
            self._step(self._pattern[self._at])
        if self._repeats > MOST_REPEATS:
            raise ValueError(
                f"{self._pattern!r} has {self._repeats} open repeats (at most {MOST_REPEATS}): "
                "write two patterns, or {0,9} where a few are enough"
            )

    def _step(self, sign: str) -> None:
        if sign == "(":
            self._begin_group()
        elif sign == ")":
            self._last = self._open.pop()
            self._open[-1].repeats |= self._last.repeats
            self._open[-1].chooses |= self._last.chooses
            self._at += 1
        elif sign == "|":
            self._open[-1].chooses = True
            self._at += 1
        elif sign in "*+?{" and self._quantified():
            pass
        else:
            self._last = _Group()
            self._at = self._end_of_atom()

    def _begin_group(self) -> None:
        self._at += 1
        self._open.append(_Group())
        if self._pattern[self._at] != "?":
            return
        kinds = [kind for kind in _GROUP_KINDS if self._pattern.startswith(kind, self._at + 1)]
        if not kinds:
            raise ValueError(f"{self._pattern!r}: of the groups “(?…” only (?: (?= (?! (?<= (?<!")
        self._at += 1 + len(kinds[0])

    def _quantified(self) -> bool:
        """Pass over a quantifier here, if it is one, and judge what it repeats."""
        sign = self._pattern[self._at]
        braces = _BRACES.match(self._pattern, self._at)
        if sign == "{" and (braces is None or braces.group() in ("{}", "{,}")):
            return False
        fewest, most = (0, 1) if sign == "?" else (0, None)
        if braces is not None:
            fewest = int(braces[1] or 0)
            most = (int(braces[3]) if braces[3] else None) if braces[2] else fewest
        self._at = braces.end() if braces is not None else self._at + 1
        if self._pattern[self._at : self._at + 1] in ("?", "+"):  # lazy or possessive: no matter
            self._at += 1
        self._judge(fewest, most)
        return True

    def _judge(self, fewest: int, most: int | None) -> None:
        if (most is None or most > 1) and (self._last.repeats or self._last.chooses):
            raise ValueError(
                f"{self._pattern!r} repeats something that repeats or chooses itself: "
                "that can take for ever; write it out"
            )
        if most is None or most - fewest > NARROW:
            self._repeats += 1
        if most is None or most != fewest:
            self._open[-1].repeats = True

    def _end_of_atom(self) -> int:
        sign = self._pattern[self._at]
        if sign == "\\":
            if self._pattern[self._at + 1].isdigit():
                raise ValueError(f"{self._pattern!r} refers back to a group; write it out")
            return self._at + 2
        if sign != "[":
            return self._at + 1
        at = self._at + (2 if self._pattern.startswith("[^", self._at) else 1)
        at += 1 if self._pattern.startswith("]", at) else 0  # a “]” that comes first is itself
        while self._pattern[at] != "]":
            at += 2 if self._pattern[at] == "\\" else 1
        return at + 1
