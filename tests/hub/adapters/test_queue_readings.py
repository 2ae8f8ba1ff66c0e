"""What is kept of lines, read from both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, insert

from hub.adapters import audit
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.database import writing
from hub.adapters.queue_readings import TYPED, SqlQueueBook
from hub.adapters.tables import openings, wait_alerts, wait_doubts, wait_outcomes
from hub.adapters.tellings import SqlTellings
from hub.core.accounts import Note
from hub.core.queue_views import Alerted, Stamp, Typed
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import Judged, Opened, Span
from hub.core.waiting.outcomes import Rightness
from hub.telling import Telling
from shared.places import PointId
from tests.hub.web.building import Clock
from tests.hub.web.waits import LINE, MINUTE, SELF, keep, told
from tests.parts.archives import CENTRO, PUERTO, furnish

START = 1_794_960_000_000
DAY = Span(START, START + 24 * 60 * MINUTE)
ONE, TWO = PointId("caja-1"), PointId("caja-2")


@pytest.fixture
def book(engine: Engine) -> SqlQueueBook:
    furnish(SqlArchive(engine))
    return SqlQueueBook(engine)


def put(engine: Engine, table: Any, *rows: dict[str, Any]) -> None:
    with writing(engine) as db:
        db.execute(insert(table), list(rows))


def test_the_newest_word_of_each_line_is_its_own_store_s(
    engine: Engine, book: SqlQueueBook
) -> None:
    keep(
        engine,
        told(CENTRO, START, 3),
        told(CENTRO, START + 5, None),
        told(CENTRO, START + 99, 2),  # before the clock was set back
        told(CENTRO, START + 1, 8, line_id=SELF),
        told(CENTRO, START + 9, 9, line_id="no-longer"),
        told(PUERTO, START + 7, 7),
    )
    found = {
        one.line_id: one for one in book.newest(CENTRO, [LINE, SELF, LineId("never")], START + 99)
    }
    assert {line: (one.at, one.minutes) for line, one in found.items()} == {
        LINE: (START + 5, None),
        SELF: (START + 1, 8),
    }
    assert found[LINE].withdrawn == "wide"
    assert (found[SELF].high, found[SELF].waiting, found[SELF].quickest) == (384_000, 11.2, False)
    assert book.newest(CENTRO, [], START) == []


def test_a_stretch_is_told_by_the_last_word_in_it(engine: Engine, book: SqlQueueBook) -> None:
    times = [-1, 0, 4, 5, 9, 31, 24 * 60]
    keep(engine, *[told(CENTRO, START + at * MINUTE, 1 + abs(at)) for at in times])
    keep(engine, told(CENTRO, START + 3 * MINUTE, 2, line_id=SELF), told(PUERTO, START))
    found = book.slots(CENTRO, DAY, 5 * MINUTE)
    assert [(one.line_id, (one.at - START) // MINUTE) for one in found] == [
        (LINE, 4),
        (LINE, 9),
        (LINE, 31),
        (SELF, 3),
    ]


def test_openings_begin_with_how_it_was_before(engine: Engine, book: SqlQueueBook) -> None:
    def row(point: str, at: int, *, is_open: bool, store: str = CENTRO) -> dict[str, Any]:
        return {"store_id": store, "point_id": point, "at": START + at, "open": is_open}

    day = 24 * 60 * MINUTE
    put(
        engine,
        openings,
        row(ONE, -3 * day, is_open=True),
        row(TWO, -2 * MINUTE, is_open=False),
        row(TWO, -1 * MINUTE, is_open=True),
        row(TWO, 8 * MINUTE, is_open=False),
        row(ONE, day, is_open=True),
        row(ONE, 1, is_open=True, store=PUERTO),
    )
    assert sorted(book.openings(CENTRO, DAY)) == [
        Opened(TWO, START - MINUTE, True),
        Opened(TWO, START + 8 * MINUTE, False),
    ]


def test_outcomes_are_those_of_the_hours_that_begin_there(
    engine: Engine, book: SqlQueueBook
) -> None:
    counts = {"told": 9, "within_minute": 6, "too_short": 1, "over_ms": 70, "untold": 2}
    rows = [{"store_id": CENTRO, "hour": at, "line_id": LINE} | counts for at in (START - 1, START)]
    put(engine, wait_outcomes, *rows, rows[1] | {"store_id": PUERTO})
    assert book.judged(CENTRO, DAY) == [Judged(LINE, START, Rightness(9, 6, 1, 70, 2))]


def test_what_names_no_place_comes_last(engine: Engine, book: SqlQueueBook) -> None:
    rows = [("?", "unknown_line", 3, START), ("caja-1", "late", 2, None), (LINE, "absurd", 1, 5)]
    names = ("place", "what", "times", "at")
    put(
        engine,
        wait_doubts,
        *[{"store_id": CENTRO} | dict(zip(names, row, strict=True)) for row in rows],
    )
    assert [tuple(one) for one in book.doubts(CENTRO)] == [rows[1], rows[2], rows[0]]
    assert book.doubts(PUERTO) == []


def test_alerts_are_those_that_stood_at_some_time_of_the_day(
    engine: Engine, book: SqlQueueBook
) -> None:
    def row(since: int, until: int | None, store: str = CENTRO) -> dict[str, Any]:
        its = {"store_id": store, "line_id": LINE, "kind": "line_long", "registers": 2}
        return its | {"since": START + since, "until": None if until is None else START + until}

    times = [(-99, -50), (-40, 3), (5, None), (9, 20)]
    put(engine, wait_alerts, *[row(*one) for one in times], row(DAY.end - START, None))
    put(engine, wait_alerts, row(6, None, PUERTO))
    found = book.alerts(CENTRO, DAY)
    assert [one.since - START for one in found] == [9, 5, -40]
    assert found[1] == Alerted(LINE, "line_long", START + 5, None, 2)


def test_the_last_count_that_somebody_typed_is_known_by_the_audit_log(
    engine: Engine, book: SqlQueueBook
) -> None:
    for at, store, number in ((1, CENTRO, 4), (5, CENTRO, 7), (9, PUERTO, 2)):
        Telling(SqlTellings(engine), Clock(START + at)).typed(store, LINE, number, "ana")
    note = Note(START + 9, "eva", "another action", f"{CENTRO}/{LINE}", "5")
    with writing(engine) as db:
        audit.append(db, note)
    assert book.typed(CENTRO, START) == [Typed(LINE, 7, START + 5, "ana")]
    assert book.typed(CENTRO, START + 6) == []
    actions = [entry.note.action for entry in SqlAccountBook(engine).entries(9)]
    assert actions.count(TYPED) == 3


def test_the_stamp_moves_with_whatever_is_told_doubted_or_alerted(
    engine: Engine, book: SqlQueueBook
) -> None:
    def version() -> Stamp:
        return book.stamp(CENTRO, [LINE], START + 50)

    seen = [version()]
    keep(engine, told(CENTRO, START))
    seen.append(version())
    doubt = {"store_id": CENTRO, "place": LINE, "what": "late", "times": 1, "at": START}
    put(engine, wait_doubts, doubt)
    seen.append(version())
    alert = {"store_id": CENTRO, "line_id": LINE, "kind": "line_long", "since": START}
    put(engine, wait_alerts, alert | {"registers": 0})
    seen.append(version())
    put(engine, wait_alerts, alert | {"since": START - 9, "registers": 1})  # a clock was set back
    seen.append(version())
    assert len(set(seen)) == len(seen)
    keep(engine, told(CENTRO, START + 50))
    keep(engine, told(PUERTO, START + 9), told(CENTRO, START + 9, line_id="no-longer"))
    assert version() == seen[-1]
    assert version().at == START
    assert len(version().rest) < 100, "it is a part of an address"
