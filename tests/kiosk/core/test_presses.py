"""Chatter is one press, a stuck button none, and of two buttons the first wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.presses import (
    REST_MS,
    SETTLE_MS,
    STUCK_MS,
    ButtonSettings,
    Freed,
    Pressed,
    Presses,
    Stuck,
    Told,
    button_settings_from,
)
from shared.visits import Face

BEGIN = 5_000
"""When the buttons have been at rest for long."""


def resting() -> Presses:
    presses = Presses(Face)
    for face in Face:
        presses.level(face, False, 0)
    assert presses.idle(BEGIN) == []
    return presses


def play(presses: Presses, *levels: tuple[Face, bool, int], until: int) -> list[Told]:
    told = [one for face, closed, at in levels for one in presses.level(face, closed, BEGIN + at)]
    return told + presses.idle(BEGIN + until)


def test_a_press_counts_from_when_it_began() -> None:
    told = play(resting(), (Face.HAPPY, True, 7), until=7 + SETTLE_MS)
    assert told == [Pressed(Face.HAPPY, BEGIN + 7)]


def test_a_spark_is_no_press() -> None:
    presses = resting()
    told = play(presses, (Face.SAD, True, 0), (Face.SAD, False, SETTLE_MS - 1), until=1_000)
    assert told == []
    assert presses.wakes_at is None
    assert presses.idle(BEGIN + 2 * STUCK_MS) == []


def test_holding_is_one_press() -> None:
    told = play(resting(), (Face.SAD, True, 0), (Face.SAD, False, 3_000), until=4_000)
    assert told == [Pressed(Face.SAD, BEGIN)]


def test_chatter_of_ten_kilohertz_at_both_ends_is_one_press() -> None:
    down = [(Face.HAPPY, bool(n % 2), n // 10) for n in range(201)]  # 20 ms, ends open
    held = [(Face.HAPPY, True, 20)]
    up = [(Face.HAPPY, bool(n % 2), 300 + n // 10) for n in range(201)]
    told = play(resting(), *down, *held, *up, until=2_000)
    assert told == [Pressed(Face.HAPPY, BEGIN + 20)]


def test_a_worn_contact_that_breaks_while_held_is_one_press() -> None:
    breaks = [(Face.HAPPY, n % 2 == 0, 100 * (n // 2) + 70 * (n % 2)) for n in range(41)]
    told = play(resting(), *breaks, until=2_050)
    assert [one for one in told if isinstance(one, Pressed)] == [Pressed(Face.HAPPY, BEGIN)]


def test_an_hour_of_chatter_is_no_press_and_somebody_is_called_once() -> None:
    presses = resting()
    told: list[Told] = []
    for at in range(0, 3_600_000, 18):
        told += presses.level(Face.SAD, at % 36 == 0, BEGIN + at)
    assert told == [Stuck(Face.SAD)]
    quiet = presses.level(Face.SAD, False, BEGIN + 3_600_000)
    assert quiet + presses.idle(BEGIN + 3_600_000 + REST_MS) == [Freed(Face.SAD)]


def test_a_stuck_button_is_one_press_and_then_trouble_until_it_opens() -> None:
    presses = resting()
    told = play(presses, (Face.SAD, True, 0), until=STUCK_MS)
    assert told == [Pressed(Face.SAD, BEGIN), Stuck(Face.SAD)]
    assert presses.idle(BEGIN + 3_600_000) == []
    assert play(presses, (Face.SAD, False, 3_600_000), until=3_600_100) == [Freed(Face.SAD)]


def test_a_button_that_was_closed_at_the_start_is_no_press_but_trouble() -> None:
    presses = Presses(Face)
    presses.level(Face.SAD, True, 0)
    presses.level(Face.HAPPY, False, 0)
    assert presses.idle(STUCK_MS - 1) == []
    assert presses.idle(STUCK_MS) == [Stuck(Face.SAD)]


def test_a_stuck_button_does_not_make_the_others_dead() -> None:
    presses = resting()
    play(presses, (Face.SAD, True, 0), until=STUCK_MS)
    told = play(presses, (Face.HAPPY, True, STUCK_MS + 100), until=STUCK_MS + 200)
    assert told == [Pressed(Face.HAPPY, BEGIN + STUCK_MS + 100)]


@pytest.mark.parametrize("apart", [0, 1, SETTLE_MS, 500])
def test_of_two_at_once_the_first_wins(apart: int) -> None:
    for first, second in ((Face.SAD, Face.HAPPY), (Face.HAPPY, Face.SAD)):
        told = play(resting(), (first, True, 0), (second, True, apart), until=1_000)
        assert told == [Pressed(first, BEGIN)]


def test_a_palm_that_rolls_over_all_three_is_one_press() -> None:
    told = play(
        resting(),
        (Face.SAD, True, 0),
        (Face.NEUTRAL, True, 100),
        (Face.SAD, False, 150),
        (Face.HAPPY, True, 220),
        (Face.NEUTRAL, False, 260),
        (Face.HAPPY, False, 400),
        until=1_000,
    )
    assert told == [Pressed(Face.SAD, BEGIN)]


def test_after_all_are_open_again_the_next_press_counts() -> None:
    told = play(
        resting(),
        (Face.SAD, True, 0),
        (Face.SAD, False, 100),
        (Face.HAPPY, True, 100 + REST_MS),
        until=1_000,
    )
    assert told == [Pressed(Face.SAD, BEGIN), Pressed(Face.HAPPY, BEGIN + 100 + REST_MS)]


levels = st.tuples(st.sampled_from(list(Face)), st.booleans(), st.integers(1, 80))


def runs(moves: list[tuple[Face, bool, int]], every: int) -> list[Told]:
    presses, at, told = resting(), BEGIN, []
    for face, closed, after in moves:
        for tick in range(at + every, at + after, every):
            told += presses.idle(tick)
        at += after
        told += presses.level(face, closed, at)
    return told + presses.idle(at + 1_000)


@given(st.lists(levels, max_size=40))
def test_asking_more_often_changes_nothing(moves: list[tuple[Face, bool, int]]) -> None:
    assert runs(moves, 1) == runs(moves, 1_000)


@given(st.lists(levels, max_size=40))
def test_who_wakes_when_told_misses_nothing(moves: list[tuple[Face, bool, int]]) -> None:
    presses, at, told = resting(), BEGIN, []
    for face, closed, after in moves:
        while (due := presses.wakes_at) is not None and due < at + after:
            told += presses.idle(due)
        at += after
        told += presses.level(face, closed, at)
    while (due := presses.wakes_at) is not None and due <= at + 1_000:
        told += presses.idle(due)
    assert told == runs(moves, 1)


def test_settings_are_read_and_every_fault_is_told() -> None:
    table = {"sad": 5, "neutral": 6, "happy": 13, "light": 19, "light_active": "low"}
    assert button_settings_from(table) == (ButtonSettings(5, 6, 13, 19, False), [])
    settings, faults = button_settings_from({"sad": 1, "neutral": "6", "hapy": 13})
    assert settings is None
    assert len(faults) == 4
    assert any("did you mean “happy”" in fault for fault in faults)


def test_two_parts_on_one_pin_are_a_fault() -> None:
    assert button_settings_from({"sad": 5, "neutral": 5, "happy": 13})[1]
    assert button_settings_from({"sad": 5, "neutral": 6, "happy": 13, "light": 13})[1]
