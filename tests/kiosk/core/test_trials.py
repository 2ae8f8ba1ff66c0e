"""Each test of the panel passes when everything was seen, and fails when it is told so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.trials import COLOURS, NEXT, NO, PATIENCE_MS, TARGETS, YES, Kind, Trial, Verdict

WORDS = {
    Kind.TOUCH: TARGETS,
    Kind.BUTTONS: ("sad", "neutral", "happy"),
    Kind.TILL: ("sale",),
    Kind.SOUND: (YES,),
    Kind.SCREEN: (YES,),
}


def play(kind: Kind, words: tuple[str, ...]) -> Trial | Verdict:
    standing: Trial | Verdict = Trial(kind, 0)
    for at, word in enumerate(words, start=1):
        if isinstance(standing, Trial):
            standing = standing.told(word, at)
    return standing


@pytest.mark.parametrize("kind", Kind)
def test_it_passes_with_the_last_word_and_not_before(kind: Kind) -> None:
    assert play(kind, WORDS[kind]) is Verdict.PASSED
    assert isinstance(play(kind, WORDS[kind][:-1]), Trial)


@pytest.mark.parametrize("kind", Kind)
def test_no_is_no(kind: Kind) -> None:
    assert play(kind, (*WORDS[kind][:-1], NO)) is Verdict.FAILED


@settings(deadline=None)
@given(words=st.lists(st.sampled_from([*TARGETS, "sad", "happy", "sale", "", "x", NEXT])))
def test_touching_passes_only_when_all_nine_were_hit(words: list[str]) -> None:
    assert (play(Kind.TOUCH, tuple(words)) is Verdict.PASSED) == (set(TARGETS) <= set(words))


def test_colours_come_one_after_the_other_and_then_the_question() -> None:
    standing = play(Kind.SCREEN, (NEXT,) * (COLOURS + 3))
    assert isinstance(standing, Trial)
    assert standing.step == COLOURS


def test_patience_begins_anew_with_everything_that_works() -> None:
    standing = Trial(Kind.TOUCH, 0).told(TARGETS[0], 5_000)
    assert isinstance(standing, Trial)
    assert standing.due() == 5_000 + PATIENCE_MS
    same = standing.told("nonsense", 9_000)
    assert same == standing
