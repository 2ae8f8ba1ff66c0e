"""A driver that was only replaced is an error, and so is none at all."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from gpiozero import Device, DigitalInputDevice
from gpiozero.exc import PinFactoryFallback
from gpiozero.pins.mock import MockFactory

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.pins import MOST_EDGES, Watch, device
from shared.errors import HardwareError
from tests.kiosk.adapters.collecting import Collected


@pytest.fixture
def no_factory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program starts: nothing chosen yet."""
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)


@pytest.mark.usefixtures("no_factory")
def test_a_fallback_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def falling_back() -> MockFactory:
        warnings.warn(PinFactoryFallback("Falling back from lgpio: no chip"), stacklevel=1)
        return MockFactory()

    monkeypatch.setattr(Device, "_default_pin_factory", falling_back)
    with pytest.raises(HardwareError, match="Falling back from lgpio"):
        device(DigitalInputDevice, 4)


@pytest.mark.usefixtures("no_factory")
@pytest.mark.parametrize("name", [None, "lgpio", "nonsense"])
def test_a_machine_without_pins_is_an_error_with_a_hint(
    name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name is not None:
        monkeypatch.setenv("GPIOZERO_PIN_FACTORY", name)
    with pytest.raises(HardwareError, match="pin 4") as fault:
        device(DigitalInputDevice, 4)
    assert "lgpio" in fault.value.hint


@pytest.mark.usefixtures("no_factory")
def test_the_factory_may_be_chosen_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    made = device(DigitalInputDevice, 4, pull_up=True)
    assert not made.is_active
    made.close()


class Recording:
    """A rule that reports every level, and fails at the first."""

    def __init__(self) -> None:
        self.wakes_at: int | None = None
        self._failed = False

    def level(self, key: str, high: bool, at: int) -> list[tuple[str, bool]]:
        if not self._failed:
            self._failed = True
            raise RuntimeError("nobody thought of this")
        return [(key, high)]

    def idle(self, at: int) -> list[tuple[str, bool]]:
        return []


def test_a_watch_survives_what_its_rule_does_and_loses_no_later_level() -> None:
    factory = MockFactory()
    told: Collected[tuple[str, bool]] = Collected()
    watch: Watch[str, Any] = Watch(
        {"a": 4}, Recording(), clock=SystemClock(), report=told, factory=factory
    )
    watch.start()
    try:
        while not told.all:  # the first level is the one that fails
            factory.pin(4).drive_low()
            factory.pin(4).drive_high()
        factory.pin(4).drive_low()
        told.until(lambda all_: all_[-1:] == [("a", False)])
    finally:
        watch.close()
        factory.close()


def test_an_edge_that_the_driver_dropped_is_seen_at_the_next_look() -> None:
    factory = MockFactory()
    told: Collected[tuple[str, bool]] = Collected()
    rule = Recording()
    watch: Watch[str, Any] = Watch(
        {"a": 4}, rule, clock=SystemClock(), report=told, factory=factory
    )
    factory.pin(4)._state = False  # changed, and nobody was called
    rule.wakes_at = 0
    watch.start()
    try:
        told.until(lambda all_: all_[-1:] == [("a", False)])
    finally:
        rule.wakes_at = None
        watch.close()
        factory.close()


def test_edges_that_nobody_takes_are_bounded_and_the_last_stays() -> None:
    factory = MockFactory()
    told: Collected[tuple[str, bool]] = Collected()
    watch: Watch[str, Any] = Watch(
        {"a": 4}, Recording(), clock=SystemClock(), report=told, factory=factory
    )
    for _ in range(MOST_EDGES):
        factory.pin(4).drive_low()
        factory.pin(4).drive_high()
    assert len(watch._edges) == MOST_EDGES
    assert watch._edges[-1][:2] == ("a", True)
    watch.close()
    factory.close()
