"""A palm, a cloth and a broken panel are no fingers: at most one visit, and an alarm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Effect, KeepOpen, Seal
from kiosk.core.events import DoneTouched, FaceTouched, Kept, NotNowTouched, ShopperEvent, Woke
from kiosk.core.palms import (
    BURST,
    BURST_MS,
    HELD_MS,
    MANY,
    QUIET_MS,
    Calm,
    Palms,
    Restless,
    Told,
)
from kiosk.core.session import Session
from shared.visits import Face, Input, Outcome
from tests.kiosk.samples import BOOT_ID, POINT, moment
from tests.kiosk.samples import settings as of_the_hub


def tap(palms: Palms, at: int, finger: int = 0) -> tuple[bool, list[Told]]:
    counts, told = palms.down(finger, at)
    return counts, told + palms.up(finger, at + 60)


def test_a_finger_counts_and_nothing_is_told() -> None:
    palms = Palms()
    for at in range(0, 60_000, 1_000):
        assert tap(palms, at) == (True, [])
    assert palms.wakes_at is None


def test_a_hurried_child_is_still_a_finger() -> None:
    palms = Palms()
    assert all(tap(palms, at)[0] for at in range(0, 20_000, 220))


def test_many_touches_at_once_are_a_palm() -> None:
    palms = Palms()
    results = [palms.down(finger, 100 + finger) for finger in range(MANY)]
    assert [counts for counts, _ in results] == [True] * (MANY - 1) + [False]
    assert results[-1][1] == [Restless()]


def test_a_touch_that_does_not_lift_is_told_once() -> None:
    palms = Palms()
    palms.down(0, 100)
    assert palms.wakes_at == 100 + HELD_MS
    assert palms.idle(100 + HELD_MS - 1) == []
    assert palms.idle(100 + HELD_MS) == [Restless()]
    assert palms.idle(100 + 10 * HELD_MS) == []
    assert not palms.down(1, 100 + 10 * HELD_MS + 1)[0]


def test_chatter_is_told_once_and_counts_no_more() -> None:
    palms = Palms()
    results = [tap(palms, at) for at in range(0, 6_000, 100)]
    assert sum(counts for counts, _ in results) == BURST
    assert [one for _, told in results for one in told] == [Restless()]


def test_it_is_over_when_the_glass_was_left_alone() -> None:
    palms = Palms()
    for at in range(0, 2_000, 100):
        tap(palms, at)
    last = 1_900 + 60
    assert palms.wakes_at == last + QUIET_MS
    assert not tap(palms, last + QUIET_MS - 1)[0]
    later = last + 2 * QUIET_MS + 100
    assert palms.idle(later) == [Calm()]
    assert tap(palms, later + 1) == (True, [])


def test_a_touch_that_a_broken_panel_never_lifts_stays_an_alarm_and_costs_no_memory() -> None:
    palms = Palms()
    for finger in range(10_000):
        palms.down(finger, finger)
    assert palms.is_restless
    assert len(palms._down) <= 64
    at = 10_000
    for _ in range(100):
        due = palms.wakes_at
        assert due is not None
        assert due > at
        at = due
        assert palms.idle(at) == []


@settings(deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["down", "up", "idle"]), st.integers(0, 9), st.integers(0, 5_000)
        ),
        max_size=120,
    )
)
def test_told_by_turns_and_never_a_touch_counts_while_it_is_restless(
    steps: list[tuple[str, int, int]],
) -> None:
    palms, at, told = Palms(), 0, list[Told]()
    for what, finger, wait in steps:
        at += wait
        if what == "down":
            counts, more = palms.down(finger, at)
            assert counts == (not palms.is_restless)
        else:
            more = palms.up(finger, at) if what == "up" else palms.idle(at)
        told += more
        due = palms.wakes_at
        assert (due is None) == (not palms.is_restless and not palms._down)
    assert [type(one) for one in told] == [Restless, Calm] * (len(told) // 2) + (
        [Restless] if len(told) % 2 else []
    )


class Glass:
    """A session behind the rule, at a point where the question stands for ever."""

    def __init__(self) -> None:
        self.session = Session(of_the_hub(always_on=True), POINT, BOOT_ID)
        self.palms = Palms()
        self.answered = 0
        self.note(self.session.start(None, moment(0)), 0)

    def note(self, effects: list[Effect], at: int) -> None:
        for effect in effects:
            if isinstance(effect, Seal):
                self.answered += effect.visit.outcome is Outcome.ANSWERED
            if isinstance(effect, KeepOpen):
                self.note(self.session.handle(Kept(moment(at), effect.ticket)), at)

    def touch(self, what: int, at: int, finger: int = 0) -> None:
        counts, _ = self.palms.down(finger, at)
        self.palms.up(finger, at + 5)
        if not counts:
            return
        now, began = moment(at + 5), moment(at)
        events: list[ShopperEvent] = [FaceTouched(now, face, Input.TOUCH, began) for face in Face]
        event = [*events, DoneTouched(now), NotNowTouched(now)][what]
        self.note(self.session.handle(event), at)


@settings(deadline=None)
@given(
    gaps=st.lists(st.integers(1, BURST_MS // (BURST + 1)), min_size=40, max_size=120),
    data=st.data(),
)
def test_whatever_chatter_hits_at_most_one_visit_comes_of_it(
    gaps: list[int], data: st.DataObject
) -> None:
    glass, at = Glass(), 10_000
    keys = data.draw(st.lists(st.integers(0, 4), min_size=len(gaps), max_size=len(gaps)))
    for gap, key in zip(gaps, keys, strict=True):
        at += gap
        glass.touch(key, at)
    assert glass.palms.is_restless
    glass.note(glass.session.handle(Woke(moment(at + 60_000))), at + 60_000)
    assert glass.answered <= 1


@pytest.mark.parametrize("face", range(3))
def test_a_palm_that_rests_is_at_most_one_visit(face: int) -> None:
    glass = Glass()
    for finger in range(9):
        glass.palms.down(finger, 10_000 + finger)
    for at in range(11_000, 71_000, 500):
        glass.touch(face, at, finger=20)
    assert glass.answered == 0
