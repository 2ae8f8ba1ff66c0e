"""The drawer's switch on gpiozero's mock pins."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.drawer import Drawer
from kiosk.core.events import Event, SaleSeen
from kiosk.core.readers import ContactSettings
from kiosk.core.tills import DrawerSettings
from shared.errors import HardwareError
from shared.sales import SaleSource
from tests.kiosk.adapters.collecting import Collected

CONTACT = ContactSettings(active_high=False, debounce_ms=10, rest_ms=30)

HOLD = 0.06
"""Seconds, physical: longer than both times above."""


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.close()


def opened(pins: MockFactory, contact: ContactSettings, levels: list[bool]) -> list[Event]:
    """What was posted while the pin went through these levels (high or not)."""
    posted: Collected[Event] = Collected()
    drawer = Drawer(DrawerSettings(17, contact), clock=SystemClock(), post=posted, factory=pins)
    drawer.start()
    for high in levels:
        pins.pin(17).drive_high() if high else pins.pin(17).drive_low()
        time.sleep(HOLD)
    drawer.close()
    drawer.close()
    return posted.all


def test_each_opening_is_a_sale(pins: MockFactory) -> None:
    sales = opened(pins, CONTACT, [True, False, True, False, True])
    assert [one.source for one in sales if isinstance(one, SaleSeen)] == [SaleSource.DRAWER] * 2
    assert len({one.id for one in sales if isinstance(one, SaleSeen)}) == 2


def test_the_other_way_round_where_the_switch_opens(pins: MockFactory) -> None:
    contact = ContactSettings(active_high=True, debounce_ms=10, rest_ms=30)
    assert len(opened(pins, contact, [False, True, False, True, False])) == 2


class ClosedFromTheStart(MockPin):  # type: ignore[misc]  # gpiozero is untyped
    """A pin that a closed switch holds low, whatever the pull-up resistor does."""

    def _set_pull(self, value: str) -> None:
        self._pull = value
        self.drive_low()


def test_a_drawer_that_is_open_at_the_start_is_no_sale(pins: MockFactory) -> None:
    pins.pin(17, pin_class=ClosedFromTheStart)
    assert opened(pins, CONTACT, [False, True]) == []


def test_a_pin_that_is_taken_is_a_hardware_error(pins: MockFactory) -> None:
    first = Drawer(DrawerSettings(17), clock=SystemClock(), post=print, factory=pins)
    with pytest.raises(HardwareError, match="pin 17"):
        Drawer(DrawerSettings(17), clock=SystemClock(), post=print, factory=pins)
    first.close()
