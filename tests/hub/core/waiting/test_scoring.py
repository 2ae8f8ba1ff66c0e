"""Answers beside the wait in force: reckoned by hand, and whole whatever comes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import HOUR_MS
from hub.core.satisfaction import Tally
from hub.core.waiting.joining import InForce
from hub.core.waiting.scoring import (
    MINUTE_MS,
    MOST_MINUTES,
    STALE_MS,
    WITHOUT,
    Answer,
    Told,
    by_hour,
    in_force,
    minutes_of,
    scored,
)
from shared.places import PointId
from shared.visits import Face

CAJA, DESK = PointId("caja-1"), PointId("desk")
SERVICE = 90_000


def test_a_withdrawn_notice_is_no_wait_and_a_silent_line_has_none() -> None:
    told = [Told(0, 3, 150_000.0), Told(60_000, None, 200_000.0), Told(90_000, 0, 20_000.0)]
    assert in_force(told) == [
        InForce(0, 150_000.0),
        InForce(60_000, None),
        InForce(90_000, 20_000.0),
        InForce(90_000 + STALE_MS, None),
    ]
    gap = [Told(0, 3, 150_000.0), Told(STALE_MS + 1, 4, 180_000.0)]
    assert [one.at for one in in_force(gap)] == [0, STALE_MS, STALE_MS + 1, 2 * STALE_MS + 1]
    assert in_force([]) == []


def test_minutes_are_whole_and_bounded() -> None:
    waits = (None, 0.0, 29_999.0, 30_001.0, 90_001.0, 1e9)
    assert [minutes_of(wait) for wait in waits] == [WITHOUT, 0, 0, 1, 2, MOST_MINUTES]


def test_by_hand_who_paid_at_ten_past_joined_a_wait_of_four_minutes() -> None:
    """At 4:00 four minutes were told, at 8:00 six; who paid at 10:00 was served from 8:30 on, so
    they joined at 4:30 at the latest, when four minutes stood."""
    kept = [InForce(4 * MINUTE_MS, 4.0 * MINUTE_MS), InForce(8 * MINUTE_MS, 6.0 * MINUTE_MS)]
    answers = [
        Answer(0, CAJA, 10 * MINUTE_MS, Face.SAD),
        Answer(0, CAJA, 10 * MINUTE_MS, Face.HAPPY),
        Answer(0, CAJA, 5 * MINUTE_MS, Face.NEUTRAL),  # served from 3:30 on: nothing stood yet
        Answer(0, DESK, None, Face.HAPPY),  # no till
        Answer(HOUR_MS, CAJA, 16 * MINUTE_MS, Face.HAPPY),  # joined at 8:30 at the latest
    ]
    joined = scored(answers, lambda point, _: kept if point == CAJA else [], lambda _: SERVICE)
    assert joined == {
        (CAJA, 0, 4): Tally(sad=1, happy=1),
        (CAJA, 0, WITHOUT): Tally(neutral=1),
        (DESK, 0, WITHOUT): Tally(happy=1),
        (CAJA, HOUR_MS, 6): Tally(happy=1),
    }
    assert by_hour(joined) == {
        (0, 4): Tally(sad=1, happy=1),
        (0, WITHOUT): Tally(neutral=1, happy=1),
        (HOUR_MS, 6): Tally(happy=1),
    }


answers = st.lists(
    st.builds(
        Answer,
        st.sampled_from([0, HOUR_MS]),
        st.sampled_from([CAJA, DESK]),
        st.one_of(st.none(), st.integers(0, 10**7)),
        st.sampled_from(Face),
    ),
    max_size=30,
)
notices = st.lists(
    st.builds(
        Told, st.integers(0, 10**7), st.one_of(st.none(), st.integers(0, 60)), st.floats(0, 10**7)
    ),
    max_size=20,
    unique_by=lambda told: told.at,
)


@settings(deadline=None)
@given(answers, notices, st.randoms())
def test_everybody_stands_in_it_once_in_any_order(
    some: list[Answer], told: list[Told], dice: object
) -> None:
    kept = in_force(sorted(told))

    def join(these: Sequence[Answer]) -> dict[tuple[int, int], Tally]:
        return by_hour(scored(these, lambda _point, _paid: kept, lambda _: SERVICE))

    scores = join(some)
    shuffled = sorted(some, key=lambda _: dice.random())  # type: ignore[attr-defined]
    assert join(shuffled) == scores
    assert join(some[:7] + some[7:]) == scores
    assert sum(one.answered for one in scores.values()) == len(some)
    assert all(WITHOUT <= minutes <= MOST_MINUTES for _, minutes in scores)
