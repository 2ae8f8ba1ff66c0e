"""Where there is a speaker, every page that asks has a key that has it read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from PIL import ImageChops

from kiosk.core.effects import Page, Questioning
from kiosk.core.events import FaceTouched, GlassTouched, ReadAloudTouched
from kiosk.screen.theme import Theme
from shared.visits import Face
from tests.screen.panel_samples import SIZES
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, asking
from tests.shared.questionnaires import EVERY_KIND

pytestmark = pytest.mark.screen

QUESTIONS = [
    Questioning("en", question, question.choices, None, number, len(EVERY_KIND.questions))
    for number, question in enumerate(EVERY_KIND.questions, start=1)
]
PAGES: list[Page] = [ASKING, asking(always_on=True), *QUESTIONS]


@pytest.fixture
def speaking(rig: Rig) -> Iterator[Rig]:
    rig.stage.speaks = True
    yield rig
    rig.stage.speaks = False


def key(rig: Rig) -> Any:
    sheet: Any = rig.stage.sheet
    return sheet.speak


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_is_large_enough_and_in_nobodys_way(speaking: Rig, size: tuple[int, int]) -> None:
    for page in PAGES:
        speaking.show(page, size)
        if not key(speaking).opacity:
            assert isinstance(page, Questioning), page
            continue
        assert min(key(speaking).target.size) >= Theme(*size).target - 1
        assert speaking.stage.sheet is not None
        for one, other in combinations([k.target for k in speaking.stage.sheet.keys], 2):
            across = min(one.right, other.right) - max(one.x, other.x)
            down = min(one.top, other.top) - max(one.y, other.y)
            assert not (across > 0.01 and down > 0.01), page


def test_most_kinds_of_questions_have_room_for_it_on_the_smallest_glass(speaking: Rig) -> None:
    there = 0
    for page in QUESTIONS:
        speaking.show(page)
        there += bool(key(speaking).opacity)
    assert there >= len(QUESTIONS) - 1


def test_a_touch_asks_for_the_page_to_be_read_and_answers_nothing(speaking: Rig) -> None:
    for page in (ASKING, QUESTIONS[0]):
        speaking.show(page)
        speaking.tap(key(speaking).target)
        told = [one for one in speaking.take_events() if not isinstance(one, GlassTouched)]
        assert told == [ReadAloudTouched(speaking.clock.now())]


def test_without_a_speaker_there_is_no_key_and_the_page_is_as_it_was(rig: Rig) -> None:
    rig.show(ASKING)
    assert not key(rig).opacity
    rig.tap(rig.stage.asking.faces[Face.HAPPY].target)
    (event,) = rig.take_events()
    assert isinstance(event, FaceTouched)


def test_it_looks_like_a_loudspeaker_beside_the_way_out(speaking: Rig) -> None:
    speaking.show(ASKING)
    before = key(speaking).target
    picture = speaking.picture()
    box = (before.x, 480 - before.top, before.right, 480 - before.y)
    part = picture.crop(tuple(map(round, box)))
    colours = part.getcolors(part.width * part.height) or []
    assert any(shade == (0x17, 0x21, 0x2B) for _, shade in colours)
    assert before.right <= speaking.stage.asking.not_now.target.x


def inked(rig: Rig) -> int:
    """How many pixels of the key are of ink."""
    target = key(rig).target
    box = (target.x, 480 - target.top, target.right, 480 - target.y)
    part = rig.picture().crop(tuple(map(round, box)))
    return sum(
        number
        for number, shade in part.getcolors(part.width * part.height) or []
        if shade == (0x17, 0x21, 0x2B)
    )


def test_how_loud_it_is_is_told_by_bars_that_come_one_by_one(speaking: Rig) -> None:
    seen = []
    for step in (1, 2, 3):
        speaking.show(replace(asking(), loudness=(step, 3)))
        seen.append(inked(speaking))
    assert seen[0] < seen[1] < seen[2]
    speaking.show(replace(asking(), loudness=(1, 2)))
    assert inked(speaking) < seen[0], "where there are fewer steps there are fewer dots"


def test_at_rest_the_key_is_as_it_was(speaking: Rig) -> None:
    speaking.show(ASKING)
    before = speaking.picture().tobytes()
    for loudness in ((1, 3), (3, 3)):
        speaking.show(replace(ASKING, loudness=loudness))
        assert speaking.picture().tobytes() != before
    speaking.show(ASKING)
    assert speaking.picture().tobytes() == before


def test_the_bars_stay_within_the_key_on_every_glass(speaking: Rig) -> None:
    for size in SIZES:
        for language in ("es", "ar"):
            page = asking(language)
            speaking.show(page, size)
            around = speaking.picture()
            speaking.show(replace(page, loudness=(3, 3)), size)
            target = key(speaking).target
            found = ImageChops.difference(around, speaking.picture()).getbbox()
            assert found is not None
            left, top, right, bottom = found
            assert target.x < left < right < target.right
            assert size[1] - target.top < top < bottom < size[1] - target.y
