"""Buttons and their light on gpiozero's mock pins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from kiosk.adapters.buttons import TROUBLE, ButtonLamp, Buttons
from kiosk.adapters.clock import SystemClock
from kiosk.core import presses
from kiosk.core.events import Event, FaceTouched, ReadAloudTouched
from kiosk.core.ports import Lamp
from kiosk.core.presses import REST_MS, SETTLE_MS, ButtonSettings
from shared.errors import HardwareError
from shared.visits import Face, Input
from tests.kiosk.adapters.collecting import Collected

SETTINGS = ButtonSettings(sad=5, neutral=6, happy=13, light=19)

HELD = 2 * SETTLE_MS / 1_000
RESTED = 2 * REST_MS / 1_000


@contextmanager
def buttons(
    pins: MockFactory,
    posted: Collected[Event],
    trouble: Collected[str | None],
    *,
    speaks: bool = False,
) -> Iterator[Buttons]:
    made = Buttons(
        SETTINGS,
        clock=SystemClock(),
        post=posted,
        trouble=trouble,
        speaks=speaks,
        factory=pins,
    )
    made.start()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.close()


@pytest.fixture
def posted() -> Collected[Event]:
    return Collected()


@pytest.fixture
def trouble() -> Collected[str | None]:
    return Collected()


def rested() -> None:
    """Physical time: contacts must be open for so long before the next press counts."""
    time.sleep(RESTED)


def press(pins: MockFactory, pin: int, seconds: float = HELD) -> None:
    pins.pin(pin).drive_low()
    time.sleep(seconds)
    pins.pin(pin).drive_high()


@pytest.mark.parametrize(("pin", "face"), [(5, Face.SAD), (6, Face.NEUTRAL), (13, Face.HAPPY)])
def test_a_press_is_a_touched_face(
    pin: int,
    face: Face,
    pins: MockFactory,
    posted: Collected[Event],
    trouble: Collected[str | None],
) -> None:
    with buttons(pins, posted, trouble):
        rested()
        before = SystemClock().now().boot
        press(pins, pin)
        (touched,) = posted.first(1)
    assert isinstance(touched, FaceTouched)
    assert (touched.face, touched.input) == (face, Input.BUTTON)
    assert before <= touched.began.boot <= touched.at.boot
    assert trouble.all == []


def test_chatter_of_ten_kilohertz_is_one_press(
    pins: MockFactory, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    with buttons(pins, posted, trouble):
        rested()
        for _ in range(3):
            chatter(pins.pin(13), 200)
            pins.pin(13).drive_low()
            time.sleep(HELD)
            chatter(pins.pin(13), 200)
            pins.pin(13).drive_high()
            rested()
        posted.first(3)
        assert [one.face for one in posted.all if isinstance(one, FaceTouched)] == [Face.HAPPY] * 3


def chatter(pin: Any, times: int) -> None:
    for _ in range(times):
        pin.drive_low()
        pin.drive_high()
        time.sleep(0.000_05)


def test_of_two_at_once_the_first_wins(
    pins: MockFactory, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    with buttons(pins, posted, trouble):
        rested()
        pins.pin(13).drive_low()
        pins.pin(5).drive_low()
        time.sleep(HELD)
        pins.pin(5).drive_high()
        pins.pin(13).drive_high()
        rested()
        press(pins, 6)
        touched = posted.first(2)
    faces = [one.face for one in touched if isinstance(one, FaceTouched)]
    assert faces == [Face.HAPPY, Face.NEUTRAL]


def test_where_there_is_a_speaker_both_outer_ones_at_once_ask_to_hear_the_page(
    pins: MockFactory, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    with buttons(pins, posted, trouble, speaks=True):
        rested()
        pins.pin(13).drive_low()
        pins.pin(5).drive_low()
        (asked,) = posted.first(1)
        pins.pin(5).drive_high()
        pins.pin(13).drive_high()
        rested()
        pins.pin(6).drive_low()
        answered = posted.first(2)[-1]
    assert isinstance(asked, ReadAloudTouched)
    assert isinstance(answered, FaceTouched)
    assert answered.face is Face.NEUTRAL


def test_a_stuck_button_is_told_and_taken_back(
    pins: MockFactory,
    posted: Collected[Event],
    trouble: Collected[str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presses, "STUCK_MS", 200)  # nobody waits ten seconds in a test
    with buttons(pins, posted, trouble):
        rested()
        pins.pin(5).drive_low()
        pins.pin(6).drive_low()
        assert trouble.first(2) == [TROUBLE, TROUBLE]
        press(pins, 13)
        posted.until(lambda all_: len(all_) == 2)
        pins.pin(5).drive_high()
        rested()
        assert trouble.all == [TROUBLE, TROUBLE]
        pins.pin(6).drive_high()
        assert trouble.first(3)[2] is None


def test_it_stops_at_once_and_twice_and_gives_the_pins_back(
    pins: MockFactory, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    for _ in range(2):
        with buttons(pins, posted, trouble) as made:
            began = time.monotonic()
            made.close()
            made.close()
            assert time.monotonic() - began < 1


def test_a_pin_that_is_taken_is_a_hardware_error_and_keeps_none(
    pins: MockFactory, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    lamp = ButtonLamp(13, factory=pins)
    with (
        pytest.raises(HardwareError, match="pin 13") as fault,
        buttons(pins, posted, trouble),
    ):
        raise AssertionError("it started")
    assert "GPIOZERO_PIN_FACTORY" in fault.value.hint
    lamp.close()
    with buttons(pins, posted, trouble):
        rested()


@pytest.mark.parametrize("active_high", [True, False])
def test_the_light_is_lit_while_it_is_asked_to_be(active_high: bool, pins: MockFactory) -> None:
    made = ButtonLamp(19, active_high=active_high, factory=pins)
    lamp: Lamp = made
    assert pins.pin(19).state is not active_high
    lamp.light(True)
    assert pins.pin(19).state is active_high
    lamp.light(False)
    assert pins.pin(19).state is not active_high
    made.close()
    made.close()
