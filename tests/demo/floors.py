"""How people stand in line in the demo's stores, and what counts them there."""

from __future__ import annotations

from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.lessons import Lessons, to_body
from hub.core.waiting.noticing import Terms
from hub.core.waiting.usual import QUARTER_MS, QUARTERS, Seen, Usual
from shared.notices import Wording
from shared.places import PointId, SensorId
from tests.demo.stores import DemoStore, Lines

LINE = LineId("line-1")


def lane(point: PointId) -> LineId:
    """The name of the lane before a register."""
    return LineId(f"lane-{point[5:]}")


def layout_of(store: DemoStore) -> Layout:
    """The lines of a store, as somebody there would have laid them out."""
    usual_ms = round(store.pace * 1_000)
    if store.lines is not Lines.LANES:
        return Layout(1, (Line(LINE, tuple(store.points)),), {LINE: "Cajas"}, usual_ms=usual_ms)
    lanes = tuple(Line(lane(point), (point,), counts_served=True) for point in store.points)
    names = frozenset(one.line_id for one in lanes)
    return Layout(1, lanes, lanes=names, usual_ms=usual_ms, terms=Terms(wording=Wording.UP_TO))


def lessons_of(store: DemoStore) -> str:
    """What its queue would know after weeks of such days: as many come as its registers serve."""
    week = range(QUARTERS)
    usual = {
        line: Usual(
            {one: Seen(QUARTER_MS * len(its) / (1_000 * store.pace), QUARTER_MS) for one in week}
        )
        for line, its in serving(store).items()
    }
    return to_body(Lessons(usual=usual))


def sensor_of(store: DemoStore) -> SensorId | None:
    """The counter over its lines; None where nobody counts."""
    if store.lines is Lines.UNCOUNTED:
        return None
    return SensorId(f"counter-{store.store_id.rpartition('-')[2]}")


def serving(store: DemoStore) -> dict[LineId, tuple[PointId, ...]]:
    """The lines whose registers sell while the demo runs, with those registers."""
    if store.lines is Lines.LANES:
        return {lane(point): (point,) for point in store.running}
    return {LINE: tuple(store.running)}
