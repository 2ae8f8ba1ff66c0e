"""Alerts of a line: raised where it lasts, cleared where it is well over."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.alarming import Alert, Kind, Limits, State, looked, needed

MINUTE = 60_000
LIMITS = Limits()


def state(
    at: int, wait: float, *, waiting: float = 20, arrivals: float = 3, served: float = 2.7
) -> State:
    """Minutes, and rates a minute."""
    return State(at, wait * MINUTE, waiting, arrivals / MINUTE, served / MINUTE, 0.67 / MINUTE)


def test_a_line_that_is_long_and_growing_for_a_minute_is_told_once() -> None:
    alert = Alert(Kind.LINE_LONG)
    alert, raised = looked(alert, state(0, 9), LIMITS)
    assert raised is None
    alert, raised = looked(alert, state(59_000, 9), LIMITS)
    assert raised is None
    alert, raised = looked(alert, state(60_000, 9), LIMITS)
    assert raised is True
    assert alert.since == 60_000
    assert looked(alert, state(65_000, 9), LIMITS).raised is None


def test_a_moment_and_a_line_that_shrinks_are_no_alert() -> None:
    alert = looked(Alert(Kind.LINE_LONG), state(0, 9), LIMITS).alert
    alert = looked(alert, state(30_000, 7), LIMITS).alert
    assert looked(alert, state(61_000, 9), LIMITS).raised is None
    shrinking = looked(Alert(Kind.LINE_LONG), state(0, 9, arrivals=1), LIMITS).alert
    assert looked(shrinking, state(90_000, 9, arrivals=1), LIMITS).raised is None


def test_it_stays_between_the_limits_and_is_cleared_well_below() -> None:
    alert = Alert(Kind.LINE_LONG, since=0)
    for at in range(0, 600_000, 30_000):
        alert, changed = looked(alert, state(at, 6), LIMITS)
        assert changed is None
    alert = looked(alert, state(600_000, 4), LIMITS).alert
    assert looked(alert, state(719_000, 4), LIMITS).raised is None
    cleared = looked(alert, state(720_000, 4), LIMITS)
    assert cleared.raised is False
    assert cleared.alert == Alert(Kind.LINE_LONG)


def test_a_register_is_needed_and_how_many() -> None:
    assert needed(state(0, 1, waiting=2, arrivals=2), LIMITS) == 0
    assert needed(state(0, 9, waiting=22, arrivals=2.9), LIMITS) == 1
    assert needed(state(0, 9, waiting=40, arrivals=4), LIMITS) == 3
    assert needed(State(0, 9.0, 5.0, 0.1, 0.1, 0.0), LIMITS) == 0
    alert = looked(Alert(Kind.REGISTER_NEEDED), state(0, 9), LIMITS).alert
    alert, raised = looked(alert, state(60_000, 9), LIMITS)
    assert raised is True
    assert alert.registers == 1
    calm = looked(alert, state(70_000, 1, waiting=1, arrivals=1), LIMITS).alert
    assert looked(calm, state(190_000, 1, waiting=1, arrivals=1), LIMITS).raised is False


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60_000), st.floats(0, 30), st.floats(0, 6)), max_size=60))
def test_raised_and_cleared_take_turns(looks: list[tuple[int, float, float]]) -> None:
    alert, at, turns = Alert(Kind.LINE_LONG), 0, list[bool]()
    for ms, wait, arrivals in looks:
        at += ms
        alert, changed = looked(alert, state(at, wait, arrivals=arrivals), LIMITS)
        turns += [] if changed is None else [changed]
    assert turns == [place % 2 == 0 for place in range(len(turns))]
