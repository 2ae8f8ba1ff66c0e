"""A touch becomes the right event with the right moments; nothing else does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.core.effects import Closed, Page, Sorry
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    Event,
    FaceTouched,
    GlassTouched,
    LanguageTouched,
    NotNowTouched,
    ReasonTouched,
)
from shared.visits import Face, Input
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, PLAIN, REASONS, RESTING, THANKS, asking

if TYPE_CHECKING:  # Kivy may be imported only once the window's environment is set
    from kiosk.screen.keys import Key
    from kiosk.screen.stage import Stage

pytestmark = pytest.mark.screen

ESCAPE, F1, ENTER, TAB = 27, 282, 13, 9


@pytest.mark.parametrize("face", Face)
def test_a_face_is_reported_with_when_the_finger_landed_and_when_it_left(
    rig: Rig, face: Face
) -> None:
    rig.show(ASKING)
    began = rig.clock.now()
    finger = rig.touch(*rig.stage.asking.faces[face].target.center)
    assert rig.take_events() == [], "a finger that still lies on the glass has not answered"
    at = rig.clock.advance(140)
    finger.touch_up()
    assert rig.take_events() == [FaceTouched(at, face, Input.TOUCH, began)]


@pytest.mark.parametrize("page", [THANKS, PLAIN])
def test_a_touch_beside_the_keys_of_thanks_says_that_somebody_is_still_here(
    rig: Rig, page: Page
) -> None:
    rig.show(page)
    rig.touch(2, 2).touch_up()
    assert rig.take_events() == [GlassTouched(rig.clock.now())]


@pytest.mark.parametrize(
    ("page", "key", "kind"),
    [
        (ASKING, lambda stage: stage.asking.not_now, NotNowTouched),
        (THANKS, lambda stage: stage.thanks.change, ChangeTouched),
        (THANKS, lambda stage: stage.thanks.done, DoneTouched),
        (PLAIN, lambda stage: stage.plain_thanks.change, ChangeTouched),
    ],
    ids=["not now", "change", "done", "change on the plain page"],
)
def test_a_button_is_reported(
    rig: Rig, page: Page, key: Callable[[Stage], Key], kind: type[Event]
) -> None:
    rig.show(page)
    rig.tap(key(rig.stage).target)
    (event,) = rig.take_events()
    assert type(event) is kind
    assert event.at == rig.clock.now()


def test_each_reason_is_reported_by_its_id(rig: Rig) -> None:
    rig.show(THANKS)
    for tile in rig.stage.thanks.reasons:
        rig.tap(tile.target)
    events = rig.take_events()
    assert [e.reason for e in events if isinstance(e, ReasonTouched)] == [r.id for r in REASONS]


@pytest.mark.parametrize("page", [ASKING, RESTING], ids=["asking", "resting"])
def test_a_language_is_reported(rig: Rig, page: Page) -> None:
    rig.show(page)
    switch = rig.stage.asking.switch if page is ASKING else rig.stage.resting.switch
    rig.tap(switch.segments[1].target)
    assert rig.take_events() == [LanguageTouched(rig.clock.now(), "en")]


def test_a_finger_that_slides_off_has_not_answered(rig: Rig) -> None:
    rig.show(ASKING)
    finger = rig.touch(*rig.stage.asking.faces[Face.SAD].target.center)
    finger.touch_move(400, 20)
    finger.touch_up()
    assert rig.take_events() == []


def test_a_finger_that_rolls_over_the_edge_has_answered(rig: Rig) -> None:
    rig.show(ASKING)
    target = rig.stage.asking.faces[Face.SAD].target
    finger = rig.touch(target.x + 4, target.center[1])
    finger.touch_move(target.x - 8, target.center[1])
    finger.touch_up()
    assert len(rig.take_events()) == 1


def test_beside_the_targets_nothing_happens(rig: Rig) -> None:
    for page in (RESTING, asking(always_on=True), Sorry("es"), Closed("es")):
        rig.show(page)
        finger = rig.touch(3, 3)
        finger.touch_up()
        assert rig.take_events() == []


def test_what_is_not_shown_cannot_be_touched(rig: Rig) -> None:
    rig.show(ASKING)
    hidden = rig.stage.asking.not_now.target
    rig.show(asking(always_on=True))
    rig.tap(hidden)
    assert rig.take_events() == []


def test_a_second_finger_on_the_same_face_adds_nothing(rig: Rig) -> None:
    rig.show(ASKING)
    middle = rig.stage.asking.faces[Face.HAPPY].target.center
    first, second = rig.touch(*middle), rig.touch(*middle)
    first.touch_up()
    second.touch_up()
    assert len(rig.take_events()) == 1


@pytest.mark.parametrize(("x", "y"), [(3, 3), (400, 360), (100, 45)])
def test_a_touch_beside_the_faces_says_that_somebody_is_here(rig: Rig, x: int, y: int) -> None:
    rig.show(replace(ASKING, leaving=True))
    rig.touch(x, y).touch_up()
    assert rig.take_events() == [GlassTouched(rig.clock.now())]


@pytest.mark.parametrize("face", Face)
def test_a_finger_that_slides_off_a_face_says_nothing_at_all(rig: Rig, face: Face) -> None:
    rig.show(replace(ASKING, leaving=True))
    finger = rig.touch(*rig.stage.asking.faces[face].target.center)
    finger.touch_move(3, 3)
    finger.touch_up()
    assert rig.take_events() == []


def test_a_face_touched_as_its_page_goes_is_reported_for_the_session_to_judge(rig: Rig) -> None:
    rig.show(ASKING)
    began = rig.clock.now()
    finger = rig.touch(*rig.stage.asking.faces[Face.SAD].target.center)
    at = rig.clock.advance(300)
    rig.show(RESTING)
    finger.touch_up()
    assert rig.take_events() == [FaceTouched(at, Face.SAD, Input.TOUCH, began)]


def test_a_button_touched_as_its_page_goes_is_not_reported(rig: Rig) -> None:
    """It does not say when it began, and could so be taken for one on the next page."""
    rig.show(THANKS)
    finger = rig.touch(*rig.stage.thanks.done.target.center)
    rig.show(RESTING)
    finger.touch_up()
    assert rig.take_events() == []


def test_only_the_first_button_of_a_mouse_counts(rig: Rig) -> None:
    rig.show(ASKING)
    x, y = rig.stage.asking.faces[Face.SAD].target.center
    for button in ("right", "middle", "scrollup", "left"):
        rig.window.dispatch("on_mouse_down", x, 480 - y, button, [])
        rig.window.dispatch("on_mouse_up", x, 480 - y, button, [])
        rig.frames(2)
    assert len(rig.take_events()) == 1


@pytest.mark.parametrize("key", [ESCAPE, F1, ENTER, TAB])
def test_no_key_of_a_keyboard_does_anything(rig: Rig, key: int) -> None:
    from kivy.base import EventLoop  # noqa: PLC0415

    rig.show(ASKING)
    before = rig.picture().tobytes()
    rig.window.dispatch("on_key_down", key, 0, None, [])
    rig.window.dispatch("on_key_up", key, 0)
    rig.frames(3)
    assert EventLoop.status == "started"
    assert not EventLoop.quit
    assert rig.window.children == [rig.stage]
    assert rig.picture().tobytes() == before
    assert rig.take_events() == []


def test_exactly_one_device_provides_touches(rig: Rig) -> None:
    from kivy.base import EventLoop  # noqa: PLC0415

    assert [type(p).__name__ for p in EventLoop.input_providers] == ["MouseMotionEventProvider"]
    assert rig.window.children == [rig.stage]


def test_no_module_of_kivy_is_active(rig: Rig) -> None:
    from kivy.config import Config  # noqa: PLC0415
    from kivy.modules import Modules  # noqa: PLC0415

    assert Config.items("modules") == []
    assert not any(module.get("activated") for module in Modules.mods.values())
