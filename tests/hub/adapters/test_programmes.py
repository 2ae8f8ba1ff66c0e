from __future__ import annotations

import pytest
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.programmes import SqlProgrammes
from hub.core.ports import Point, Store
from shared.places import KioskId, PointId, StoreId
from shared.programme import default_programme

STORE, KIOSK = StoreId("centro"), KioskId("k-1")


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    archive = SqlArchive(engine)
    archive.add_store(Store(STORE, "Mercado Centro", "Europe/Madrid"), 1)
    archive.add_point(Point(STORE, PointId("caja-1"), "Caja 1"))
    archive.add_point(Point(STORE, PointId("salida"), "Salida", "entrance"))
    archive.enrol_kiosk(KIOSK, STORE, 1)
    return archive


@pytest.fixture
def programmes(engine: Engine, archive: SqlArchive) -> SqlProgrammes:
    return SqlProgrammes(engine)


def test_the_programme_with_the_highest_serial_is_the_one(programmes: SqlProgrammes) -> None:
    assert programmes.programme(STORE) is None
    for serial in (5, 9, 7):
        programmes.add_programme(STORE, default_programme(serial), 1)
    assert programmes.programme(STORE) == default_programme(9)


def test_a_kiosk_is_told_once_it_stands_somewhere(
    programmes: SqlProgrammes, archive: SqlArchive
) -> None:
    programmes.add_programme(STORE, default_programme(5), 1)
    assert list(programmes.serials()) == []
    archive.assign(KIOSK, PointId("caja-1"), 10)
    assert list(programmes.serials()) == [(STORE, KIOSK, 5)]
    told = programmes.settings_of(STORE)[KIOSK]
    assert (told.store_name, told.point_name, told.always_on) == (
        "Mercado Centro",
        "Caja 1",
        False,
    )


def test_a_kiosk_that_moved_is_told_of_its_new_point(
    programmes: SqlProgrammes, archive: SqlArchive
) -> None:
    programmes.add_programme(STORE, default_programme(5), 1)
    archive.assign(KIOSK, PointId("caja-1"), 10)
    archive.assign(KIOSK, PointId("salida"), 20)
    told = programmes.settings_of(STORE)[KIOSK]
    assert (told.point_name, told.always_on) == ("Salida", True)


def test_a_store_without_a_programme_or_a_retired_kiosk_is_told_nothing(
    programmes: SqlProgrammes, archive: SqlArchive
) -> None:
    archive.assign(KIOSK, PointId("caja-1"), 10)
    assert programmes.settings_of(STORE) == {}
    programmes.add_programme(STORE, default_programme(5), 1)
    archive.retire_kiosk(KIOSK, 20)
    assert programmes.settings_of(STORE) == {}
    assert list(programmes.serials()) == []
