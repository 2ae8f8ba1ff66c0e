"""What the queue keeps of the waits, and what it asks of the hub's database."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from hub.core.waiting.alarming import Kind
from hub.core.waiting.doubting import Quality
from hub.core.waiting.facts import LineId
from hub.core.waiting.outcomes import Rightness
from hub.core.waiting.posting import Plot
from shared.places import PointId, StoreId

MOST_ROWS: Final = 20_000
"""Of each kind, while the database is away: ten minutes of 2,000 stores; then the oldest go."""


class NoticeRow(NamedTuple):
    """What a line tells from an instant on, and what that rests on (times in ms)."""

    store_id: StoreId
    line_id: LineId
    at: int
    minutes: int | None
    withdrawn: str | None
    method: str
    because: str
    mean: float | None
    low: float | None
    middle: float | None
    high: float | None
    waiting: float
    open: float
    quickest: bool


class WaitRow(NamedTuple):
    """Somebody entered service, had waited so long, and had been told so many minutes."""

    store_id: StoreId
    line_id: LineId
    at: int
    waited: int
    told: int | None


class OpeningRow(NamedTuple):
    """Since when a register is thought to be open, or closed."""

    store_id: StoreId
    point_id: PointId
    at: int
    open: bool


class AlertKey(NamedTuple):
    """Which alert, and since when it stands."""

    store_id: StoreId
    line_id: LineId
    kind: Kind
    since: int


class AlertRow(NamedTuple):
    """How many registers it asks for, and when it was over."""

    registers: int
    until: int | None = None


class OutcomeKey(NamedTuple):
    """An hour of a line, by the instant at which it starts."""

    store_id: StoreId
    hour: int
    line_id: LineId


@dataclass(slots=True)
class Rows:
    """What is to be written; of what finds no room the newest stays."""

    notices: deque[NoticeRow] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    waits: deque[WaitRow] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    openings: deque[OpeningRow] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    outcomes: dict[OutcomeKey, Rightness] = field(default_factory=dict)
    doubts: dict[StoreId, tuple[Quality, ...]] = field(default_factory=dict)
    alerts: dict[AlertKey, AlertRow] = field(default_factory=dict)

    def absorb(self, newer: Rows) -> None:
        """Take in what came later."""
        self.notices += newer.notices
        self.waits += newer.waits
        self.openings += newer.openings
        for key, rightness in newer.outcomes.items():
            self.judge(key, rightness)
        self.doubts |= newer.doubts
        self.alerts |= newer.alerts
        _trim(self.outcomes)
        _trim(self.alerts)

    def judge(self, key: OutcomeKey, rightness: Rightness) -> None:
        """One more shopper, or some, of this hour."""
        self.outcomes[key] = self.outcomes.get(key, Rightness()) + rightness

    def __bool__(self) -> bool:
        several = self.notices, self.waits, self.openings
        return any((*several, self.outcomes, self.doubts, self.alerts))


def _trim(rows: dict[Any, Any]) -> None:
    while len(rows) > MOST_ROWS:
        del rows[next(iter(rows))]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a store's queue begins with: its lessons as they were kept, and alerts that stand."""

    lesson: str | None = None
    alerts: Mapping[AlertKey, AlertRow] = field(default_factory=dict)


class WaitBook(Protocol):
    """What the queue reads and keeps. Any method may raise ArchiveError."""

    def plots(self) -> Collection[Plot]:
        """Every store that has a layout."""

    def memories(self, stores: Collection[StoreId]) -> Mapping[StoreId, Memory]:
        """What their queues begin with."""

    def write(self, rows: Rows) -> None:
        """Keep these in one transaction."""

    def keep(self, lessons: Mapping[StoreId, str], at: int) -> None:
        """Keep what was learned in these stores."""
