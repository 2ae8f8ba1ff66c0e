"""What every book of sensors and every place for tellings must do, fake, SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from hub.adapters.archive import SqlArchive
from hub.adapters.sensors import SqlSensors
from hub.adapters.tellings import SqlTellings
from hub.core.ports import Store
from hub.core.sensing import MOST_TELLINGS, Sensor, SensorBook, Tellings, Unheard
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, LineId, Source
from shared.errors import EnrolmentError, TellingsFull
from shared.places import SensorId, StoreId
from tests.fakes.sensors import FakeSensors
from tests.fakes.tellings import FakeTellings
from tests.parts.databases import migrated_postgres, migrated_sqlite

CENTRO, SUR, LINE = StoreId("centro-012"), StoreId("sur-003"), LineId("line-1")
DOOR = Sensor(SensorId("door-1"), CENTRO, "ab" * 32, 5)
GATE = Sensor(SensorId("gate-1"), SUR, "cd" * 32, 6)
FACTS: list[Fact] = [
    Counted(1, LINE, -3),
    Counted(2, LINE, 4, Source.TYPED),
    Entered(3, LINE),
    Left(4, LINE),
    Drew(5, LINE, "A1"),
    Called(6, LINE, "A1"),
]

Both = tuple[SensorBook, Tellings]


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    if request.param == "fake":
        yield FakeSensors(), FakeTellings()
        return
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = stack.enter_context(migrated_sqlite(tmp_path / "hub.db"))
        else:
            cluster = request.getfixturevalue("postgres")
            engine = stack.enter_context(migrated_postgres(cluster))
        for store in (CENTRO, SUR):
            SqlArchive(engine).add_store(Store(store, store.title(), "Europe/Madrid"), at=1)
        yield SqlSensors(engine), SqlTellings(engine)


@pytest.fixture
def book(both: Both) -> SensorBook:
    return both[0]


@pytest.fixture
def tellings(both: Both) -> Tellings:
    return both[1]


def test_who_was_added_may_tell_until_removed(book: SensorBook) -> None:
    for one in (GATE, DOOR):
        book.add(one)
    assert list(book.sensors()) == [DOOR, GATE]
    assert list(book.sensors(SUR)) == [GATE]
    book.remove(DOOR.sensor_id, 9)
    assert list(book.sensors()) == [GATE]
    with pytest.raises(EnrolmentError):
        book.remove(DOOR.sensor_id, 10)


def test_a_sensor_has_one_secret_and_one_store(book: SensorBook) -> None:
    book.add(DOOR)
    book.add(replace(DOOR, secret="ef" * 32))
    with pytest.raises(EnrolmentError):
        book.add(replace(DOOR, store_id=SUR))
    assert [(one.secret, one.store_id) for one in book.sensors()] == [("ef" * 32, CENTRO)]


def test_what_waits_is_taken_once_and_in_order(tellings: Tellings) -> None:
    assert list(tellings.take(10)) == []
    tellings.put(CENTRO, FACTS, 10)
    tellings.put(SUR, FACTS[:1], 11)
    assert list(tellings.take(4)) == [Unheard(CENTRO, 10, fact) for fact in FACTS[:4]]
    rest = [Unheard(CENTRO, 10, fact) for fact in FACTS[4:]]
    assert list(tellings.take(10)) == [*rest, Unheard(SUR, 11, FACTS[0])]
    assert list(tellings.take(10)) == []


def test_a_store_that_nobody_hears_is_bounded_and_harms_no_other(tellings: Tellings) -> None:
    tellings.put(CENTRO, [Entered(at, LINE) for at in range(MOST_TELLINGS - 1)], 10)
    with pytest.raises(TellingsFull):
        tellings.put(CENTRO, FACTS[:2], 11)
    tellings.put(CENTRO, FACTS[:1], 11)
    tellings.put(SUR, FACTS, 11)
    assert len(tellings.take(2 * MOST_TELLINGS)) == MOST_TELLINGS + len(FACTS)
    tellings.put(CENTRO, FACTS, 12)
