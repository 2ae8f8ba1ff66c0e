"""Law 5: the screen after a tap looks the same whichever face was touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.core.discretion import told
from kiosk.core.effects import Questioning, Thanks
from kiosk.core.events import AnswerGiven
from shared.visits import Face
from tests.screen import questions
from tests.screen.likeness import difference
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, LANGUAGES, RESTING, THANKS, asking, thanks

pytestmark = pytest.mark.screen

PAGES = {
    "with reasons": thanks,
    "plain": lambda language: thanks(language, reasons=0),
    "invited": lambda language: replace(thanks(language), invited=True, changeable=False),
}


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_the_page_after_a_tap_is_the_same_for_every_face(
    rig: Rig, kind: str, language: str, night: bool
) -> None:
    page, seen = PAGES[kind](language), set()
    for face in Face:
        rig.show(asking(language), night=night)
        rig.tap(rig.stage.asking.faces[face].target)
        rig.show(page, night=night)
        rig.hold_ring()
        seen.add(rig.picture().tobytes())
    assert len(seen) == 1


def test_no_page_is_told_which_face_it_was() -> None:
    assert not {"face", "score"} & set(Thanks.__dataclass_fields__)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(800, 480), (480, 800)], ids=str)
def test_a_question_with_faces_is_the_same_whichever_was_touched(
    rig: Rig, size: tuple[int, int], language: str, night: bool
) -> None:
    """As soon as the finger has left, when the core has answered, changed, and come back to."""
    rig.show(questions.asked(questions.MOOD, language), size, night=night)
    unanswered, seen = rig.picture().tobytes(), set()
    for face in Face:
        rig.show(questions.asked(questions.MOOD, language), size, night=night)
        tap_face(rig, face)
        seen.add(rig.picture().tobytes())
        rig.show(core_page(rig, language), size, night=night)
        seen.add(rig.picture().tobytes())
        tap_face(rig, Face.NEUTRAL)
        seen.add(rig.picture().tobytes())
        rig.show(questions.asked(questions.FRIEND, language), size, night=night)
        rig.show(core_page(rig, language), size, night=night)
        seen.add(rig.picture().tobytes())
    assert len(seen) == 1
    assert unanswered not in seen


def tap_face(rig: Rig, face: Face) -> None:
    sheet: Any = rig.stage.sheet
    rig.tap(sheet.faces[face].target)


def core_page(rig: Rig, language: str) -> Questioning:
    """What the core shows of the last answer that was told."""
    last = [event for event in rig.events if isinstance(event, AnswerGiven)][-1]
    return questions.asked(questions.MOOD, language, told(questions.MOOD, last.answer))


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("face", Face)
def test_changing_the_answer_shows_no_trace_of_the_first_one(
    rig: Rig, face: Face, night: bool
) -> None:
    rig.show(ASKING, night=night)
    untouched = rig.picture().tobytes()
    rig.tap(rig.stage.asking.faces[face].target)
    rig.show(THANKS, night=night)
    rig.show(ASKING, night=night)
    assert rig.picture().tobytes() == untouched


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("face", Face)
def test_a_touched_face_is_felt_but_hardly_seen_from_behind(
    rig: Rig, face: Face, night: bool
) -> None:
    rig.show(ASKING, night=night)
    untouched = rig.picture()
    finger = rig.touch(*rig.stage.asking.faces[face].target.center)
    rig.frames(1)
    touched = rig.picture()
    finger.touch_up()
    assert 0 < difference(untouched, touched).mean < 2
    assert rig.picture().tobytes() == untouched.tobytes()


def test_a_face_that_is_held_while_its_page_goes_comes_back_untouched(rig: Rig) -> None:
    rig.show(ASKING)
    untouched = rig.picture().tobytes()
    finger = rig.touch(*rig.stage.asking.faces[Face.HAPPY].target.center)
    rig.show(RESTING)
    rig.show(ASKING)
    assert rig.picture().tobytes() == untouched
    finger.touch_up()
