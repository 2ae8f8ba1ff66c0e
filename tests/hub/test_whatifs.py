"""One more register, on both databases: once a day, and where it is asked."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.paces import SqlPaces
from hub.adapters.wait_whatifs import SqlWhatIfs
from hub.core.accounts import Note
from hub.core.hours import DAY_MS, HOUR_MS, Hours
from hub.core.ports import Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.whatif import Change, Day, waits
from hub.core.waiting.windows import DAYS, Why
from hub.whatifs import WhatIfs
from shared.places import PointId
from tests.fakes.kiosk import NOON
from tests.parts.archives import CAJA_1, CAJA_2, CENTRO, SeenOnDisk, furnish

LINE = LineId("line-1")
STORE = Store(CENTRO, "Centro", "Europe/Madrid")
ZONE = Hours(STORE.zone)
DAY_OF_RUSH = ZONE.hour_of(NOON).day
BEGINS = ZONE.day_bounds(DAY_OF_RUSH)[0] + 10 * HOUR_MS
NEXT_DAY = ZONE.day_bounds(DAY_OF_RUSH)[1] + 9 * HOUR_MS
LAYOUT = Layout(1, (Line(LINE, (CAJA_1, CAJA_2)),), usual_ms=90_000)


def rush(begins: int = BEGINS) -> list[tuple[int, int]]:
    """Three hours with one register too few, the worst of them the last two."""
    joined = tuple(range(begins, begins + 3 * HOUR_MS, 42_000))
    plan = (Change(0, 2),)
    return waits(Day(joined, plan, 90_000, 0.5), plan, 99)


class House:
    """A store whose line had a rush."""

    def __init__(self, engine: Engine, layout: Layout = LAYOUT) -> None:
        self.engine = engine
        furnish(SeenOnDisk(engine).archive)
        SqlLayouts(engine).lay_out(CENTRO, layout, 1, Note(1, "ana", "lines", CENTRO))
        rows = [
            {"store_id": CENTRO, "line_id": LINE, "at": at + waited, "waited": waited, "told": None}
            for at, waited in rush()
        ]
        opened = [
            {"store_id": CENTRO, "point_id": point, "at": BEGINS - 2 * HOUR_MS, "open": True}
            for point in (CAJA_1, CAJA_2)
        ]
        with writing(engine) as db:
            db.execute(insert(t.waits), rows)
            db.execute(insert(t.openings), opened)
        self.book = SqlWhatIfs(engine)

    def whatifs(self) -> WhatIfs:
        archive = SeenOnDisk(self.engine).archive
        layouts = SqlLayouts(self.engine)
        return WhatIfs(self.book, SqlPaces(self.engine), layouts, archive.stores)


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


def test_yesterdays_worst_two_hours_are_worked_out_once(house: House) -> None:
    whatifs = house.whatifs()
    whatifs.look(NEXT_DAY)
    (found,) = whatifs.found(STORE, NEXT_DAY)
    assert found.worst
    assert (found.window.begins, found.window.ends) == (BEGINS + HOUR_MS, BEGINS + 3 * HOUR_MS)
    assert found.why is Why.NOTHING
    assert found.observed is not None
    assert found.after is not None
    assert found.after < found.observed / 2
    with writing(house.engine) as db:
        db.execute(t.waits.delete())
    house.whatifs().look(NEXT_DAY)  # nothing is worked out again
    assert list(house.whatifs().found(STORE, NEXT_DAY)) == [found]


def test_a_day_without_a_wait_is_looked_at_once_and_says_why(house: House) -> None:
    house.whatifs().look(NEXT_DAY + DAY_MS)
    (found,) = house.whatifs().found(STORE, NEXT_DAY + DAY_MS)
    assert (found.why, found.worst, found.observed) == (Why.FEW, True, None)


def test_a_window_that_is_asked_for_is_worked_out_once(house: House) -> None:
    whatifs = house.whatifs()
    first = whatifs.asked(STORE, LINE, BEGINS, 3, NEXT_DAY)
    assert first is not None
    assert (first.why, first.worst, first.shoppers) == (Why.NOTHING, False, 258)
    with reading(house.engine) as db:
        assert len(db.execute(select(t.wait_whatifs)).all()) == 1
    assert whatifs.asked(STORE, LINE, BEGINS, 3, NEXT_DAY) == first


def test_only_whole_hours_of_one_of_the_last_days_can_be_asked_for(house: House) -> None:
    whatifs = house.whatifs()
    late = ZONE.day_bounds(DAY_OF_RUSH)[1] - HOUR_MS
    for begins, hours, now in (
        (BEGINS + 1, 2, NEXT_DAY),
        (BEGINS, 0, NEXT_DAY),
        (BEGINS, 5, NEXT_DAY),
        (late, 2, NEXT_DAY),
        (BEGINS, 2, BEGINS + 5 * HOUR_MS),
        (BEGINS, 2, NEXT_DAY + DAYS * DAY_MS),
        (10**18, 2, NEXT_DAY),
    ):
        with pytest.raises(ValueError, match=r"."):
            whatifs.asked(STORE, LINE, begins, hours, now)
    with pytest.raises(ValueError, match="no line"):
        whatifs.asked(STORE, LineId("line-9"), BEGINS, 2, NEXT_DAY)


def test_a_lane_among_lanes_says_why_nothing_is_said(engine: Engine) -> None:
    house = House(engine, replace(LAYOUT, lanes=frozenset({LINE})))
    house.whatifs().look(NEXT_DAY)
    assert list(house.whatifs().found(STORE, NEXT_DAY)) == []
    asked = house.whatifs().asked(STORE, LINE, BEGINS, 2, NEXT_DAY)
    assert asked is not None
    assert asked.why is Why.LANES


def test_two_who_ask_at_once_are_not_both_worked_out(house: House) -> None:
    whatifs = house.whatifs()
    inside, go = threading.Event(), threading.Event()
    read = house.book.openings

    def slow(*args: object) -> object:
        inside.set()
        assert go.wait(10)
        return read(*args)  # type: ignore[arg-type]

    house.book.openings = slow  # type: ignore[method-assign, assignment]
    asking = threading.Thread(target=whatifs.asked, args=(STORE, LINE, BEGINS, 2, NEXT_DAY))
    asking.start()
    assert inside.wait(10)
    assert whatifs.asked(STORE, LINE, BEGINS, 3, NEXT_DAY) is None
    go.set()
    asking.join(20)
    assert not asking.is_alive()
    assert len(whatifs.found(STORE, NEXT_DAY)) == 1


def test_sales_whose_wait_nobody_knows_are_more_than_a_part(house: House) -> None:
    with writing(house.engine) as db:
        row = {"store_id": CENTRO, "point_id": PointId("caja-1"), "hour": BEGINS, "sales": 400}
        db.execute(insert(t.tallies).values(row))
    asked = house.whatifs().asked(STORE, LINE, BEGINS, 2, NEXT_DAY)
    assert asked is not None
    assert asked.why is Why.UNSEEN


def test_windows_of_long_ago_are_forgotten(house: House) -> None:
    house.whatifs().look(NEXT_DAY)
    house.book.forget(DAY_OF_RUSH + 1)
    assert list(house.book.found(CENTRO, 0)) == []
