"""The book of sensors in a database: no name that is a kiosk's; the rest is in the contract."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.sensors import SqlSensors
from hub.core.ports import Store
from hub.core.sensing import Sensor
from shared.errors import EnrolmentError
from shared.places import KioskId, SensorId, StoreId

CENTRO, SUR = StoreId("centro-012"), StoreId("sur-003")
DOOR = Sensor(SensorId("door-1"), CENTRO, "ab" * 32, 5)


@pytest.fixture
def book(engine: Engine) -> SqlSensors:
    """The book, with two stores and a kiosk."""
    archive = SqlArchive(engine)
    for store in (CENTRO, SUR):
        archive.add_store(Store(store, store.title(), "Europe/Madrid"), at=1)
    archive.enrol_kiosk(KioskId("k-1"), CENTRO, 1)
    return SqlSensors(engine)


def test_it_moves_to_another_store_only_once_it_was_removed(book: SqlSensors) -> None:
    book.add(DOOR)
    with pytest.raises(EnrolmentError):
        book.add(replace(DOOR, store_id=SUR))
    assert book.sensors() == [DOOR]
    book.remove(DOOR.sensor_id, 9)
    book.add(replace(DOOR, store_id=SUR))
    assert [one.store_id for one in book.sensors()] == [SUR]


def test_a_store_that_is_not_there_and_a_kiosks_name_are_refused(book: SqlSensors) -> None:
    kiosk = replace(DOOR, sensor_id=SensorId("k-1"))
    for wrong in (replace(DOOR, store_id=StoreId("norte")), kiosk):
        with pytest.raises(EnrolmentError):
            book.add(wrong)
    assert book.sensors() == []


def test_a_kiosk_takes_no_sensors_name_not_even_a_retired_ones(
    book: SqlSensors, engine: Engine
) -> None:
    book.add(DOOR)
    for _ in range(2):
        with pytest.raises(EnrolmentError):
            SqlArchive(engine).enrol_kiosk(KioskId("door-1"), CENTRO, 1)
        if book.sensors():
            book.remove(DOOR.sensor_id, 9)
