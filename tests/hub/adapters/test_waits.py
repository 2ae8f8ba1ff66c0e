"""The queue's book on both databases: what is written is what is read, and nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, Table, select

from hub.adapters.database import reading
from hub.adapters.tables import (
    notices,
    openings,
    wait_alerts,
    wait_doubts,
    wait_lessons,
    wait_outcomes,
    waits,
)
from hub.adapters.waits import SqlWaits
from hub.core.waiting.alarming import Kind
from hub.core.waiting.book import (
    AlertKey,
    AlertRow,
    Memory,
    NoticeRow,
    OpeningRow,
    OutcomeKey,
    Rows,
    WaitRow,
)
from hub.core.waiting.doubting import Doubt, Quality
from hub.core.waiting.facts import LineId
from hub.core.waiting.outcomes import Rightness
from shared.places import PointId, StoreId

CENTRO, PUERTO, LINE = StoreId("centro"), StoreId("puerto"), LineId("line-1")
NOTICE = NoticeRow(
    CENTRO, LINE, 9, 4, None, "queue_length", "agrees", 1.5, 0.5, 1.0, 2.5, 3.5, 1.9, True
)
NOTHING = NoticeRow(
    CENTRO,
    LINE,
    10,
    None,
    "stale",
    "none",
    "nobody_serves",
    None,
    None,
    None,
    None,
    0.0,
    0.0,
    False,
)
ALERT = AlertKey(CENTRO, LINE, Kind.REGISTER_NEEDED, 7)
HOUR = OutcomeKey(CENTRO, 0, LINE)


@pytest.fixture
def book(engine: Engine) -> SqlWaits:
    return SqlWaits(engine)


def found(engine: Engine, table: Table) -> list[tuple[object, ...]]:
    with reading(engine) as db:
        return [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]


def test_all_that_one_look_brought_is_there(book: SqlWaits, engine: Engine) -> None:
    rows = Rows(doubts={CENTRO: (Quality("?", Doubt.NO_COUNTER, 1, None),)})
    rows.notices.extend([NOTICE, NOTHING])
    rows.waits.extend([WaitRow(CENTRO, LINE, 8, 60_000, 2), WaitRow(CENTRO, LINE, 8, 0, None)])
    rows.openings.append(OpeningRow(CENTRO, PointId("caja-1"), 5, True))
    rows.judge(HOUR, Rightness(told=1, within_minute=1, over_ms=9))
    rows.alerts[ALERT] = AlertRow(2)
    book.write(rows)
    assert found(engine, notices) == [NOTICE, NOTHING]
    assert [row[1:] for row in found(engine, waits)] == [
        (CENTRO, LINE, 8, 60_000, 2),
        (CENTRO, LINE, 8, 0, None),
    ]
    assert found(engine, openings) == [(CENTRO, "caja-1", 5, True)]
    assert found(engine, wait_outcomes) == [(CENTRO, 0, LINE, 1, 1, 0, 9, 0)]
    assert found(engine, wait_doubts) == [(CENTRO, "?", "no_counter", 1, None)]
    assert [row[:9] for row in found(engine, wait_alerts)] == [
        (CENTRO, LINE, "register_needed", 7, None, 2, None, None, 0)
    ]


def test_nothing_is_written_where_there_is_nothing(book: SqlWaits, engine: Engine) -> None:
    book.write(Rows())
    book.keep({}, 5)
    assert not found(engine, notices)


def test_outcomes_of_an_hour_are_added_up(book: SqlWaits, engine: Engine) -> None:
    for _ in range(2):
        rows = Rows()
        rows.judge(HOUR, Rightness(told=1, too_short=1, over_ms=5, untold=2))
        book.write(rows)
    assert found(engine, wait_outcomes) == [(CENTRO, 0, LINE, 2, 0, 2, 10, 4)]


def test_a_notice_of_the_same_instant_takes_the_place_of_the_other(
    book: SqlWaits, engine: Engine
) -> None:
    rows = Rows()
    rows.notices.extend([NOTICE, NOTICE._replace(minutes=5)])
    book.write(rows)
    assert found(engine, notices) == [NOTICE._replace(minutes=5)]


def test_doubts_of_a_store_take_the_place_of_those_before(book: SqlWaits, engine: Engine) -> None:
    both = {
        CENTRO: (Quality("a", Doubt.DISAGREES, 1, 5), Quality("b", Doubt.NO_COUNTER, 1, None)),
        PUERTO: (Quality("c", Doubt.NO_COUNTER, 1, None),),
    }
    book.write(Rows(doubts=both))
    book.write(Rows(doubts={CENTRO: (Quality("a", Doubt.DISAGREES, 2, 6),)}))
    assert found(engine, wait_doubts) == [
        (CENTRO, "a", "disagrees", 2, 6),
        (PUERTO, "c", "no_counter", 1, None),
    ]
    book.write(Rows(doubts={CENTRO: (), PUERTO: ()}))
    assert not found(engine, wait_doubts)


def test_an_alert_that_is_over_keeps_whom_it_was_told(book: SqlWaits, engine: Engine) -> None:
    book.write(Rows(alerts={ALERT: AlertRow(2)}))
    with engine.begin() as db:
        db.execute(wait_alerts.update().values(raising_told_at=8, attempts=1))
    assert book.memories([CENTRO]) == {CENTRO: Memory(None, {ALERT: AlertRow(2)})}
    book.write(Rows(alerts={ALERT: AlertRow(2, until=9)}))
    assert [row[:9] for row in found(engine, wait_alerts)] == [
        (CENTRO, LINE, "register_needed", 7, 9, 2, 8, None, 1)
    ]
    assert book.memories([CENTRO]) == {CENTRO: Memory()}, "what is over no longer stands"


def test_lessons_are_remembered_the_newest_of_each_store(book: SqlWaits, engine: Engine) -> None:
    book.keep({CENTRO: "one", PUERTO: "two"}, 5)
    book.keep({CENTRO: "three"}, 6)
    assert found(engine, wait_lessons) == [(CENTRO, "three", 6), (PUERTO, "two", 5)]
    assert book.memories([CENTRO, StoreId("neu")]) == {
        CENTRO: Memory("three"),
        StoreId("neu"): Memory(),
    }
