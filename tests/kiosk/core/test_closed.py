"""Out of order: nobody is asked, and the two who care for a kiosk have the glass all the same."""

from __future__ import annotations

from typing import get_args

import pytest

from kiosk.core.cleaning import WIPE_MS
from kiosk.core.closed import ClosedTurns
from kiosk.core.effects import Cleaning, Closed, Effect, Inspect, Light, Page, Restart, Show, Wake
from kiosk.core.events import CleaningAsked, Event, LeaveTouched, PanelAsked, PanelTouched, Woke
from kiosk.core.panel import PAD_MS, Panel
from kiosk.core.panel_pages import Key, PanelLines, PinPad
from kiosk.core.passcode import hashed
from kiosk.core.trials import Kind
from tests.kiosk.core.happenings import each
from tests.kiosk.samples import moment

PIN = hashed("2580", b"salt" * 4)
T0 = 10_000


class Scene:
    """A closed kiosk with everything that it asked for so far."""

    def __init__(self, *, panel: bool = True) -> None:
        made = Panel(PIN, "k-1", (Kind.TOUCH,)) if panel else None
        self.turns = ClosedTurns("es", made)
        self.effects: list[Effect] = self.turns.start(None, moment(T0), None)

    def sees(self, *events: Event) -> None:
        for event in events:
            self.effects += self.turns.handle(event)

    def page(self) -> Page:
        return [effect for effect in self.effects if isinstance(effect, Show)][-1].page

    @property
    def wake(self) -> int | None:
        return [effect for effect in self.effects if isinstance(effect, Wake)][-1].boot


def opened() -> Scene:
    scene = Scene()
    scene.sees(PanelAsked(moment(T0)))
    scene.sees(*(PanelTouched(moment(T0 + 1), key) for key in ("2", "5", "8", "0", Key.OK)))
    return scene


def test_it_says_so_in_the_dark_and_asks_for_no_waking() -> None:
    scene = Scene()
    assert scene.effects == [Show(Closed("es")), Light(False), Wake(None)]


@pytest.mark.parametrize(
    "event",
    each([kind for kind in get_args(Event) if kind not in (CleaningAsked, PanelAsked)], T0),
    ids=lambda event: type(event).__name__,
)
def test_nothing_that_a_shopper_a_till_or_the_hub_does_changes_anything(event: Event) -> None:
    scene = Scene()
    assert scene.turns.handle(event) == [Wake(None)]


def test_the_glass_is_wiped_for_a_minute() -> None:
    scene = Scene()
    scene.sees(CleaningAsked(moment(T0)))
    assert (scene.page(), scene.wake) == (Cleaning("es", 60), T0 + 1_000)
    scene.sees(Woke(moment(T0 + 30_000)), CleaningAsked(moment(T0 + 30_000)))
    assert scene.page() == Cleaning("es", 30)
    scene.sees(Woke(moment(T0 + WIPE_MS)))
    assert (scene.page(), scene.wake) == (Closed("es"), None)


def test_a_technician_comes_in_by_the_pin_and_leaves() -> None:
    scene = opened()
    assert isinstance(scene.page(), PanelLines)
    assert Inspect() in scene.effects
    scene.sees(LeaveTouched(moment(T0 + 2)))
    assert (scene.page(), scene.wake) == (Closed("es"), None)


def test_the_pad_closes_itself_and_a_wrong_pin_opens_nothing() -> None:
    scene = Scene()
    scene.sees(PanelAsked(moment(T0)))
    scene.sees(*(PanelTouched(moment(T0 + 1), key) for key in ("1", "1", "1", "1", Key.OK)))
    assert isinstance(scene.page(), PinPad)
    scene.sees(Woke(moment(T0 + 1 + PAD_MS)))
    assert scene.page() == Closed("es")


def test_without_a_pin_there_is_no_panel_here_either() -> None:
    scene = Scene(panel=False)
    scene.sees(PanelAsked(moment(T0)))
    assert scene.page() == Closed("es")


def test_the_glass_can_be_wiped_from_the_panel_and_the_kiosk_started_anew() -> None:
    scene = opened()
    scene.sees(CleaningAsked(moment(T0 + 2)))
    assert isinstance(scene.page(), Cleaning)
    again = opened()
    at = moment(T0 + 2)
    again.sees(PanelTouched(at, Key.MORE), *[PanelTouched(at, Key.RESTART)] * 2)
    assert Restart() in again.effects
