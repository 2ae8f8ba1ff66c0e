"""On which line of a settings file a fault stands, for whoever mends it with a text editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TABLE = re.compile(r"\s*\[\[?\s*([^\]#]+?)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")
_PLACE = re.compile(r"\[?([\w.-]+(?:\[\d+\][\w.-]*)*)\]?(?::| and )")
_TOLD = re.compile(r" \(at line (\d+), column \d+\)$")

_UNREADABLE = "is no TOML"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and on which line, where there is one."""

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


def at_lines(source: str, faults: Sequence[str]) -> tuple[Fault, ...]:
    """The faults with their lines, those higher up first; what is missing stands nowhere."""
    places = dict(_places(source))
    found = [Fault(_bare(text), _line_of(text, places)) for text in faults]
    return tuple(sorted(found, key=lambda one: (one.line is None, one.line or 0)))


def _bare(fault: str) -> str:
    """Without the place that is told beside it."""
    return _TOLD.sub("", fault) if fault.startswith(_UNREADABLE) else fault


def _line_of(fault: str, places: dict[str, int]) -> int | None:
    if fault.startswith(_UNREADABLE):
        told = _TOLD.search(fault)
        return int(told[1]) if told else None
    named = _PLACE.match(fault)
    if named is None:
        return None
    # A key that is not there is meant for its table: “broker.password: is missing”.
    place = named[1]
    return places.get(place) or places.get(re.sub(r"\[\d+\]", "", place))


def _places(source: str) -> Iterator[tuple[str, int]]:
    """Where each key and table stands; a text over several lines may look like one, and is taken
    for one: it costs no more than a wrong line number."""
    table, seen = "", {""}
    for number, line in enumerate(source.splitlines(), 1):
        if header := _TABLE.fullmatch(line.partition("#")[0].rstrip()):
            table = _plain(header[1])
            if table not in seen:
                seen.add(table)
                yield table, number
        elif key := _KEY.match(line):
            place = f"{table}.{_plain(key[1])}" if table else _plain(key[1])
            if place not in seen:
                seen.add(place)
                yield place, number


def _plain(name: str) -> str:
    return re.sub(r"[\"'\s]", "", name)
