"""Sheets are made once and told what to say: a questionnaire leaves nothing behind, nor waits."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any

import pytest

from kiosk.core.effects import Questioning
from tests.screen.questions import EVERY, LANGUAGES, answered, asked
from tests.screen.rig import Rig
from tests.screen.samples import RESTING
from tests.screen.test_stillness import GROWTH, resident, waiting

pytestmark = pytest.mark.screen

LENGTH = 30
"""Questions: more than anybody answers beside a till."""


def walk(rig: Rig, language: str) -> None:
    """Thirty questions of every kind, each seen unanswered, touched and answered, then at rest."""
    for number in range(1, LENGTH + 1):
        question = EVERY[number % len(EVERY)]
        here: Questioning = replace(asked(question, language), number=number, of=LENGTH)
        rig.show(here)
        sheet: Any = rig.stage.sheet
        keys = sheet.answering() or sheet.keyboard.board_keys
        rig.tap(keys[number % len(keys)].target)
        rig.show(replace(answered(question, language), number=number, of=LENGTH, marked=1))
    rig.frames(1)
    rig.show(RESTING)
    rig.frames(1)
    rig.take_events()


def test_many_walks_leave_nothing_behind(rig: Rig) -> None:
    for language in LANGUAGES:  # fonts, glyphs, sheets and the driver have now what they keep
        walk(rig, language)
        walk(rig, language)
    gc.collect()
    objects, bytes_ = len(gc.get_objects()), resident()
    for number in range(20):
        walk(rig, LANGUAGES[number % len(LANGUAGES)])
    gc.collect()
    assert len(gc.get_objects()) - objects < 200
    assert resident() - bytes_ < GROWTH


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_a_question_that_waits_paints_nothing_and_plans_nothing(rig: Rig, question: Any) -> None:
    rig.show(answered(question))
    rig.frames(3)
    assert rig.frames_for(0.3) == 0
    assert waiting() == []
