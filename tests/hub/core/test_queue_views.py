"""What the views say by themselves: names, sums, and whether anybody watches."""

from __future__ import annotations

from dataclasses import replace

from hub.core.ports import Point, Store
from hub.core.queue_views import Known, LineNow, NowView
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.history import UNWATCHED_MS, Rights, Told
from hub.core.waiting.layout import Layout
from shared.places import PointId, StoreId

STORE = Store(StoreId("centro-012"), "Centro", "Europe/Madrid")
ONE, TWO = PointId("caja-1"), PointId("caja-2")
LANE, SELF = LineId("lane-1"), LineId("self")
LAYOUT = Layout(1, (Line(LANE, (ONE,)), Line(SELF, (TWO,))), {}, frozenset({LANE}))
NOW = 1_795_000_000_000


def word(line: LineId, waiting: float, is_open: float, *, quickest: bool = False) -> Told:
    its = "sales", "agrees", 1.0, 2.0, 3.0
    return Told(line, NOW, 5, None, *its, waiting, is_open, quickest)


def view(*words: Told, newest_at: int | None = NOW) -> NowView:
    lines = tuple(LineNow(one.line_id, one.line_id, (ONE,), one) for one in words)
    return NowView(STORE, LAYOUT, NOW, newest_at, lines, Rights())


def test_a_line_is_called_by_its_name_and_a_lane_by_its_register() -> None:
    known = Known(STORE, LAYOUT, [Point(STORE.store_id, ONE, "Caja 1")])
    assert [known.name_of(one) for one in known.lines] == ["Caja 1", "self"]
    assert known.point_name(TWO) == "caja-2"
    named = replace(known, layout=replace(LAYOUT, names={LANE: "Left", SELF: "Self"}))
    assert [named.name_of(one) for one in named.lines] == ["Left", "Self"]


def test_no_more_registers_are_open_than_there_are() -> None:
    assert view(word(LANE, 1.0, 3.7)).open == 1
    assert view(word(LANE, 1.0, 0.4)).open == 0


def test_sums_are_of_all_lines_and_the_foremost_is_where_most_wait() -> None:
    its = view(word(LANE, 1.2, 1.0), word(SELF, 4.4, 1.0))
    assert (its.waiting, its.open, its.registers) == (6, 2, 2)
    assert its.foremost.line_id == SELF
    assert its.quickest is None
    assert view(word(LANE, 1.0, 1.0, quickest=True), word(SELF, 4.0, 1.0)).quickest is not None
    assert view(word(LANE, 9.0, 1.0, quickest=True), word(SELF, 4.0, 1.0)).quickest is None


def test_after_two_minutes_without_a_word_nobody_watches() -> None:
    assert view(newest_at=NOW - UNWATCHED_MS).watched
    assert not view(newest_at=NOW - UNWATCHED_MS - 1).watched
    assert not view(newest_at=None).watched
