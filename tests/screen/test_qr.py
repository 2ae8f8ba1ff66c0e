"""The code for a phone is on the glass as it was made: every module, its quiet zone, its size."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import segno

from kiosk.screen.boxes import Box
from kiosk.screen.theme import Theme
from tests.screen.rig import Rig
from tests.screen.samples import resting

if TYPE_CHECKING:
    from kiosk.screen.qr import QrCode

pytestmark = pytest.mark.screen

LINK = "https://hub.example/q/" + "k3Xf-9" * 15
QUIET = 4


@pytest.fixture
def code(rig: Rig) -> QrCode:
    from kiosk.screen.qr import QrCode  # noqa: PLC0415 Kivy may be imported only now

    return QrCode()


def seen(rig: Rig, code: QrCode) -> list[list[int]]:
    """The modules as they are on the glass, one pixel each: 1 is dark."""
    rig.stage.canvas.after.add(code.drawing)
    picture = rig.picture().convert("L")
    rig.stage.canvas.after.remove(code.drawing)
    box, across = code.box, len(segno.make(LINK, error="m", micro=False).matrix) + 2 * QUIET
    step = box.width / across
    top = picture.height - box.top
    dark = picture.point(lambda shade: 255 * (shade < 128)).load()
    assert dark is not None
    return [
        [
            int(bool(dark[int(box.x + (x + 0.5) * step), int(top + (y + 0.5) * step)]))
            for x in range(across)
        ]
        for y in range(across)
    ]


@pytest.mark.parametrize("side", [250, 147, 134])
def test_it_is_the_code_that_segno_made_with_its_quiet_zone(
    rig: Rig, code: QrCode, side: int
) -> None:
    code.place(LINK, Box(500, 100, side, side))
    made = segno.make(LINK, error="m", micro=False)
    assert seen(rig, code) == [list(row) for row in made.matrix_iter(border=QUIET)]


def test_it_is_as_large_as_the_box_allows_and_at_least_an_inch(rig: Rig, code: QrCode) -> None:
    for size in ((800, 480), (1280, 720), (480, 800)):
        theme = Theme(*size)
        for room in (theme.mm(25), theme.mm(40)):
            code.place(LINK, Box(10, 10, room, room))
            assert 0.85 * room <= code.box.width <= room
            assert code.box.width == code.box.height


@pytest.mark.parametrize("size", [(800, 480), (1280, 720), (480, 800)], ids=str)
def test_on_the_resting_page_it_is_an_inch_wide(rig: Rig, size: tuple[int, int]) -> None:
    """25 mm, quiet zone included, whatever the link is like."""
    for link in (LINK, LINK[:60], LINK + "x" * 60):
        rig.show(replace(resting(), invited=True, link=link), size)
        code = rig.stage.resting.ways._code
        assert code is not None
        assert code.box.width >= 0.97 * Theme(*size).mm(25)


def test_without_a_text_nothing_is_seen(rig: Rig, code: QrCode) -> None:
    code.place(LINK, Box(0, 0, 200, 200))
    code.place(None, Box(0, 0, 200, 200))
    assert code.box.size == (0, 0)


def test_it_is_drawn_anew_only_for_another_text(rig: Rig, code: QrCode) -> None:
    code.place(LINK, Box(0, 0, 200, 200))
    first = code.texture
    code.place(LINK, Box(50, 50, 300, 300))
    assert code.texture is first
    code.place(LINK + "x", Box(50, 50, 300, 300))
    assert code.texture is not first
