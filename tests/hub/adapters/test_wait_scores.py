"""The book of the join on both databases: found by keys, whole, and written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.wait_scores import CHUNK, SqlWaitScores
from hub.core.hours import DAY_MS, HOUR_MS
from hub.core.ports import Store
from hub.core.satisfaction import Tally
from hub.core.waiting.bands import Week
from hub.core.waiting.facts import LineId
from hub.core.waiting.joining import Slope
from hub.core.waiting.joins import Arrived
from hub.core.waiting.scoring import Told
from hub.intake import Intake
from tests.fakes.kiosk import NOON, FakeKiosk, moment, visit
from tests.parts.archives import CENTRO, K1, PUERTO, SeenOnDisk, furnish

STORE = Store(CENTRO, "Centro", "Europe/Madrid")
LINE = LineId("line-1")
WEEK = Week(
    20261102, (Tally(sad=5), None, None, None, Tally(happy=7)), Slope(-2, -3, -1, 12, 2), 12
)


@pytest.fixture
def book(engine: Engine) -> SqlWaitScores:
    furnish(SeenOnDisk(engine).archive)
    return SqlWaitScores(engine)


def take(engine: Engine, kiosk: FakeKiosk, *hours: int, at: int) -> None:
    first = kiosk.last + 1
    kiosk.seal(*[visit(moment(NOON + hour * HOUR_MS)) for hour in hours])
    Intake(SeenOnDisk(engine).archive).take([kiosk.message(first)], at)


def test_hours_arrive_once_and_those_that_are_not_over_later(
    engine: Engine, book: SqlWaitScores
) -> None:
    kiosk = FakeKiosk(K1)
    take(engine, kiosk, 0, 0, 1, 2, at=NOON + 3 * HOUR_MS)
    before = NOON + 2 * HOUR_MS
    came = book.arrived(CENTRO, NOON - DAY_MS, before)
    assert came == Arrived(frozenset({NOON, NOON + HOUR_MS}), {1: 3})
    book.write(CENTRO, [], {}, came.marks)
    assert book.arrived(CENTRO, NOON - DAY_MS, before) == Arrived(frozenset(), {})
    take(engine, kiosk, 0, at=NOON + 9 * DAY_MS)
    came = book.arrived(CENTRO, NOON - DAY_MS, NOON + 3 * HOUR_MS)
    assert came == Arrived(frozenset({NOON, NOON + 2 * HOUR_MS}), {1: 5})
    assert book.arrived(PUERTO, 0, before) == Arrived(frozenset(), {})


def test_answers_are_found_in_any_chunk_whenever_they_came(
    engine: Engine, book: SqlWaitScores, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CHUNK > 1_000
    monkeypatch.setattr("hub.adapters.wait_scores.CHUNK", 2)
    kiosk = FakeKiosk(K1)
    take(engine, kiosk, 0, 1, 0, 0, at=NOON + 2 * HOUR_MS)
    take(engine, kiosk, 5 * 24, at=NOON + 5 * DAY_MS + HOUR_MS)
    take(engine, kiosk, 0, 0, at=NOON + 6 * DAY_MS)
    found = list(book.answers(STORE, frozenset({NOON})))
    assert [answer.hour for answer in found] == [NOON] * 5
    assert all(answer.paid is None for answer in found)
    assert list(book.answers(STORE, frozenset())) == []
    later = frozenset({NOON + 5 * DAY_MS})
    assert len(list(book.answers(STORE, later))) == 1


def test_what_stood_when_a_span_begins_is_told_with_it(engine: Engine, book: SqlWaitScores) -> None:
    rest = {"store_id": CENTRO, "line_id": LINE, "method": "", "because": "", "waiting": 1.0}
    rows = [{"at": at, "minutes": at, "mean": 60_000.0 * at} for at in (1, 2, 5, 9)]
    with writing(engine) as db:
        db.execute(insert(t.notices), [rest | {"open": 1.0, "quickest": False} | r for r in rows])
    assert book.told(CENTRO, LINE, 4, 9) == [Told(2, 2, 120_000.0), Told(5, 5, 300_000.0)]
    assert book.told(CENTRO, LINE, 2, 3) == [Told(1, 1, 60_000.0), Told(2, 2, 120_000.0)]
    assert book.told(CENTRO, LineId("line-2"), 0, 9) == []
    assert book.first_told(CENTRO) == 1
    assert book.first_told(PUERTO) is None


def test_an_hour_is_replaced_whole_and_no_other_is_touched(book: SqlWaitScores) -> None:
    one, other = {(NOON, 3): Tally(sad=1), (NOON, 5): Tally(happy=2)}, {(0, 3): Tally(sad=9)}
    book.write(CENTRO, [NOON], one, {})
    book.write(CENTRO, [0], other, {})
    book.write(CENTRO, [NOON], {(NOON, 4): Tally(neutral=1)}, {})
    assert book.scores(CENTRO, 0, NOON + 1) == {**other, (NOON, 4): Tally(neutral=1)}
    assert book.scores(CENTRO, NOON, NOON + 1) == {(NOON, 4): Tally(neutral=1)}
    assert book.scores(PUERTO, 0, NOON + 1) == {}
    book.forget(CENTRO, NOON)
    assert book.scores(CENTRO, 0, NOON + 1) == {(NOON, 4): Tally(neutral=1)}


def test_a_week_comes_back_as_it_was_told_and_is_told_once(book: SqlWaitScores) -> None:
    assert book.tell(CENTRO, WEEK)
    assert not book.tell(CENTRO, Week(WEEK.monday, (None,) * 5))
    assert book.tell(CENTRO, Week(20261109, (None,) * 5))
    assert book.weeks(CENTRO, 0) == [Week(20261109, (None,) * 5), WEEK]
    assert book.weeks(CENTRO, 20261109) == [Week(20261109, (None,) * 5)]
    assert book.weeks(PUERTO, 0) == []


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    said = list[tuple[str, Any]]()

    def note(_c: object, _cursor: object, text: str, values: Any, *_: object) -> None:
        said.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_no_question_goes_through_all_records_or_notices(
    engine: Engine, book: SqlWaitScores
) -> None:
    """SQLite says how it looks: always by a key, never by walking a table."""
    take(engine, FakeKiosk(K1), 0, 1, at=NOON + 2 * HOUR_MS)
    with heard(engine) as said:
        book.arrived(CENTRO, NOON, NOON + DAY_MS)
        list(book.answers(STORE, frozenset({NOON})))
        book.told(CENTRO, LINE, NOON, NOON + DAY_MS)
        book.first_told(CENTRO)
        book.scores(CENTRO, NOON, NOON + DAY_MS)
    asked = [one for one in said if one[0].startswith("SELECT")]
    assert len(asked) > 8
    if engine.dialect.name == "postgresql":
        return  # it walks what is so small
    with reading(engine) as db:
        for text, values in asked:
            plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
            walked = [row[3] for row in plan if row[3].startswith("SCAN")]
            assert not walked, (text, walked)
