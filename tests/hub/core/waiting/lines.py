"""A line with four registers, and facts about it, for the tests beside this page."""

from __future__ import annotations

from collections.abc import Iterable

from hub.core.waiting.facts import Counted, Fact, Line, LineId, Sold
from hub.core.waiting.following import after
from hub.core.waiting.queue import Queue, begun
from hub.core.waiting.services import Services
from shared.places import PointId

START = 1_763_971_200_000
NAME = LineId("line-1")
POINTS = tuple(PointId(f"caja-{number}") for number in range(1, 5))
LINE = Line(NAME, POINTS)


def told(queue: Queue, facts: Iterable[Fact], services: Services | None = None) -> Queue:
    """The line after these facts."""
    for fact in facts:
        queue = after(queue, fact, services or Services()).queue
    return queue


def open_queue(registers: int, waiting: int = 0) -> Queue:
    """Registers that have just sold, and a line of so many."""
    sold = [Sold(START + number, point) for number, point in enumerate(POINTS[:registers])]
    return told(begun(LINE, START), [*sold, Counted(START + 1_000, NAME, waiting)])


def rush(begins: int, seconds: int, line: int = 12) -> list[Fact]:
    """Registers that sell in turn every 22.5 s, and as many come: a line that stays as it is."""
    facts: list[Fact] = []
    for second in range(5, seconds, 5):
        at = begins + 1_000 * second
        turn = second * 1_000 // 22_500
        if turn != (second - 5) * 1_000 // 22_500:
            facts += [Sold(at, POINTS[turn % 4]), Counted(at + 100, NAME, line - 1)]
        facts.append(Counted(at + 2_000, NAME, line))
    return facts
