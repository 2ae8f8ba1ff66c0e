"""Both outer buttons at once are a wish to hear; every other press is told as without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.chords import CHORD_MS, Chord, Chords
from kiosk.core.presses import REST_MS, SETTLE_MS, STUCK_MS, Pressed, Presses, Stuck, Told
from shared.visits import Face

BEGIN = 5_000
SURE = CHORD_MS + SETTLE_MS


def resting() -> Chords:
    chords = Chords(Face)
    for face in Face:
        chords.level(face, False, 0)
    assert chords.idle(BEGIN) == []
    return chords


def play(
    chords: Chords | Presses, *levels: tuple[Face, bool, int], until: int
) -> list[Told | Chord]:
    told: list[Told | Chord] = []
    for face, closed, at in levels:
        told += chords.level(face, closed, BEGIN + at)
    return [*told, *chords.idle(BEGIN + until)]


@pytest.mark.parametrize("face", Face)
def test_every_press_is_told_as_late_as_every_other(face: Face) -> None:
    chords = resting()
    assert play(chords, (face, True, 0), until=SURE - 1) == []
    assert chords.wakes_at == BEGIN + SURE
    assert chords.idle(BEGIN + SURE) == [Pressed(face, BEGIN)]


def test_a_press_that_is_over_sooner_counts_too() -> None:
    told = play(resting(), (Face.SAD, True, 0), (Face.SAD, False, 30), until=1_000)
    assert told == [Pressed(Face.SAD, BEGIN)]


@pytest.mark.parametrize("first", [Face.SAD, Face.HAPPY])
@pytest.mark.parametrize("apart", [0, 1, 40, CHORD_MS])
def test_both_outer_ones_at_once_are_no_answer(first: Face, apart: int) -> None:
    other = Face.HAPPY if first is Face.SAD else Face.SAD
    told = play(resting(), (first, True, 0), (other, True, apart), until=2_000)
    assert told == [Chord(BEGIN)]


def test_later_the_first_has_answered_and_the_other_adds_nothing() -> None:
    chords = resting()
    told = play(chords, (Face.SAD, True, 0), (Face.HAPPY, True, CHORD_MS + 1), until=2_000)
    assert told == [Pressed(Face.SAD, BEGIN)]


def test_with_the_middle_one_the_first_answers_and_a_palm_asks_at_most() -> None:
    both = play(resting(), (Face.SAD, True, 0), (Face.NEUTRAL, True, 10), until=2_000)
    assert both == [Pressed(Face.SAD, BEGIN)]
    palm = [(face, True, 10 * at) for at, face in enumerate(Face)]
    assert play(resting(), *palm, until=2_000) == [Chord(BEGIN)]


def test_after_a_chord_the_buttons_must_be_open_before_they_count_again() -> None:
    chords = resting()
    held = (Face.SAD, True, 0), (Face.HAPPY, True, 20), (Face.SAD, False, 500)
    assert play(chords, *held, until=600) == [Chord(BEGIN)]
    again = (Face.SAD, True, 700), (Face.SAD, False, 900), (Face.HAPPY, False, 900)
    assert play(chords, *again, until=900 + REST_MS) == []
    assert play(chords, (Face.SAD, True, 2_000), until=3_000) == [Pressed(Face.SAD, BEGIN + 2_000)]


def test_a_stuck_button_is_told_and_does_not_make_a_chord_of_the_other() -> None:
    chords = resting()
    assert play(chords, (Face.SAD, True, 0), until=SURE) == [Pressed(Face.SAD, BEGIN)]
    assert play(chords, until=STUCK_MS) == [Stuck(Face.SAD)]
    later = STUCK_MS + 1_000
    assert play(chords, (Face.HAPPY, True, later), until=later + SURE) == [
        Pressed(Face.HAPPY, BEGIN + later)
    ]


MOVES = st.lists(
    st.tuples(st.sampled_from(Face), st.booleans(), st.integers(0, 150)), max_size=30
).map(
    lambda steps: [
        (f, c, sum(ms for _, _, ms in steps[: n + 1])) for n, (f, c, _) in enumerate(steps)
    ]
)


@given(moves=MOVES)
def test_asking_more_often_changes_nothing(moves: list[tuple[Face, bool, int]]) -> None:
    often, seldom = resting(), resting()
    told: list[Told | Chord] = []
    at = 0
    for face, closed, due in moves:
        while at < due:
            at += 1
            told += often.idle(BEGIN + at)
        told += often.level(face, closed, BEGIN + due)
    for later in range(at, at + SURE + 1):
        told += often.idle(BEGIN + later)
    assert told == play(seldom, *moves, until=at + SURE)


@given(moves=MOVES)
def test_no_press_is_invented_and_one_is_lost_to_a_chord_alone(
    moves: list[tuple[Face, bool, int]],
) -> None:
    alone = Presses(Face)
    for face in Face:
        alone.level(face, False, 0)
    alone.idle(BEGIN)
    plain = [one for one in play(alone, *moves, until=20_000) if isinstance(one, Pressed)]
    told = play(resting(), *moves, until=20_000)
    chords = {one.began for one in told if isinstance(one, Chord)}
    pressed = [one for one in told if isinstance(one, Pressed)]
    assert pressed == [one for one in plain if one.began not in chords]
    assert chords <= {one.began for one in plain if one.face is not Face.NEUTRAL}
