from __future__ import annotations

from pathlib import Path

import pytest

from hub.adapters.mosquitto import BrokerFiles
from hub.core.ports import Point, Store
from hub.settings import load_settings
from hub.wiring import Office
from shared.errors import BrokerError
from shared.places import KioskId, PointId, StoreId
from tests.hub.wiring.samples import settings_file


def test_the_broker_files_are_written_once_with_the_hubs_password(tmp_path: Path) -> None:
    office = Office(load_settings(settings_file(tmp_path)))
    office.write_broker_files()
    password = tmp_path / "mosquitto" / "hub-password"
    first = password.read_text()
    office.write_broker_files()
    assert password.read_text() == first
    assert password.stat().st_mode & 0o077 == 0


def test_no_kiosk_is_enrolled_without_the_brokers_files(tmp_path: Path) -> None:
    office = Office(load_settings(settings_file(tmp_path)))
    office.migrate()
    with pytest.raises(BrokerError):
        office.enrol(KioskId("k-1"), StoreId("centro"), PointId("caja-1"))


def test_rights_that_were_lost_are_given_again_from_the_database(tmp_path: Path) -> None:
    office = Office(load_settings(settings_file(tmp_path)))
    office.write_broker_files()
    office.migrate()
    office.registry.add_store(Store(StoreId("centro"), "Centro", "Europe/Madrid"))
    office.registry.add_point(Point(StoreId("centro"), PointId("caja-1"), "Caja 1"))
    for kiosk in ("k-1", "k-2"):
        office.enrol(KioskId(kiosk), StoreId("centro"), PointId("caja-1"))
    office.retire(KioskId("k-2"))
    files = BrokerFiles(tmp_path / "mosquitto")
    files.rights.unlink()
    office.write_broker_files()
    assert files.homes() == {"k-1": "centro"}
