"""What a store tells about its lines, and how its registers and lines belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType

from shared.errors import WordError
from shared.places import PointId, StoreId

LineId = NewType("LineId", str)
"""A line in a store, e.g. `line-1`; a lane before one register is a line, too."""


class Sold(NamedTuple):
    """A sale at a register: a service ended just then, whether a pulse or a record says so."""

    at: int
    point_id: PointId


class Source(StrEnum):
    """Who counted."""

    COUNTER = "counter"
    TYPED = "typed"
    GATE = "gate"


class Counted(NamedTuple):
    """So many people stood in a line."""

    at: int
    line_id: LineId
    number: int
    source: Source = Source.COUNTER


class Entered(NamedTuple):
    """Somebody joined a line."""

    at: int
    line_id: LineId


class Left(NamedTuple):
    """Somebody left a line, to be served or for good."""

    at: int
    line_id: LineId


class Drew(NamedTuple):
    """Somebody drew a ticket."""

    at: int
    line_id: LineId
    ticket: str


class Called(NamedTuple):
    """A ticket was called."""

    at: int
    line_id: LineId
    ticket: str


class Staffed(NamedTuple):
    """A roster or a kiosk's pulse says that a register is open, or closed: a help, no proof."""

    at: int
    point_id: PointId
    open: bool


Fact = Sold | Counted | Entered | Left | Drew | Called | Staffed

Hear = Callable[[StoreId, Fact, int], None]
"""Tell a store's queue a fact, and when it was received; returns at once, from any thread."""


def unheard(_store: StoreId, _fact: Fact, _received_at: int) -> None:
    """Nobody estimates waits here."""


MOST_REGISTERS = 60
"""More stand in no store before one line; and an estimate for 60 still takes a millisecond."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and the registers that serve it.

    `counts_served` says that its counter sees whoever is being served, too, as over a lane.
    """

    line_id: LineId
    registers: tuple[PointId, ...]
    counts_served: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(set(self.registers)) == len(self.registers) <= MOST_REGISTERS:
            raise WordError(f"a line needs registers, each once, at most {MOST_REGISTERS}")
