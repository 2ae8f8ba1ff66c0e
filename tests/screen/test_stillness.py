"""At rest nothing is painted and nothing waits; over many taps nothing grows."""

from __future__ import annotations

import gc
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.effects import Closed, Page, Sorry, Thanks
from shared.visits import Face
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, PLAIN, REASONS, RESTING, THANKS

pytestmark = pytest.mark.screen

GROWTH = 4 * 2**20
"""Bytes: frames that pile up in the driver would take a hundred times as much."""


def waiting() -> list[str]:
    """What Kivy's clock has still to do, but for its own housekeeping of caches."""
    from kivy.clock import Clock  # noqa: PLC0415

    return [str(e) for e in Clock.get_events() if "_purge_by_timeout" not in str(e)]


def resident() -> int:
    """Bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.parametrize(
    "page", [RESTING, ASKING, Sorry("es"), Closed("es")], ids=lambda page: type(page).__name__
)
def test_a_page_that_waits_paints_nothing_and_plans_nothing(rig: Rig, page: Page) -> None:
    rig.show(THANKS)
    rig.frames(3)
    rig.show(page)
    rig.frames(3)
    assert rig.frames_for(1.0) == 0
    assert waiting() == []


@pytest.mark.parametrize("what", ["on_mouse_down", "on_mouse_up"])
def test_a_touch_wakes_the_clock_instead_of_waiting_for_the_next_frame(rig: Rig, what: str) -> None:
    rig.frames(3)
    assert waiting() == []
    rig.window.dispatch(what, 5, 5, "left", [])
    assert len(waiting()) == 1
    rig.frames(1)
    assert waiting() == []


@pytest.mark.parametrize("page", [THANKS, PLAIN], ids=["with reasons", "plain"])
def test_only_the_ring_moves_and_about_ten_times_a_second(rig: Rig, page: Page) -> None:
    rig.show(page)
    rig.frames(1)
    assert len(waiting()) == 1
    assert 5 <= rig.frames_for(1.0) <= 12
    rig.show(RESTING)
    assert waiting() == []


@pytest.mark.parametrize("page", [THANKS, PLAIN], ids=["with reasons", "plain"])
def test_a_glass_that_shall_be_calm_has_no_ring_and_paints_nothing(rig: Rig, page: Page) -> None:
    rig.show(page)
    rig.show(page, calm=True)
    calm = rig.picture()
    rig.frames(3)
    assert waiting() == []
    assert rig.frames_for(0.5) == 0
    rig.hold_ring(4)
    assert rig.picture().tobytes() == calm.tobytes(), "the ring is not seen"


def test_the_ring_goes_on_where_it_was_when_a_page_comes_back(rig: Rig) -> None:
    rig.show(replace(THANKS, gone=2.0))
    assert 2 <= rig.stage.thanks.ring.gone < 2.5


def test_the_ring_stops_when_the_time_is_over(rig: Rig) -> None:
    rig.show(Thanks("es", REASONS, None, 0.3))
    rig.frames_for(0.6)
    assert waiting() == []
    assert rig.frames_for(0.3) == 0


def test_the_ring_starts_again_when_the_page_is_shown_again(rig: Rig) -> None:
    rig.show(THANKS)
    rig.hold_ring(4)
    rig.show(THANKS)
    assert rig.stage.thanks.ring.gone < 1
    assert len(waiting()) == 1


@pytest.mark.parametrize("seconds", [0, -1, 1e9], ids=str)
def test_no_length_of_time_confuses_the_ring(rig: Rig, seconds: float) -> None:
    rig.show(Thanks("es", REASONS, None, seconds))
    rig.frames_for(0.3)
    rig.picture()


def test_many_taps_leave_nothing_behind(rig: Rig) -> None:
    def visits(count: int) -> None:
        for n in range(count):
            face = list(Face)[n % 3]
            rig.show(ASKING)
            rig.frames(1)
            rig.tap(rig.stage.asking.faces[face].target)
            rig.show(THANKS)
            rig.tap(rig.stage.thanks.reasons[n % 6].target)
            rig.frames(1)
            rig.show(RESTING)
            rig.frames(1)
            rig.take_events()

    visits(25)  # fonts, glyphs and the graphics driver have now what they keep
    gc.collect()
    objects, bytes_ = len(gc.get_objects()), resident()
    visits(75)
    gc.collect()
    assert len(gc.get_objects()) - objects < 200
    assert resident() - bytes_ < GROWTH
