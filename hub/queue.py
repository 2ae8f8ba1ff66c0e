"""The queue: what stores tell about their lines becomes notices on their kiosks, and rows.

Laws of this page
1. Whoever tells a fact never waits: `hear` only puts it down. Where too many wait, the oldest go.
2. Nothing here waits for the database: rows are fetched from here, and layouts are brought.
3. Who begins, or takes over, knows nothing, and says nothing until it knows.
4. A store whose queue fails begins anew, and stops no other.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

import structlog

from hub.core.hours import Hours
from hub.core.measures import FACTS, LOOK, NOTICES, Meter
from hub.core.waiting.book import Memory, Rows
from hub.core.waiting.facts import Fact
from hub.core.waiting.lessons import Lessons, from_body, to_body
from hub.core.waiting.posting import Plot
from hub.core.waiting.watching import Watch
from shared.errors import WordError
from shared.notices import Notice
from shared.places import KioskId, StoreId

log = structlog.get_logger(__name__)

MOST_HEARD: Final = 20_000
"""Facts that may wait: half a minute of 2,000 stores; the queue is far behind where so many do."""

LOOK_PAUSE: Final = 0.25
"""Seconds between two looks at a store, however much it tells: nobody reads faster."""

ROUND: Final = 5.0
"""Seconds after which a store is looked at though it told nothing: waits change by themselves."""

SET_BACK_MS: Final = 5_000
"""What a clock may go back without anybody noticing: less than what stores' clocks differ by."""

LESSON_SECONDS: Final = 15 * 60.0
"""What was learned is kept so often: a crash forgets a quarter of an hour of it."""

Tell = Callable[[StoreId, KioskId, Notice | None], None]
"""Let a kiosk have a notice; None takes back what stands there."""


class Told(NamedTuple):
    """A fact as it waits."""

    store_id: StoreId
    fact: Fact
    received_at: int


class _Store:
    """A store under watch, and when it was last seen to (by the clock that only paces)."""

    def __init__(self, watch: Watch, tick: float) -> None:
        self.watch = watch
        self.looked = self.whole = -ROUND
        self.kept = tick
        self.lessons = watch.lessons


class Queues:
    """The lines of all stores; `step` belongs to one thread, all else to any."""

    def __init__(
        self,
        tell: Tell,
        meter: Meter,
        now_ms: Callable[[], int],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tick` paces: seconds that never jump."""
        self._tell, self._meter, self._now_ms, self._tick = tell, meter, now_ms, tick
        self._heard: deque[Told] = deque(maxlen=MOST_HEARD)
        self._came = threading.Event()
        self._stores: dict[StoreId, _Store] = {}
        self._fresh: dict[StoreId, None] = {}  # that told something since they were looked at
        self._clocks: dict[str, Hours] = {}
        self._rows = Rows()
        self._lock = threading.Lock()  # of the rows and of the news
        self._news: tuple[Mapping[StoreId, Plot], dict[StoreId, Memory]] | None = None
        self._again = False
        self._next_round = 0.0
        self._latest = 0
        self.rests = 0
        """How often all was forgotten: then every store has to be brought again."""

    def hear(self, store: StoreId, fact: Fact, received_at: int) -> None:
        """Put a fact down for the next step; returns at once, from any thread."""
        if len(self._heard) >= MOST_HEARD:
            self._meter.add(FACTS, label="dropped")
        self._heard.append(Told(store, fact, received_at))
        self._came.set()

    def arrange(self, plots: Mapping[StoreId, Plot], memories: Mapping[StoreId, Memory]) -> None:
        """These stores tell waits; with what the queue of each one that is new begins."""
        with self._lock:
            waiting = self._news[1] if self._news else {}
            self._news = plots, {**waiting, **memories}
        self._came.set()

    def again(self) -> None:
        """The broker may have lost what it kept: all notices are told once more."""
        self._again = True
        self._came.set()

    def rest(self) -> None:
        """It is another's turn: forget all, and say nothing."""
        self._heard.clear()
        with self._lock:
            self.rests += bool(self._stores or self._news)
            self._news = None
            self._rows = Rows()
        self._stores.clear()
        self._fresh.clear()

    def watches(self, store: StoreId) -> bool:
        """Whether this store's lines are under watch already."""
        return store in self._stores

    def take_rows(self) -> Rows:
        """What is to be kept since this was last asked."""
        with self._lock:
            rows, self._rows = self._rows, Rows()
        return rows

    def lessons(self, most: int, *, all_of_them: bool = False) -> dict[StoreId, str]:
        """What was learned, of the stores of which it was not kept for longest."""
        due = self._tick() - (0.0 if all_of_them else LESSON_SECONDS)
        found: dict[StoreId, str] = {}
        for name, store in sorted(self._stores.copy().items(), key=lambda one: one[1].kept):
            if store.kept > due or len(found) == most:
                break
            store.kept = self._tick()
            lessons = store.watch.lessons
            if lessons != store.lessons:
                found[name] = to_body(lessons)
                store.lessons = lessons
        return found

    def step(self, wait: float) -> None:
        """Take in what waits, after waiting for it at most so many seconds; then look and tell."""
        self._came.wait(min(wait, LOOK_PAUSE))
        self._came.clear()
        rows = Rows()
        self._mind_the_clock()
        self._arrange(rows)
        self._take(rows)
        self._look(rows)
        if rows:
            with self._lock:
                self._rows.absorb(rows)

    # ── what is brought ──────────────────────────────────────────────────────────────────────

    def _arrange(self, rows: Rows) -> None:
        with self._lock:
            news, self._news = self._news, None
        if news is None:
            return
        plots, memories = news
        now = self._now_ms()
        for name in self._stores.keys() - plots.keys():
            self._send(name, self._stores.pop(name).watch.end(now, rows))
            self._fresh.pop(name, None)
        for name, plot in plots.items():
            if name not in self._stores:
                self._stores[name] = self._begun(plot, memories.get(name, Memory()), now)
                self._fresh[name] = None  # it tells nothing yet: what was kept before is over
            elif plot != self._stores[name].watch.plot:
                with self._guarded(name, plot):
                    self._stores[name].watch.rearrange(plot, now)
                self._fresh[name] = None

    def _begun(self, plot: Plot, memory: Memory, now: int) -> _Store:
        if plot.zone not in self._clocks:
            self._clocks[plot.zone] = Hours(plot.zone)
        known = _known(plot.store_id, memory)
        watch = Watch(plot, self._clocks[plot.zone], now, memory, known)
        return _Store(watch, self._tick())

    @contextmanager
    def _guarded(self, name: StoreId, plot: Plot) -> Iterator[None]:
        """What fails in here begins anew (law 4), and what stood on its kiosks is taken back."""
        try:
            yield
        except Exception:
            log.exception("queue.store_failed", store=name)
            alerts = self._stores[name].watch.standing.alerts
            self._begin_anew(name, plot, Memory(alerts=alerts))

    def _mind_the_clock(self) -> None:
        """Where the hub's clock was set back, all that was heard is of a time yet to come."""
        now, self._latest = self._now_ms(), max(self._latest, self._now_ms())
        if now >= self._latest - SET_BACK_MS:
            return
        log.warning("queue.clock_set_back", seconds=(self._latest - now) // 1_000)
        self._latest = now
        for name, store in list(self._stores.items()):
            watch = store.watch
            known = Memory(to_body(watch.lessons), watch.standing.alerts)
            self._begin_anew(name, watch.plot, known)
            self._fresh[name] = None

    def _begin_anew(self, name: StoreId, plot: Plot, memory: Memory) -> None:
        now = self._now_ms()
        self._send(name, self._stores[name].watch.posted.due({}, now))
        self._stores[name] = self._begun(plot, memory, now)

    # ── what is heard ────────────────────────────────────────────────────────────────────────

    def _take(self, rows: Rows) -> None:
        now, outcomes = self._now_ms(), Counter[str]()
        for _ in range(len(self._heard)):
            name, fact, received_at = self._heard.popleft()
            store = self._stores.get(name)
            if store is None:
                outcomes["elsewhere"] += 1
                continue
            outcome = "failed"
            with self._guarded(name, store.watch.plot):
                outcome = store.watch.hear(fact, received_at, now, rows)
            outcomes[outcome] += 1
            self._fresh[name] = None
        for outcome, times in outcomes.items():
            self._meter.add(FACTS, times, outcome)

    # ── what is told ─────────────────────────────────────────────────────────────────────────

    def _look(self, rows: Rows) -> None:
        began, tick = time.perf_counter(), self._tick()
        if self._again:
            self._again = False
            for name, store in self._stores.items():
                store.watch.posted.again()
                self._fresh[name] = None
        due = [name for name in self._fresh if tick - self._stores[name].looked >= LOOK_PAUSE]
        if tick >= self._next_round:
            self._next_round = tick + LOOK_PAUSE
            due += self._waiting_long(tick)
        for name in dict.fromkeys(due):
            self._look_at(name, tick, rows)
        if due:
            self._meter.observe(LOOK, time.perf_counter() - began)

    def _waiting_long(self, tick: float) -> list[StoreId]:
        now = self._now_ms()
        return [
            name
            for name, store in self._stores.items()
            if tick - store.looked >= ROUND and store.watch.is_awake(now)
        ]

    def _look_at(self, name: StoreId, tick: float, rows: Rows) -> None:
        store = self._stores[name]
        self._fresh.pop(name, None)
        store.looked = tick
        whole = tick - store.whole >= ROUND
        if whole:
            store.whole = tick
        with self._guarded(name, store.watch.plot):
            self._send(name, store.watch.look(self._now_ms(), rows, whole=whole))

    def _send(self, store: StoreId, notices: Mapping[KioskId, Notice | None]) -> None:
        for kiosk, notice in notices.items():
            self._tell(store, kiosk, notice)
        if notices:
            self._meter.add(NOTICES, len(notices))


def _known(store: StoreId, memory: Memory) -> Lessons:
    try:
        return Lessons() if memory.lesson is None else from_body(memory.lesson)
    except WordError as fault:
        log.warning("queue.lessons_spoiled", store=store, why=str(fault))
        return Lessons()
