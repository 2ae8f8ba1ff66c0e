"""How a store lays out its lines, and on which terms it tells their waits: its own settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.waiting.alarming import Limits
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.noticing import Terms
from hub.core.waiting.services import USUAL_MS
from shared.errors import WordError
from shared.places import PointId, StoreId, check_name

MOST_LINES: Final = 60
"""A lane for each register of the largest store."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where alerts are sent, too: an address, and the key that signs what is sent there."""

    address: str
    key: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a store; a register stands at one of them at most.

    Between the lines in `lanes` people step over, and the quickest of them is named. `usual_ms` is
    what a service takes before anything was learned. `names` are shown to shoppers.
    """

    serial: int
    lines: tuple[Line, ...]
    names: Mapping[LineId, str] = field(default_factory=dict)
    lanes: frozenset[LineId] = frozenset()
    usual_ms: int = USUAL_MS
    terms: Terms = field(default_factory=Terms)
    limits: Limits = field(default_factory=Limits)
    hook: Hook | None = None

    def __post_init__(self) -> None:
        if not self.serial >= 1 or not len(self.lines) <= MOST_LINES:
            raise WordError(f"a layout has a serial from 1 on, and at most {MOST_LINES} lines")
        known = [check_name(line.line_id, "line") for line in self.lines]
        registers = [point for line in self.lines for point in line.registers]
        if len(set(known)) < len(known) or len(set(registers)) < len(registers):
            raise WordError("a line stands twice, or a register at two lines")
        if not {*self.lanes, *self.names} <= set(known):
            raise WordError("a lane or a name of no line")
        if not 2_000 <= self.usual_ms <= 1_800_000:
            raise WordError("a service takes from 2 seconds to 30 minutes")

    def line_at(self, point: PointId) -> LineId | None:
        """The line before this register; None where it stands at none."""
        serves = (line.line_id for line in self.lines if point in line.registers)
        return next(serves, None)


class Layouts(Protocol):
    """Where layouts are kept. Any method may raise ArchiveError."""

    def layout(self, store: StoreId) -> Layout | None:
        """The layout of a store; None where it tells no waits."""

    def layouts(self) -> Iterable[tuple[StoreId, Layout]]:
        """The layout of every store that has one."""

    def serials(self) -> Mapping[StoreId, int]:
        """The serial of each layout: whether anything changed is cheap to see."""

    def lay_out(
        self, store: StoreId, layout: Layout, at: int, note: Note, seen: int | None = None
    ) -> int:
        """Let this be the layout of a store, with the next serial, which is returned.

        `seen` is the serial that was looked at (0: there was none); raises EditedMeanwhile where
        that is not what stands there.
        """
