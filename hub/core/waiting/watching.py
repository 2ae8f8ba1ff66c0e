"""One store's queue: facts in; out come notices for its kiosks, and rows of what was told.

Laws of this page
1. Nothing is told that the floor did not just say; what it no longer says is taken back at once.
2. A store of which nothing is heard is looked at until it is quiet, and then no more.
3. Whoever begins in the middle of a day tells nothing before it is known how long the lines are.
4. Of a shopper who entered service one row is kept: when, how long they had waited, what they were
   told when they joined. It says nothing about whom.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.core.hours import Hours
from hub.core.waiting.beginnings import Beginnings
from hub.core.waiting.book import (
    Memory,
    NoticeRow,
    OutcomeKey,
    Rows,
    WaitRow,
)
from hub.core.waiting.choosing import Because
from hub.core.waiting.doubting import Quality, doubts
from hub.core.waiting.facts import Fact, LineId, Sold, Staffed
from hub.core.waiting.floor import Floor, Look, heard, looked
from hub.core.waiting.lessons import Lessons, lessons_of
from hub.core.waiting.noticing import Telling
from hub.core.waiting.outcomes import Shown, outcome, told_at
from hub.core.waiting.posting import Plot, Posted, notices_of
from hub.core.waiting.queue import Queue, Stepped, chances
from hub.core.waiting.relaying import laid, relaid
from hub.core.waiting.services import Services
from hub.core.waiting.standing import Standing
from shared.notices import Notice
from shared.places import KioskId

LATE_MS: Final = 60_000
"""A fact that waited so long for the queue says nothing about now."""

ROW_EVERY_MS: Final = 60_000
"""What a line tells is kept at every change, and once a minute: a gap is an hour without a hub."""

QUIET_AFTER_MS: Final = 5 * 60_000
"""After the last notice was withdrawn alerts still have to be cleared."""

REMEMBERED_MS: Final = 2 * 60 * 60_000
"""What was told before nobody who now enters service joined by: the longest that is told is 1 h."""


class _Kept(NamedTuple):
    """What of a line is in the last row that was kept."""

    at: int
    minutes: int | None
    withdrawn: str | None
    quickest: bool
    because: Because


class Watch:
    """What is known of a store, what its kiosks were told, and what is to be kept of it."""

    def __init__(self, plot: Plot, hours: Hours, at: int, memory: Memory, known: Lessons) -> None:
        """`hours` are of the store's zone; `known` is what its lessons say."""
        self.plot, self._hours = plot, hours
        self.floor: Floor = laid(plot.layout, at, known, self._offset)
        self._beginnings = Beginnings(at)
        self.posted = Posted()
        self.standing = Standing(plot.store_id, at, memory.alerts)
        self._shown: dict[LineId, list[Shown]] = {}
        self._kept: dict[LineId, _Kept] = {}
        self._doubts: tuple[Quality, ...] | None = None
        self._awake_until = at + self._quiet_after() if memory.alerts else 0

    @property
    def lessons(self) -> Lessons:
        """What was learned so far."""
        return lessons_of(self.floor)

    def is_awake(self, now: int) -> bool:
        """Whether anything can have changed since it was last looked at."""
        return now < self._awake_until

    def rearrange(self, plot: Plot, now: int) -> None:
        """Its layout changed, or where its kiosks stand."""
        if plot.layout != self.plot.layout:
            self.floor = relaid(self.floor, plot.layout, now)
        self.plot = plot
        self._awake_until = max(self._awake_until, now + 1)

    def hear(self, fact: Fact, received_at: int, now: int, rows: Rows) -> str:
        """Take in a fact; what became of it is returned, as a word for a metric."""
        if now - received_at > LATE_MS:
            return "late"
        if isinstance(fact, Sold | Staffed) and fact.point_id not in self.floor.gate.points:
            return "elsewhere"
        done = heard(self.floor, fact, received_at)
        self.floor = done.floor
        self._awake_until = now + self._quiet_after()
        if done.line_id is not None:
            self._beginnings.heard(done.line_id, fact, received_at)
        if done.stepped is not None and done.line_id is not None:
            self._judge(done.line_id, done.stepped, rows)
        return "taken" if done.fault is None else done.fault.value

    def look(self, now: int, rows: Rows, *, whole: bool) -> dict[KioskId, Notice | None]:
        """What kiosks must be told now; a whole look sees to alerts, registers and doubts, too."""
        unsure = self._beginnings.unsure(self.floor.queues)
        look = looked(self.floor, now, self.plot.layout.terms, unsure)
        self.floor = look.floor
        for line, telling in look.tellings.items():
            self._keep(line, telling, look, rows)
        if whole:
            self.standing.look(self.floor, look.tellings, self.plot.layout.limits, now, rows)
            self._doubt(now, rows)
        return self.posted.due(notices_of(self.plot, look.tellings, look.quickest), now)

    def end(self, now: int, rows: Rows) -> dict[KioskId, Notice | None]:
        """It tells no waits any more: all is taken back."""
        self.standing.clear(now, rows)
        rows.doubts[self.plot.store_id] = ()
        return self.posted.due({}, now)

    def _judge(self, line: LineId, stepped: Stepped, rows: Rows) -> None:
        store, at, waited = self.plot.store_id, stepped.at, stepped.waited
        told = told_at(self._shown.get(line, ()), at - waited)
        rows.waits.append(WaitRow(store, line, at, waited, told))
        hour = self._hours.hour_of(at).start
        rows.judge(OutcomeKey(store, hour, line), outcome(told, waited))

    def _keep(self, line: LineId, telling: Telling, look: Look, rows: Rows) -> None:
        withdrawn = None if telling.withdrawn is None else telling.withdrawn.value
        because = telling.choice.because
        news = _Kept(telling.at, telling.minutes, withdrawn, line == look.quickest, because)
        last = self._kept.get(line)
        if last is None or last.minutes != news.minutes:
            self._show(line, Shown(telling.at, telling.minutes))
        if last is not None and last[1:] == news[1:] and 0 <= news.at - last.at < ROW_EVERY_MS:
            return
        self._kept[line] = news
        queue, services = look.floor.queues[line], look.floor.services
        rows.notices.append(_row(self.plot, telling, news, queue, services))

    def _show(self, line: LineId, shown: Shown) -> None:
        before = [one for one in self._shown.get(line, ()) if shown.at - one.at <= REMEMBERED_MS]
        self._shown[line] = [*before, shown]

    def _doubt(self, now: int, rows: Rows) -> None:
        found = tuple(doubts(self.floor, now))
        if self._doubts is None or _told(found) != _told(self._doubts):
            rows.doubts[self.plot.store_id] = self._doubts = found

    def _quiet_after(self) -> int:
        return 1_000 * self.plot.layout.terms.silent_seconds + QUIET_AFTER_MS

    def _offset(self, at: int) -> int:
        return 1_000 * self._hours.hour_of(at).offset_seconds


def _told(found: tuple[Quality, ...]) -> list[tuple[str, str, int]]:
    """What a page shows of doubts; the instant of some moves on with every count."""
    return [(one.place, one.what.value, one.times) for one in found]


def _row(plot: Plot, telling: Telling, kept: _Kept, queue: Queue, services: Services) -> NoticeRow:
    estimate, choice = telling.choice.estimate, telling.choice
    known = bool(estimate.parts or estimate.none)
    low, middle, high = (estimate.percentile(one) if known else None for one in (0.1, 0.5, 0.9))
    return NoticeRow(
        store_id=plot.store_id,
        line_id=queue.line.line_id,
        at=kept.at,
        minutes=kept.minutes,
        withdrawn=kept.withdrawn,
        method=choice.method.value,
        because=choice.because.value,
        mean=estimate.mean if known else None,
        low=low,
        middle=middle,
        high=high,
        waiting=queue.crowd.moments()[0],
        open=sum(chances(queue, services)),
        quickest=kept.quickest,
    )
