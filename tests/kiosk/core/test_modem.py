"""A contact is believed when it holds, and its first level is no event."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.modem import Contact, Edge


def contact(active: bool = False) -> Contact:
    """A contact at rest (or not) for a long time."""
    one = Contact(settle_ms=20, rest_ms=50)
    one.level(active, 0)
    one.idle(1_000)
    return one


def test_a_level_that_holds_is_an_edge_told_with_its_beginning() -> None:
    one = contact()
    assert one.level(True, 2_000) is None
    assert one.idle(2_019) is None
    assert one.idle(2_020) == Edge(True, 2_000)
    assert one.idle(2_021) is None


def test_what_does_not_hold_is_no_edge() -> None:
    one = contact()
    one.level(True, 2_000)
    assert one.level(False, 2_019) is None
    assert one.idle(9_000) is None


def test_the_first_level_is_no_edge_even_where_it_is_active() -> None:
    one = Contact(20, 50)
    assert one.level(True, 0) is None
    assert one.idle(500) is None
    assert one.active
    assert one.level(False, 600) is None
    assert one.idle(700) == Edge(False, 600)


def test_a_late_question_loses_no_edge() -> None:
    one = contact()
    one.level(True, 2_000)
    assert one.level(False, 2_030) == Edge(True, 2_000)
    assert one.level(True, 2_090) == Edge(False, 2_030)


def test_a_short_break_does_not_end_it() -> None:
    one = contact()
    one.level(True, 2_000)
    one.idle(2_020)
    one.level(False, 2_100)
    assert one.level(True, 2_149) is None
    assert one.idle(9_000) is None
    assert one.active


def test_after_a_reset_the_next_level_is_no_edge() -> None:
    one = contact()
    one.reset()
    assert not one.active
    one.level(True, 2_000)
    assert one.idle(3_000) is None


steps = st.lists(st.tuples(st.integers(1, 120), st.booleans()), max_size=40)


@given(steps, st.lists(st.integers(0, 5_000), max_size=20))
def test_asking_more_often_changes_nothing(
    levels: list[tuple[int, bool]], asked: list[int]
) -> None:
    def edges(questions: list[int]) -> list[Edge]:
        one = contact()
        at, found = 1_000, []
        for after, level in levels:
            found += [one.idle(q) for q in sorted(questions) if at <= q < at + after]
            at += after
            found.append(one.level(level, at))
        found.append(one.idle(at + 1_000))
        return [edge for edge in found if edge is not None]

    assert edges([1_000 + question for question in asked]) == edges([])


@given(steps)
def test_edges_alternate(levels: list[tuple[int, bool]]) -> None:
    one = contact()
    at, told = 1_000, []
    for after, level in levels:
        at += after
        told.append(one.level(level, at))
    heard = [edge.active for edge in told if edge is not None]
    assert heard == [number % 2 == 0 for number in range(len(heard))]
