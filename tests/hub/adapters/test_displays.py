"""Displays in the hub's database: their keys, and the newest notice of each line."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading, writing
from hub.adapters.displays import LONGEST_STAND_MS, SqlDisplays
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import audit, notices
from hub.core.accounts import Note
from hub.core.displaying import AHEAD_MS, Told
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from shared.places import PointId, StoreId

NOW = 1_795_000_000_000
CENTRO, NORTE = StoreId("centro-012"), StoreId("norte-007")
STORE = Store(CENTRO, "Mercado Centro", "Europe/Madrid", 8, 22)
POINT = Point(CENTRO, PointId("caja-1"), "Caja 1", "register", 1)
ONE, FAST = LineId("line-1"), LineId("fast")
LAYOUT = Layout(1, (Line(ONE, (POINT.point_id,)), Line(FAST, (PointId("caja-2"),))))
NOTE = Note(5, "ana", "display address made", CENTRO)


@pytest.fixture
def displays(engine: Engine) -> SqlDisplays:
    """The book of displays, in a database with two stores."""
    archive = SqlArchive(engine)
    for store in (STORE, Store(NORTE, "Norte", "Europe/Madrid")):
        archive.add_store(store, at=1)
    archive.add_point(POINT)
    return SqlDisplays(engine)


def tell(engine: Engine, line: LineId, at: int, store: StoreId = CENTRO, **values: object) -> None:
    """A row as the queue keeps it."""
    row = {"store_id": store, "line_id": line, "at": at, "minutes": 5, "withdrawn": None}
    row |= {"method": "sales", "because": "agrees", "waiting": 2.0, "open": 1.0, "quickest": False}
    with writing(engine) as db:
        db.execute(insert(notices).values(row | values))


def test_a_store_has_one_key_and_the_audit_says_who_made_it(
    displays: SqlDisplays, engine: Engine
) -> None:
    assert displays.key(CENTRO) is None
    displays.keep(CENTRO, "ab" * 16, 5, NOTE)
    displays.keep(CENTRO, "cd" * 16, 6, NOTE)
    assert displays.key(CENTRO) == "cd" * 16
    assert displays.key(NORTE) is None
    with reading(engine) as db:
        rows = db.execute(select(audit).order_by(audit.c.entry)).all()
    assert [(row.user, row.action, row.target) for row in rows][-2:] == [
        ("ana", "display address made", CENTRO)
    ] * 2
    assert not [row for row in rows if "cd" * 16 in f"{row.detail}{row.target}"]


def test_without_a_key_nothing_is_told_of_a_store(displays: SqlDisplays) -> None:
    assert displays.setting(CENTRO) is None
    assert displays.setting(StoreId("nowhere")) is None


def test_a_display_rests_on_store_layout_and_points(displays: SqlDisplays, engine: Engine) -> None:
    displays.keep(CENTRO, "ab" * 16, 5, NOTE)
    found = displays.setting(CENTRO)
    assert found is not None
    assert (found.store, found.layout, found.programme) == (STORE, None, None)
    SqlLayouts(engine).lay_out(CENTRO, LAYOUT, 5, NOTE)
    found = displays.setting(CENTRO)
    assert found is not None
    assert (found.key, found.layout, list(found.points)) == ("ab" * 16, LAYOUT, [POINT])


def test_the_newest_notice_of_each_line_is_told(displays: SqlDisplays, engine: Engine) -> None:
    tell(engine, ONE, NOW - 70_000, minutes=9)
    tell(engine, ONE, NOW - 25_000, quickest=True)
    tell(engine, FAST, NOW - 1_000, minutes=None, withdrawn="wide")
    tell(engine, LineId("gone"), NOW)
    tell(engine, ONE, NOW, NORTE, minutes=1)
    assert displays.told(CENTRO, [ONE, FAST], NOW) == {
        ONE: Told(NOW - 25_000, 5, None, quickest=True),
        FAST: Told(NOW - 1_000, None, "wide", quickest=False),
    }
    assert displays.told(CENTRO, [], NOW) == {}


def test_what_is_too_old_or_of_another_time_is_not_read(
    displays: SqlDisplays, engine: Engine
) -> None:
    tell(engine, ONE, NOW - LONGEST_STAND_MS - 1)
    tell(engine, FAST, NOW + AHEAD_MS + 1)  # a clock was wrong then
    assert displays.told(CENTRO, [ONE, FAST], NOW) == {}
    tell(engine, FAST, NOW + AHEAD_MS, minutes=2)
    assert displays.told(CENTRO, [ONE, FAST], NOW) == {FAST: Told(NOW + AHEAD_MS, 2)}
