"""A page knows of an answer by faces only that there is one; of all others it knows the answer."""

from __future__ import annotations

import pytest

from kiosk.core.discretion import ANSWERED, told
from shared.questions import Question
from shared.visits import Face
from tests.shared.questionnaires import EVERY_ANSWER, EVERY_KIND

MOOD, *OTHERS = EVERY_KIND.questions


@pytest.mark.parametrize("face", Face)
def test_every_face_is_told_alike_and_as_none_of_them(face: Face) -> None:
    assert told(MOOD, face.value) == ANSWERED
    assert ANSWERED not in {one.value for one in Face}


def test_that_there_is_no_answer_is_told() -> None:
    assert told(MOOD, None) is None


@pytest.mark.parametrize("question", OTHERS, ids=lambda one: one.id)
def test_any_other_answer_is_told_as_it_is(question: Question) -> None:
    assert told(question, EVERY_ANSWER[question.id]) == EVERY_ANSWER[question.id]
