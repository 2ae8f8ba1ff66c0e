"""What is no finger reaches no page, and is an alarm until the glass is at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.core.events import FaceTouched
from kiosk.core.palms import BURST, HELD_MS, MANY, QUIET_MS
from shared.visits import Face
from tests.screen.rig import Rig
from tests.screen.samples import ASKING

pytestmark = pytest.mark.screen


@pytest.fixture
def told(rig: Rig) -> Iterator[list[str | None]]:
    """What the guard before the rig's window tells."""
    from kiosk.screen.guard import Guard  # noqa: PLC0415 Kivy comes with the rig

    told: list[str | None] = []
    guard = Guard(rig.clock, told.append)
    guard.attach(rig.window)
    rig.show(ASKING)
    yield told
    guard.detach(rig.window)


def faces(rig: Rig) -> int:
    return sum(isinstance(event, FaceTouched) for event in rig.take_events())


def test_a_finger_goes_through(rig: Rig, told: list[str | None]) -> None:
    for face in Face:
        rig.clock.advance(1_000)
        rig.tap(rig.stage.asking.faces[face].target)
    assert faces(rig) == 3
    assert told == []


def test_chatter_is_kept_out_and_told_until_the_glass_is_at_rest(
    rig: Rig, told: list[str | None]
) -> None:
    target = rig.stage.asking.faces[Face.HAPPY].target
    for _ in range(40):
        rig.clock.advance(20)
        rig.tap(target)
    assert faces(rig) == BURST
    assert told == ["touch"]
    rig.clock.advance(QUIET_MS + 1)
    rig.tap(target)
    assert told == ["touch", None]
    assert faces(rig) == 1, "the next shopper's touch counts at once"


def test_a_palm_is_kept_out(rig: Rig, told: list[str | None]) -> None:
    palm: list[Any] = [rig.touch(5.0, 5.0 + n) for n in range(MANY)]
    rig.tap(rig.stage.asking.faces[Face.SAD].target)
    assert faces(rig) == 0
    assert told == ["touch"]
    for finger in palm:
        finger.touch_up()


def test_what_lies_there_is_told_without_another_touch(rig: Rig, told: list[str | None]) -> None:
    from kivy.clock import Clock  # noqa: PLC0415 Kivy comes with the rig

    bag = rig.touch(5.0, 5.0)
    rig.clock.advance(HELD_MS)
    (waiting,) = [e for e in Clock.get_events() if "_idle" in repr(e.get_callback())]
    waiting.get_callback()(0)
    assert told == ["touch"]
    bag.touch_up()
