"""Lines that are told and lines that are held: nothing small moves, and nobody blocks the rest."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.holding import choose, loses, one_way, size, sound, tell
from hub.core.satisfaction import Tally
from hub.core.steps import Held, total
from hub.core.suppression import weak
from shared.places import PointId

A, B, C = PointId("caja-1"), PointId("caja-2"), PointId("caja-3")
FLOOR = 5


def happy(**answers: int) -> dict[str, Tally]:
    return {line: Tally(happy=n) for line, n in answers.items()}


def test_size_is_the_fewer_of_what_came_and_what_went() -> None:
    assert size(Tally(sad=-3, happy=2, sales=9)) == 2
    assert size(Tally(sad=-1, happy=20)) == 1  # that one sad answer left would be seen
    assert size(Tally(sad=3, neutral=2)) == 5
    assert size(Tally(happy=-6)) == 6
    assert size(Tally(sales=9)) == 0


def test_what_loses_and_what_is_sound() -> None:
    assert loses(Tally(sad=-1, happy=4))
    assert not loses(Tally(sales=-1))
    assert [sound(Tally(happy=n), FLOOR) for n in (0, 4, 5)] == [True, False, True]
    assert not sound(Tally(happy=9, sad=-1), FLOOR)


def test_the_few_that_went_do_not_hold_up_what_came() -> None:
    assert one_way(Tally(sad=-1, happy=20, sales=9), FLOOR) == Tally(happy=20, sales=9)
    assert one_way(Tally(sad=-8, happy=2), FLOOR) == Tally(sad=-8)
    for whole in (Tally(sad=-8, happy=9), Tally(sad=-2), Tally(happy=3), Tally(sales=1)):
        assert one_way(whole, FLOOR) == whole


def test_a_lonely_answer_waits_and_the_others_do_not() -> None:
    news = {(A, 9): Tally(happy=8), (B, 9): Tally(sad=1)}
    assert choose(news, Held(), FLOOR, lambda _: True) == {(A, 9): Tally(happy=8)}


def test_a_correction_waits_and_what_came_does_not() -> None:
    news = {(A, 9): Tally(happy=8), (B, 9): Tally(happy=9), (C, 9): Tally(sad=-1)}
    taken = choose(news, Held(), FLOOR, lambda _: True)
    assert taken == {(A, 9): Tally(happy=8), (B, 9): Tally(happy=9)}


def test_a_busy_line_that_hides_a_quiet_one_goes_on() -> None:
    lines = tell({}, happy(a=4, b=1), happy(a=36), FLOOR)
    assert (dict(lines.told), dict(lines.held)) == (happy(a=36), happy(a=4, b=1))
    assert (lines.broken, lines.dark) == (False, {"b": False})


def test_what_would_have_to_join_the_held_and_is_too_little_is_named() -> None:
    held = happy(a=1, b=1, c=2, d=3, e=4)
    lines = tell(happy(e=6), held, happy(e=2, f=17), FLOOR)
    assert lines.broken
    assert lines.stuck == {"e"}
    without = tell(happy(e=6), held, happy(f=17), FLOOR)
    assert dict(without.told) == happy(e=6, f=17)


answers = st.builds(Tally, sad=st.integers(0, 4), happy=st.integers(0, 9))
lines = st.dictionaries(st.sampled_from("abcdef"), answers)


@given(st.lists(lines, max_size=6))
@settings(deadline=None)
def test_lines_move_by_a_floor_and_what_is_held_is_never_weak(news: list[dict[str, Tally]]) -> None:
    told: dict[str, Tally] = {}
    held: dict[str, Tally] = {}
    for taken in news:
        after = tell(told, held, taken, FLOOR)
        if after.broken:
            continue
        moved = {key: tally - told.get(key, Tally()) for key, tally in after.told}
        assert all(size(change) in {0, *range(FLOOR, 99)} for change in moved.values())
        assert not after.held or not weak([size(tally) for _, tally in after.held], FLOOR)
        before = total(told.values()) + total(held.values()) + total(taken.values())
        told, held = dict(after.told), dict(after.held)
        assert total(told.values()) + total(held.values()) == before
