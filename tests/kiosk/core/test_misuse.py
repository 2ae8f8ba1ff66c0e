"""What is probably no shopper's is marked, and nothing else is changed by it."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Effect, KeepOpen, Seal, Show
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    Event,
    Kept,
    ReasonTouched,
    ShopperEvent,
    Woke,
)
from kiosk.core.misuse import BURST, HASTE, MANY, MOST, READING_MS, ROW, ROW_MS, Misuse
from kiosk.core.session import Session
from shared.visits import Face, Visit
from tests.kiosk import samples
from tests.kiosk.samples import BOOT_ID, POINT, face_touched, moment, sale_seen


class Scene:
    """The kiosk's machine with an outbox that keeps everything at once."""

    def __init__(self, *, always_on: bool = False) -> None:
        self.turns = samples.turns(samples.settings(always_on=always_on))
        self.effects: list[Effect] = self.turns.start(None, moment(0))

    def sees(self, *events: Event) -> None:
        for event in events:
            found = self.turns.handle(event)
            self.effects += found
            for one in found:
                if isinstance(one, KeepOpen):
                    self.sees(Kept(event.at, one.ticket))

    def visits(self, start: int, face: Face = Face.HAPPY, *, after: int = 2_000) -> Visit:
        """One shopper pays, answers so many milliseconds later, and goes."""
        self.sees(sale_seen(start), face_touched(start + after, face), Woke(moment(start + 60_000)))
        return self.sealed[-1]

    @property
    def sealed(self) -> list[Visit]:
        return [one.visit for one in self.effects if isinstance(one, Seal)]

    @property
    def kept(self) -> list[Visit]:
        return [one.visit for one in self.effects if isinstance(one, KeepOpen)]


def presses(start: int, *, times: int, every: int = 500, face: Face = Face.SAD) -> list[Event]:
    return [face_touched(start + every * turn, face) for turn in range(times)]


def test_a_shopper_who_answers_gives_a_reason_and_thinks_again_is_believed() -> None:
    scene = Scene()
    scene.sees(
        sale_seen(10_000),
        face_touched(12_000),
        ReasonTouched(moment(13_000), "wait"),
        ChangeTouched(moment(14_000)),
        face_touched(15_000, Face.SAD),
        DoneTouched(moment(16_000)),
    )
    assert scene.sealed[-1].suspect is None


def test_a_shopper_who_makes_sure_and_presses_four_times_is_believed() -> None:
    scene = Scene()
    scene.sees(sale_seen(10_000), *presses(12_000, times=4), Woke(moment(60_000)))
    assert [visit.suspect for visit in scene.sealed] == [None]


def test_an_answer_that_is_drummed_is_a_burst_also_where_it_was_kept_before() -> None:
    scene = Scene()
    scene.sees(sale_seen(10_000), *presses(12_000, times=9), Woke(moment(60_000)))
    assert scene.kept[0].suspect is None
    assert [visit.suspect for visit in scene.sealed] == [BURST]


def test_who_drummed_on_the_resting_buttons_before_the_sale_is_marked_at_the_tap() -> None:
    scene = Scene()
    scene.sees(*presses(10_000, times=9), sale_seen(14_600), face_touched(16_000))
    assert scene.kept[-1].suspect == BURST


def test_the_next_shopper_is_believed_a_moment_after_a_burst() -> None:
    scene = Scene()
    scene.sees(*presses(10_000, times=80))
    assert scene.visits(52_000, after=5_000).suspect is None


def test_a_child_at_a_register_that_always_asks_is_marked_from_its_first_press() -> None:
    scene = Scene(always_on=True)
    for turn in range(45):
        at = 10_000 + 900 * turn
        scene.sees(face_touched(at, Face.SAD), Woke(moment(at + 450)))
    scene.sees(Woke(moment(70_000)))
    answered = [visit for visit in scene.sealed if visit.face is not None]
    assert len(answered) >= 5
    assert {visit.suspect for visit in answered} == {BURST}


def test_a_queue_of_shoppers_at_a_register_that_always_asks_is_believed() -> None:
    scene = Scene(always_on=True)
    for start in range(10_000, 90_000, 8_000):
        scene.sees(face_touched(start), Woke(moment(start + 6_000)))
    assert {visit.suspect for visit in scene.sealed} == {None}


def test_the_third_answer_in_a_row_that_nobody_can_have_read_for_is_haste() -> None:
    scene = Scene()
    found = [scene.visits(100_000 * turn, after=READING_MS - 1) for turn in range(1, 6)]
    assert [visit.suspect for visit in found] == [None, None, HASTE, HASTE, HASTE]


def test_a_slow_answer_or_another_face_ends_the_row() -> None:
    for breaks in ((Face.HAPPY, READING_MS), (Face.SAD, 300)):
        scene = Scene()
        for turn in range(1, ROW):
            scene.visits(100_000 * turn, after=300)
        scene.visits(100_000 * ROW, breaks[0], after=breaks[1])
        assert scene.visits(100_000 * (ROW + 1), after=300).suspect is None


def test_quick_answers_far_apart_are_no_row() -> None:
    scene = Scene()
    found = [scene.visits((ROW_MS + 1_000) * turn, after=300) for turn in range(1, 6)]
    assert {visit.suspect for visit in found} == {None}


def test_haste_is_no_word_at_a_register_that_always_asks() -> None:
    scene = Scene(always_on=True)
    for start in range(10_000, 200_000, 30_000):
        scene.sees(face_touched(start), Woke(moment(start + 20_000)))
    assert {visit.suspect for visit in scene.sealed} == {None}


def test_what_is_suspect_is_thanked_like_any_other() -> None:
    calm, drummed = Scene(), Scene()
    calm.sees(sale_seen(20_000), face_touched(22_000), Woke(moment(60_000)))
    drummed.sees(*presses(10_000, times=19))
    drummed.sees(sale_seen(20_000), face_touched(22_000), Woke(moment(60_000)))
    assert drummed.sealed[-1].suspect == BURST
    assert [e for e in calm.effects if isinstance(e, Show)] == [
        e for e in drummed.effects if isinstance(e, Show)
    ]


events = st.one_of(
    st.tuples(st.just("face"), st.sampled_from(Face)),
    st.tuples(st.just("sale"), st.none()),
    st.tuples(st.just("reason"), st.none()),
    st.tuples(st.just("change"), st.none()),
    st.tuples(st.just("done"), st.none()),
    st.tuples(st.just("woke"), st.none()),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9_000), events), max_size=60), st.booleans())
def test_but_for_the_mark_everything_is_as_without_it(
    steps: list[tuple[int, tuple[str, Face | None]]], always_on: bool
) -> None:
    plain = Session(samples.settings(always_on=always_on), POINT, BOOT_ID)
    marked, misuse, boot = [], Misuse(), 1_000
    doubted: dict[object, str] = {}
    plain.start(None, moment(0))
    for wait, (what, face) in steps:
        boot += wait
        event = _event(what, face, boot)
        effects = plain.handle(event)
        marked = misuse.mark(event, effects)
        assert [_unmarked(one) for one in marked] == effects
        for one in marked:
            if isinstance(one, KeepOpen | Seal):
                if one.visit.asked in doubted and one.visit.face is not None:
                    assert one.visit.suspect == doubted[one.visit.asked]
                if one.visit.suspect is not None:
                    doubted[one.visit.asked] = one.visit.suspect
            if isinstance(one, KeepOpen):
                plain.handle(Kept(moment(boot), one.ticket))


def _event(what: str, face: Face | None, boot: int) -> ShopperEvent:
    kinds: dict[str, ShopperEvent] = {
        "sale": sale_seen(boot),
        "reason": ReasonTouched(moment(boot), "wait"),
        "change": ChangeTouched(moment(boot)),
        "done": DoneTouched(moment(boot)),
        "woke": Woke(moment(boot)),
    }
    return kinds[what] if face is None else face_touched(boot, face)


def _unmarked(effect: Effect) -> Effect:
    if isinstance(effect, KeepOpen | Seal):
        return replace(effect, visit=replace(effect.visit, suspect=None))
    return effect


def test_its_memory_does_not_grow_and_a_long_burst_is_soon_forgotten() -> None:
    dice, misuse = random.Random(5), Misuse()
    for boot in range(1_000, 400_000, 200):
        misuse.mark(face_touched(boot, dice.choice(list(Face))), [])
    assert misuse._flurry <= 399_800 + MOST * 3_000
    assert MANY < MOST


def test_events_that_are_no_touch_say_nothing() -> None:
    misuse = Misuse()
    for _ in range(50):
        misuse.mark(sale_seen(1_000), [])
        misuse.mark(Woke(moment(1_000)), [])
    kept = KeepOpen(1, samples.visit())
    assert misuse.mark(face_touched(1_000), [kept]) == [kept]


def test_without_a_till_a_hand_that_comes_again_and_again_is_marked_with_one_touch_more() -> None:
    scene = Scene(always_on=True)
    for start in range(10_000, 34_000, 6_000):
        scene.sees(face_touched(start), DoneTouched(moment(start + 1_500)))
        scene.sees(face_touched(start + 2_000))  # while it takes no next answer
    answered = [visit for visit in scene.sealed if visit.face is not None]
    assert [visit.suspect for visit in answered] == [None, None, BURST, BURST]
