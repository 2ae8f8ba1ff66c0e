"""Debian's own broker service steps back, unless somebody uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.hub.broker import CONFIG, DebiansBroker
from deploy.hub.services import FOLDER
from hub.adapters.mosquitto import BrokerFiles
from shared.errors import DeviceError
from tests.deploy.hub.recorded import recorded


def test_it_is_masked_once(tmp_path: Path) -> None:
    machine = recorded(tmp_path, systemd=True)
    step = DebiansBroker(machine)
    assert step.lacks() == ["mosquitto.service"]
    step.do()
    assert machine.commands == [
        "systemctl stop mosquitto.service",
        "systemctl mask mosquitto.service",
    ]
    machine.link("/etc/systemd/system/mosquitto.service", "/dev/null")
    assert step.lacks() == []


def test_a_broker_that_serves_somebody_else_is_left_alone(tmp_path: Path) -> None:
    machine = recorded(tmp_path, systemd=True)
    machine.at("/etc/mosquitto/conf.d").mkdir(parents=True)
    machine.at("/etc/mosquitto/conf.d/heating.conf").touch()
    with pytest.raises(DeviceError, match=r"heating\.conf is not ours"):
        DebiansBroker(machine).do()
    assert machine.ran == []


def test_ours_reads_the_file_that_the_hub_writes() -> None:
    assert BrokerFiles(Path(CONFIG).parent).config == Path(CONFIG)
    assert f"mosquitto -c {CONFIG}\n" in (FOLDER / "semblante-broker.service").read_text()
