"""What stands in where a part is not there."""

from __future__ import annotations

import threading

from kiosk.adapters.absent import NoLamp, NoScreen
from kiosk.core.effects import Sorry


def test_no_screen_remembers_the_page_and_serves_until_it_is_stopped() -> None:
    screen = NoScreen()
    screen.show(Sorry("es"))
    assert screen.page == Sorry("es")
    thread = threading.Thread(target=screen.run)
    thread.start()
    screen.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_no_screen_that_was_stopped_before_it_ran_ends_at_once() -> None:
    screen = NoScreen()
    screen.stop()
    screen.run()
    assert screen.page is None


def test_no_lamp_takes_whatever_it_is_told() -> None:
    lamp = NoLamp()
    for on in (True, False):
        lamp.light(on)
    assert not vars(lamp)
