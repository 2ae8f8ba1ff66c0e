"""How right it was moves in steps; when registers were open is put together from changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import HOUR_MS
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import LEAST, Judged, Opened, Span, open_spans, rights, steps
from hub.core.waiting.outcomes import Rightness
from shared.places import PointId

LINE = LineId("line-1")
NOON = 1_795_000_000_000 // HOUR_MS * HOUR_MS
ONE, TWO = PointId("caja-1"), PointId("caja-2")


def judged(hour: int, told: int, untold: int = 0, over_ms: int = 0, within: int = 0) -> Judged:
    return Judged(LINE, NOON + hour * HOUR_MS, Rightness(told, within, 0, over_ms, untold))


def test_hours_are_put_together_until_five_more_are_known() -> None:
    hours = [judged(0, 2), judged(1, 2), judged(2, 3), judged(3, 9)]
    found = list(steps(hours, NOON + 9 * HOUR_MS))
    assert [(span.start - NOON) // HOUR_MS for span, _ in found] == [0, 3]
    assert [rightness.told for _, rightness in found] == [7, 9]


def test_an_hour_that_runs_and_a_rest_under_five_are_not_told() -> None:
    hours = [judged(0, 6), judged(1, 4), judged(2, 50)]
    found = list(steps(hours, NOON + 2 * HOUR_MS + HOUR_MS // 2))
    assert [rightness.told for _, rightness in found] == [6]


def test_where_nobody_was_told_anything_they_are_counted_by_five_too() -> None:
    assert [one.untold for _, one in steps([judged(0, 0, 7)], NOON + HOUR_MS)] == [7]
    assert list(steps([judged(0, 1, 7)], NOON + HOUR_MS)) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=24), st.integers(0, 30))
def test_no_two_looks_differ_by_fewer_than_five_who_were_told(
    counts: list[tuple[int, int]], later: int
) -> None:
    hours = [judged(at, told, untold) for at, (told, untold) in enumerate(counts)]
    before = rights(list(steps(hours, NOON + later * HOUR_MS)))
    after = rights(list(steps(hours, NOON + (later + 1) * HOUR_MS)))
    assert after.told == before.told or after.told - before.told >= LEAST
    assert after.known == before.known or after.known - before.known >= LEAST


def test_figures_carry_their_intervals_and_nothing_rests_on_fewer_than_five() -> None:
    five = rights([(Span(NOON, NOON + HOUR_MS), Rightness(4, 3, 0, 240_000, 30))])
    assert five.within is None
    assert five.over is None
    assert five.untold is not None
    assert five.untold.whole == 34
    enough = rights([(Span(NOON, NOON + HOUR_MS), Rightness(40, 30, 2, 40 * 90_000, 10))])
    assert enough.within is not None
    assert (enough.within.part, enough.within.whole) == (30, 40)
    assert enough.within.low < 0.75 < enough.within.high
    assert enough.over is not None
    assert (enough.over.value, enough.over.low) == (1.5, None)  # one step has no spread


def test_the_interval_of_the_mean_comes_from_how_the_steps_differ() -> None:
    def over(minutes: tuple[float, ...]) -> tuple[float, float]:
        parts = [Rightness(20, 0, 0, round(20 * one * 60_000)) for one in minutes]
        found = rights([(Span(NOON, NOON), one) for one in parts]).over
        assert found is not None
        assert found.value == pytest.approx(1.5)
        assert found.low is not None
        assert found.high is not None
        return found.low, found.high

    alike, apart = over((1.5,) * 6), over((0.5, 2.5) * 3)
    assert alike == pytest.approx((1.5, 1.5))
    assert apart == pytest.approx((0.62, 2.38), abs=0.02)


def test_nothing_at_all_is_told_as_nothing() -> None:
    nothing = rights([])
    assert (nothing.known, nothing.within, nothing.untold, nothing.until) == (0, None, None, None)


def test_a_register_was_open_from_one_change_to_the_next() -> None:
    changes = [
        Opened(ONE, 5, True),
        Opened(TWO, 30, False),
        Opened(ONE, 20, False),
        Opened(TWO, 12, True),
        Opened(ONE, 40, True),
        Opened(ONE, 45, True),
    ]
    found = open_spans(changes, 10, 50)
    assert found[ONE] == (Span(10, 20), Span(40, 50))
    assert found[TWO] == (Span(12, 30),)


def test_what_was_closed_before_and_what_opens_at_the_end_is_no_span() -> None:
    changes = [Opened(ONE, 1, True), Opened(ONE, 9, False), Opened(TWO, 50, True)]
    assert open_spans(changes, 10, 50) == {ONE: (), TWO: ()}
