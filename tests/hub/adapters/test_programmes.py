from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.programmes import SqlProgrammes
from hub.core.ports import Point, Store
from hub.questionnaires import edited_meanwhile
from shared.errors import EditedMeanwhile
from shared.notices import KioskSettings
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


def test_what_is_worded_otherwise_gets_the_next_version_whoever_changes_it(
    programmes: SqlProgrammes,
) -> None:
    programmes.change(STORE, lambda it: replace(it, question={"es": "¿Y bien?"}), 10)
    programmes.change(STORE, lambda it: replace(it, reasons=it.reasons[1:]), 20)
    programmes.change(STORE, lambda it: replace(it, ask_seconds=20), 30)
    now = programmes.programme(STORE)
    assert now is not None
    assert (now.serial, now.question_version, now.reasons_version) == (30, 2, 2)


def test_the_hours_of_a_store_change_with_what_its_kiosks_are_told(
    programmes: SqlProgrammes, archive: SqlArchive
) -> None:
    archive.assign(KIOSK, PointId("caja-1"), 10)
    programmes.change(STORE, lambda it: it, 20, hours=(10, 20))
    (store,) = archive.stores()
    assert (store.opens, store.closes) == (10, 20)
    kept = programmes.settings_of(STORE)[KIOSK].keeping
    assert (kept.opens, kept.closes) == (10, 20)


def test_a_change_that_is_refused_leaves_the_hours_as_they_were(
    programmes: SqlProgrammes, archive: SqlArchive
) -> None:
    def refuse(_: KioskSettings) -> KioskSettings:
        raise edited_meanwhile()

    with pytest.raises(EditedMeanwhile):
        programmes.change(STORE, refuse, 20, hours=(10, 20))
    assert archive.stores()[0].opens == 9
    assert programmes.programme(STORE) is None
