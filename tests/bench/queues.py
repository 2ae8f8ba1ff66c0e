"""What the queue itself takes for 2,000 stores: facts heard, looks, notices for kiosks, rows."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from itertools import count
from typing import Final

from hub.core.waiting.facts import Counted, Line, LineId, Sold
from hub.core.waiting.layout import Layout
from hub.core.waiting.posting import Plot, Stand
from hub.queue import Queues
from shared.notices import Notice
from shared.places import KioskId, PointId, StoreId
from tests.bench.rows import Row
from tests.fakes.metrics import FakeMetrics

STORES: Final = 2_000
BEGINS: Final = 1_763_971_200_000
LINE: Final = LineId("line-1")
POINTS: Final = tuple(PointId(f"caja-{number}") for number in range(1, 5))
COUNTED_EVERY, SOLD_EVERY = 5, 22
"""Seconds: four registers that take 90 s for each service."""


class Stores:
    """Stores that are all busy, and a queue whose clock goes as fast as it can."""

    def __init__(self) -> None:
        self.now, self.told, self.rows = BEGINS, 0, 0
        self.dice = random.Random(1)
        self.queues = Queues(self._tell, FakeMetrics(), self._now, lambda: self.now / 1_000)
        layout = Layout(1, (Line(LINE, POINTS),))
        self.names = [StoreId(f"store-{number}") for number in range(STORES)]
        self.queues.arrange({one: _plot(one, layout) for one in self.names}, {})
        for point in POINTS:
            for name in self.names:
                self.queues.hear(name, Sold(self.now, point), self.now)
            self._steps(4)

    def seconds(self, seconds: Iterable[int]) -> None:
        """What all stores tell in these seconds, and what follows from it."""
        for second in seconds:
            for number, name in enumerate(self.names):
                if (second + number) % COUNTED_EVERY == 0:
                    waiting = 8 + self.dice.choice((-1, 0, 0, 1))
                    self.queues.hear(name, Counted(self.now, LINE, waiting), self.now)
                if (second + number) % SOLD_EVERY == 0:
                    point = POINTS[second // SOLD_EVERY % 4]
                    self.queues.hear(name, Sold(self.now, point), self.now)
            self._steps(4)
            rows = self.queues.take_rows()
            self.rows += len(rows.notices) + len(rows.waits) + len(rows.openings)

    def _steps(self, quarters: int) -> None:
        for _ in range(quarters):
            self.now += 250
            self.queues.step(0)

    def _now(self) -> int:
        return self.now

    def _tell(self, _store: StoreId, _kiosk: KioskId, _notice: Notice | None) -> None:
        self.told += 1


def _plot(name: StoreId, layout: Layout) -> Plot:
    stands = tuple(Stand(KioskId(f"k-{name}-{point}"), point) for point in POINTS)
    return Plot(name, "Europe/Madrid", layout, stands)


def row(rounds: int = 5) -> Row:
    """Rounds of five seconds, after as many that nobody measures."""
    stores, clock = Stores(), count()
    stores.seconds(next(clock) for _ in range(20))
    stores.told = stores.rows = 0
    begins = time.process_time()
    stores.seconds(next(clock) for _ in range(5 * rounds))
    took = (time.process_time() - begins) / rounds
    return Row(
        f"{STORES:,} stores of four kiosks: the queue itself, all that it hears, tells and keeps",
        f"{took:.2f} s of one core for five seconds ({stores.told // rounds:,} notices told, "
        f"{stores.rows // rounds:,} rows kept)",
        f"{1e6 * took / STORES:.0f} µs for a store",
        "at most 5 s",
        took <= 5.0,
    )
