"""What a technician is told of each part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.wiring.checks import checks
from shared.errors import BrokerError, HardwareError, SemblanteError
from tests.kiosk.wiring.samples import DOOR_TOKEN, headless, pins_by
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "broker", ["k-1"]) as running:
        yield running


def told(folder: Path, more: str = "") -> dict[str, str]:
    """What each check says; a fault as its kind."""
    results: dict[str, str] = {}
    for name, check in checks(headless(folder, more)):
        try:
            results[name] = check()
        except SemblanteError as fault:
            results[name] = type(fault).__name__
    return results


def test_parts_that_are_not_configured_are_not_checked(tmp_path: Path) -> None:
    assert list(told(tmp_path)) == ["clock", "outbox", "broker", "screen"]


def test_a_broker_that_is_not_there_is_told_with_the_cause(tmp_path: Path) -> None:
    (check,) = [check for name, check in checks(headless(tmp_path)) if name == "broker"]
    with pytest.raises(BrokerError, match="refused"):
        check()


def test_a_broker_that_knows_the_password_is_well_and_another_password_is_a_fault(
    tmp_path: Path, broker: RunningBroker
) -> None:
    known = broker.passwords["k-1"]
    well = checks(headless(tmp_path, broker_port=broker.port, password=known))
    assert dict(well)["broker"]().endswith("lets k-1 in")
    wrong = checks(headless(tmp_path, broker_port=broker.port))
    with pytest.raises(BrokerError, match="refuses this kiosk"):
        dict(wrong)["broker"]()


@pytest.mark.parametrize(
    ("name", "wire", "well"),
    [
        ("till", 'kind = "receipt"\nport = "loop://"', "loop:// can be read, as receipt"),
        ("drawer", "pin = 17", "pin 17"),
    ],
)
def test_parts_that_are_there_are_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wire: str, well: str
) -> None:
    with pins_by("mock", monkeypatch):
        results = told(
            tmp_path,
            f"""
        [{name}]
        {wire}
        [buttons]
        sad = 5
        neutral = 6
        happy = 13
        [door]
        token = "{DOOR_TOKEN}"
        port = {free_port()}
        drills = true
        """,
        )
    assert results[name] == well
    assert results["buttons"] == "pins 5, 6, 13"
    assert results["door"].startswith("http://127.0.0.1:")
    assert "the first start makes it" in results["outbox"]
    assert results["broker"] == BrokerError.__name__


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("till", 'kind = "receipt"\nport = "/dev/there-is-no-such-port"'),
        ("drawer", "pin = 17"),
    ],
)
def test_parts_that_are_not_there_are_told_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wire: str
) -> None:
    with pins_by("no such factory", monkeypatch):
        results = told(
            tmp_path,
            f"[{name}]\n{wire}",
        )
    assert results[name] == HardwareError.__name__
