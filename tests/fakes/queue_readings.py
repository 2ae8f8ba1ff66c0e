"""What is kept of a store's lines, in lists."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from hub.core.queue_views import Alerted, Doubted, Stamp, Typed
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import Judged, Opened, Span, Told
from shared.places import StoreId


@dataclass
class FakeQueueBook:
    """Of one store."""

    told: list[Told] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    outcomes: list[Judged] = field(default_factory=list)
    wrong: list[Doubted] = field(default_factory=list)
    alerted: list[Alerted] = field(default_factory=list)
    counts: list[Typed] = field(default_factory=list)

    def stamp(self, store: StoreId, lines: Collection[LineId], until: int) -> Stamp:
        return Stamp(max((one.at for one in self.newest(store, lines, until)), default=0), "")

    def newest(self, store: StoreId, lines: Collection[LineId], until: int) -> list[Told]:
        del store
        past = sorted((one for one in self.told if one.at < until), key=lambda one: one.at)
        last = {one.line_id: one for one in past}
        return [one for line, one in last.items() if line in lines]

    def slots(self, store: StoreId, span: Span, size: int) -> list[Told]:
        del store
        within = sorted((one for one in self.told if _in(one.at, span)), key=lambda one: one.at)
        return [*{(one.line_id, (one.at - span.start) // size): one for one in within}.values()]

    def openings(self, store: StoreId, span: Span) -> list[Opened]:
        del store
        return [one for one in self.opened if one.at < span.end]

    def judged(self, store: StoreId, span: Span) -> list[Judged]:
        del store
        return [one for one in self.outcomes if _in(one.hour, span)]

    def doubts(self, store: StoreId) -> list[Doubted]:
        del store
        return self.wrong

    def alerts(self, store: StoreId, span: Span) -> list[Alerted]:
        del store, span
        return self.alerted

    def typed(self, store: StoreId, since: int) -> list[Typed]:
        del store
        return [one for one in self.counts if one.at >= since]


def _in(at: int, span: Span) -> bool:
    return span.start <= at < span.end
