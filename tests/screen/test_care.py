"""Cleaning, sleep and the technician's gesture: what is held, what wakes, what does nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.core.effects import Closed, Page
from kiosk.core.events import CleaningAsked, GlassTouched, InvitationTouched, PanelAsked
from tests.screen.rig import Rig
from tests.screen.samples import (
    ASLEEP,
    LANGUAGES,
    PLAIN,
    PLATE,
    RESTING,
    THANKS,
    asking,
    pages,
    waiting,
)

if TYPE_CHECKING:  # Kivy may be imported only once the window's environment is set
    from kiosk.screen.holds import HoldKey
    from kiosk.screen.keys import Key

pytestmark = pytest.mark.screen

ALWAYS_ON = asking(always_on=True)


def hold(rig: Rig, key: HoldKey, seconds: float) -> None:
    """A finger that stays for a while on the key, which is content with a tenth of its time."""
    whole, key.seconds = key.seconds, key.seconds / 10
    finger = rig.touch(*key.target.center)
    rig.frames_for(seconds / 10)
    finger.touch_up()
    key.seconds = whole


@pytest.mark.parametrize("page", [RESTING, ALWAYS_ON, Closed("es")], ids=lambda p: type(p).__name__)
def test_where_a_page_may_stand_for_hours_its_name_is_held_to_clean_the_glass(
    rig: Rig, page: Page
) -> None:
    rig.show(page)
    sheet: Any = rig.stage.sheet
    assert sheet.cleaning.seconds == 3
    hold(rig, sheet.cleaning, 4)
    assert rig.take_events() == [CleaningAsked(rig.clock.now())]
    hold(rig, sheet.panel_corner, 6)
    assert rig.take_events() == [PanelAsked(rig.clock.now())]


def test_a_touch_that_is_too_short_does_nothing(rig: Rig) -> None:
    rig.show(RESTING)
    hold(rig, rig.stage.resting.cleaning, 1)
    rig.tap(rig.stage.resting.panel_corner.target)
    rig.frames_for(0.6)
    assert rig.take_events() == []


def test_a_finger_that_slides_away_does_nothing(rig: Rig) -> None:
    rig.show(RESTING)
    key = rig.stage.resting.cleaning
    key.seconds = 0.2
    finger = rig.touch(*key.target.center)
    finger.touch_move(400, 200)
    rig.frames_for(0.4)
    finger.touch_up()
    key.seconds = 3.0
    assert rig.take_events() == []


def test_a_page_that_goes_lets_go_of_what_is_held(rig: Rig) -> None:
    rig.show(RESTING)
    key = rig.stage.resting.cleaning
    key.seconds = 0.2
    finger = rig.touch(*key.target.center)
    rig.show(asking())
    rig.frames_for(0.4)
    finger.touch_up()
    key.seconds = 3.0
    assert rig.take_events() == []


def test_nobody_who_is_asked_can_open_the_panel_by_holding_not_now(rig: Rig) -> None:
    rig.show(asking())
    assert not rig.stage.asking.panel_corner.opacity
    assert not rig.stage.asking.cleaning.opacity


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_glass_is_wiped_nothing_can_be_touched(rig: Rig, language: str) -> None:
    rig.show(pages(language)["cleaning"])
    assert rig.stage.sheet is not None
    assert rig.stage.sheet.keys == []
    assert rig.stage.cleaning.seconds.text == "42"


def test_a_glass_that_sleeps_is_black_and_wakes_wherever_it_is_touched(rig: Rig) -> None:
    rig.show(ASLEEP)
    assert rig.picture().getcolors() == [(800 * 480, (0, 0, 0))]
    finger = rig.touch(3, 3)
    assert rig.take_events() == [GlassTouched(rig.clock.now())], "at once, as the finger lands"
    finger.touch_up()
    assert rig.take_events() == []


@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (480, 800)])
@pytest.mark.parametrize("kiosk", ["k-012-04", "mercado-centro-caja-31", "w" * 32])
def test_a_nameplate_is_whole_however_long_the_name_and_goes_with_a_touch(
    rig: Rig, size: tuple[int, int], kiosk: str
) -> None:
    rig.show(replace(PLATE, kiosk=kiosk), size)
    plate: Any = rig.stage.sheet
    assert plate.kiosk.text == kiosk
    assert plate.kiosk.whole, "nothing of it is cut"
    finger = rig.touch(3, 3)
    assert rig.take_events() == [GlassTouched(rig.clock.now())]
    finger.touch_up()


def invitation(rig: Rig) -> Key:
    """The way to the questionnaire on the page that is shown."""
    sheet: Any = rig.stage.sheet
    return sheet.ways.tile if sheet is rig.stage.resting else sheet.invitation


def test_the_invitation_is_reported_from_the_resting_page_and_after_thanks(rig: Rig) -> None:
    for page in (waiting(), pages("es")["thanks"], pages("es")["thanks-plain"]):
        rig.show(page)
        rig.tap(invitation(rig).target)
        assert rig.take_events() == [InvitationTouched(rig.clock.now())]


def test_who_is_not_invited_sees_no_invitation(rig: Rig) -> None:
    for page in (RESTING, THANKS, PLAIN):
        rig.show(page)
        assert invitation(rig).target.size == (0, 0)


def test_the_code_for_a_phone_has_a_quiet_zone_and_can_be_read(rig: Rig) -> None:
    rig.show(pages("es")["resting-phone"])
    code = rig.stage.resting.ways._code
    assert code is not None
    assert min(code.box.size) >= 80
    rig.show(waiting())
    assert code.box.size == (0, 0)
