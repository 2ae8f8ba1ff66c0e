"""What a button means where it does not answer: the whole visit by three of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.effects import Asking, KeepOpen, Questioning, Resting, Thanks
from shared.visits import Face, Input
from tests.kiosk import samples
from tests.kiosk.core.rig import Rig
from tests.shared.questionnaires import EVERY_KIND

LEFT, MIDDLE, RIGHT = Face.SAD, Face.NEUTRAL, Face.HAPPY

INVITING = replace(samples.settings(), questionnaire=EVERY_KIND)


def thanked(by: Face = RIGHT) -> Rig:
    rig = Rig(INVITING)
    rig.sale()
    rig.press(by)
    return rig


@pytest.mark.parametrize("face", Face)
def test_while_faces_are_asked_a_button_is_its_face(face: Face) -> None:
    rig = thanked(face)
    assert rig.all(KeepOpen)[-1].visit.face is face
    assert rig.page_of(Thanks).marked is None


def test_a_reason_is_chosen_by_the_mark() -> None:
    rig = thanked()
    rig.press(LEFT)
    assert rig.page_of(Thanks).marked == 0
    rig.press(RIGHT)
    assert rig.page_of(Thanks).marked == 1
    rig.press(MIDDLE)
    page = rig.page_of(Thanks)
    assert (page.chosen, page.marked) == ("staff", 1)
    rig.wait(5_000)
    assert rig.visits[0].reason == "staff"
    assert rig.visits[0].face is RIGHT


def test_change_invitation_and_done_are_reached_in_this_order_behind_the_reasons() -> None:
    rig = thanked()
    rig.press(RIGHT, RIGHT, RIGHT, MIDDLE)
    rig.page_of(Asking)
    rig.press(LEFT)
    assert rig.all(KeepOpen)[-1].visit.face is Face.SAD
    rig.press(LEFT, LEFT, LEFT, MIDDLE)  # backwards over “done”: the invitation
    rig.page_of(Questioning)
    other = thanked()
    other.press(RIGHT, LEFT, MIDDLE)
    other.page_of(Resting)


def test_whoever_goes_through_the_keys_has_as_long_as_at_first() -> None:
    rig = thanked()
    for _ in range(4):
        rig.wait(4_000)
        rig.press(RIGHT)
    thanks = rig.page_of(Thanks)
    assert (thanks.gone, thanks.seconds) == (0.0, 5.0)
    rig.wait(5_000)
    rig.page_of(Resting)


def test_when_a_key_goes_the_mark_stays_on_the_page() -> None:
    rig = thanked()
    rig.press(RIGHT, LEFT)  # on “done”, the fifth
    assert rig.page_of(Thanks).marked == 4
    rig.wait(3_000)
    thanks = rig.page_of(Thanks)
    assert (thanks.changeable, thanks.marked) == (False, 3)
    rig.press(MIDDLE)
    rig.page_of(Resting)


def test_at_rest_the_middle_one_begins_the_questionnaire_and_the_others_nothing() -> None:
    rig = Rig(INVITING)
    rig.press(LEFT, RIGHT)
    rig.page_of(Resting)
    rig.press(MIDDLE)
    rig.page_of(Questioning)
    not_invited = Rig(samples.settings())
    not_invited.press(MIDDLE)
    not_invited.page_of(Resting)


def test_where_there_is_no_key_there_is_no_mark() -> None:
    rig = Rig(replace(samples.settings(), reasons=(), change_seconds=0))
    rig.sale()
    rig.press(LEFT, LEFT, MIDDLE)
    assert rig.page_of(Thanks).marked is None


def test_more_presses_than_bring_anybody_anywhere_are_doubted() -> None:
    rig = thanked()
    rig.press(*[RIGHT] * 20)
    rig.wait(5_000)
    assert [visit.suspect for visit in rig.visits] == ["burst"]
    calm = thanked()
    calm.press(RIGHT, RIGHT, MIDDLE)
    calm.wait(5_000)
    assert [visit.suspect for visit in calm.visits] == [None]


def test_touches_of_faces_mean_nothing_there() -> None:
    rig = thanked()
    rig.face(LEFT, Input.TOUCH)
    assert rig.page_of(Thanks).marked is None
