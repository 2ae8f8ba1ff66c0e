"""Colours are the decided ones, and measures follow the glass."""

from __future__ import annotations

import pytest

from kiosk.screen.theme import HAPPY, INK, NEUTRAL, PAPER, SAD, Theme, colour
from shared.visits import Face
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, EVERY_SIZE


def test_colours_are_those_of_decision_12() -> None:
    decided = {"#D55E00": SAD, "#E69F00": NEUTRAL, "#009E73": HAPPY, "#17212B": INK}
    assert all(colour(name) == value for name, value in decided.items())
    assert colour("#FBFAF7") == PAPER


@pytest.mark.screen
@pytest.mark.parametrize(
    ("face", "decided"),
    [
        (Face.SAD, (0xD5, 0x5E, 0x00)),
        (Face.NEUTRAL, (0xE6, 0x9F, 0x00)),
        (Face.HAPPY, (0x00, 0x9E, 0x73)),
    ],
)
def test_they_are_so_on_the_glass(rig: Rig, face: Face, decided: tuple[int, int, int]) -> None:
    rig.show(ASKING)
    target = rig.stage.asking.faces[face].target
    picture = rig.picture()
    forehead = (round(target.center[0]), round(480 - target.top + target.height * 0.12))
    assert picture.getpixel(forehead) == decided
    assert picture.getpixel((2, 2)) == (0xFB, 0xFA, 0xF7)


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_a_page_of_the_smallest_glass_fits_into_every_other(size: tuple[int, int]) -> None:
    theme = Theme(*size)
    long, short = max(size), min(size)
    assert 800 * theme.unit <= long
    assert 480 * theme.unit <= short


def test_a_unit_is_a_pixel_of_the_smallest_glass() -> None:
    assert Theme(800, 480).unit == Theme(480, 800).unit == 1
    assert Theme(1280, 720).unit == Theme(720, 1280).unit == 1.5
    assert Theme(1024, 600).px(10) == 12
    assert Theme(320, 240).px(0.1) == 1, "a line never vanishes"
