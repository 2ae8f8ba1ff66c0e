"""What the page Queue and the card “Queue now” show of a store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hub.core.ports import Point, Store
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import (
    UNWATCHED_MS,
    Judged,
    Opened,
    Rights,
    Span,
    Told,
)
from hub.core.waiting.layout import Layout
from shared.places import PointId, StoreId


class Doubted(NamedTuple):
    """What is wrong with what a line or register rests on: how often, and since when or when."""

    place: str
    what: str
    times: int
    at: int | None


class Alerted(NamedTuple):
    """A line that is long, or needs registers; `until` is None while it stands."""

    line_id: LineId
    kind: str
    since: int
    until: int | None
    registers: int


class Typed(NamedTuple):
    """So many people were typed to wait in a line."""

    line_id: LineId
    number: int
    at: int
    user: str


class Stamp(NamedTuple):
    """When the newest word came, and what else changes with the queue; cheap to ask for."""

    at: int
    rest: str


class QueueBook(Protocol):
    """What is kept of a store's lines. Any method may raise ArchiveError."""

    def stamp(self, store: StoreId, lines: Collection[LineId], until: int) -> Stamp:
        """Changes with whatever is told (before `until`), doubted or alerted."""

    def newest(self, store: StoreId, lines: Collection[LineId], until: int) -> Sequence[Told]:
        """The last word of each of these lines before `until`: a clock that was set back leaves
        words of a time yet to come."""

    def slots(self, store: StoreId, span: Span, size: int) -> Sequence[Told]:
        """The last word of each line in each stretch of so many ms."""

    def openings(self, store: StoreId, span: Span) -> Sequence[Opened]:
        """The changes in a span, and of each register the last one of the two days before."""

    def judged(self, store: StoreId, span: Span) -> Sequence[Judged]:
        """How right each line was in the hours that begin in a span."""

    def doubts(self, store: StoreId) -> Sequence[Doubted]:
        """What is wrong now."""

    def alerts(self, store: StoreId, span: Span) -> Sequence[Alerted]:
        """Those that stood at any time of a span, newest first."""

    def typed(self, store: StoreId, since: int) -> Sequence[Typed]:
        """The last count of each line that somebody typed since then."""


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line now; `told` is None where nothing was ever told."""

    line_id: LineId
    name: str
    registers: tuple[PointId, ...]
    told: Told | None = None
    typed: Typed | None = None

    @property
    def open(self) -> int:
        """How many registers are thought to be open, as a whole number that can be."""
        return 0 if self.told is None else min(len(self.registers), round(self.told.open))


@dataclass(frozen=True, slots=True)
class NowView:
    """All lines of a store now. `watched`: the newest word is younger than two minutes."""

    store: Store
    layout: Layout
    now: int
    newest_at: int | None
    lines: tuple[LineNow, ...]
    lately: Rights
    """How right the last step of each line was, if that is no news of yesterday."""

    @property
    def watched(self) -> bool:
        """Whether the queue is being watched."""
        return self.newest_at is not None and self.now - self.newest_at <= UNWATCHED_MS

    @property
    def foremost(self) -> LineNow:
        """The line that is told of where there is room for one: where most are thought to wait."""
        return max(self.lines, key=lambda line: line.told.waiting if line.told else -1.0)

    @property
    def quickest(self) -> LineNow | None:
        """The lane that is named, where that is another one."""
        named = (line for line in self.lines if line.told and line.told.quickest)
        return next((line for line in named if line != self.foremost), None)

    @property
    def waiting(self) -> int:
        """How many are thought to wait in all lines."""
        return round(sum(line.told.waiting for line in self.lines if line.told))

    @property
    def open(self) -> int:
        """How many registers of all lines are thought to be open."""
        return sum(line.open for line in self.lines)

    @property
    def registers(self) -> int:
        """How many registers stand at a line."""
        return sum(len(line.registers) for line in self.lines)


@dataclass(frozen=True, slots=True)
class LineDay:
    """What a line told over a day: the last word of each stretch in which there was one."""

    line_id: LineId
    name: str
    slots: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class RegisterDay:
    """When a register is thought to have been open."""

    point_id: PointId
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LineRights:
    """How right a line was; all of them together where `line_id` is empty."""

    line_id: str
    name: str
    day: Rights
    weeks: Rights


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of a store's lines; `span` is drawn: opening hours, and whatever was told beside."""

    store: Store
    day: int
    live: bool
    span: Span
    lines: tuple[LineDay, ...]
    registers: tuple[RegisterDay, ...]
    rights: tuple[LineRights, ...]
    alerts: tuple[Alerted, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A store with what is known of it without looking at its lines."""

    store: Store
    layout: Layout
    points: Sequence[Point]

    @property
    def lines(self) -> tuple[LineId, ...]:
        """Its lines, as they were laid out."""
        return tuple(line.line_id for line in self.layout.lines)

    def name_of(self, line: LineId) -> str:
        """What a line is called: by its own name, else by its register's where it is a lane."""
        if name := self.layout.names.get(line):
            return name
        laid = [each for each in self.layout.lines if each.line_id == line]
        if laid and line in self.layout.lanes and len(laid[0].registers) == 1:
            return self.point_name(laid[0].registers[0])
        return line

    def point_name(self, point: PointId) -> str:
        """What a register is called."""
        names = (each.name for each in self.points if each.point_id == point)
        return next(names, point)
