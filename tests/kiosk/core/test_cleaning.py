"""Wiping the glass: a minute, counted down, whatever touches it."""

from __future__ import annotations

from kiosk.core.cleaning import WIPE_MS, Wiping
from kiosk.core.effects import Cleaning, Show
from kiosk.core.events import GlassTouched, LeaveTouched, Woke
from tests.kiosk.samples import face_touched, moment


def test_it_counts_down_by_the_second_and_ends_after_a_minute() -> None:
    wiping = Wiping("es", moment(10_000))
    assert wiping.begin(moment(10_000)) == [Show(Cleaning("es", 60))]
    left = [60]
    while wiping.deadline is not None:
        for effect in wiping.handle(Woke(moment(wiping.deadline))):
            assert isinstance(effect, Show)
            assert isinstance(effect.page, Cleaning)
            left.append(effect.page.seconds_left)
    assert left == list(range(60, 0, -1))
    assert not wiping.is_open


def test_a_late_waking_shows_what_is_left() -> None:
    wiping = Wiping("es", moment(10_000))
    wiping.begin(moment(10_000))
    assert wiping.handle(Woke(moment(15_500))) == [Show(Cleaning("es", 55))]
    assert wiping.deadline == 16_000
    assert wiping.handle(Woke(moment(10_000 + WIPE_MS + 5))) == []
    assert not wiping.is_open


def test_no_touch_does_anything() -> None:
    wiping = Wiping("es", moment(10_000))
    for touch in (GlassTouched, LeaveTouched):
        assert wiping.handle(touch(moment(11_000))) == []
    assert wiping.handle(face_touched(11_000)) == []
    assert wiping.is_open
