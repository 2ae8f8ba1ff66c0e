"""Ranges: whole weeks and the days at their edges are all of it, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.figures import By, Days
from hub.core.hours import Hours, day_after, weekday_of
from hub.core.ranges import lines_of, parts_of
from hub.core.releasing import Kind
from hub.core.satisfaction import Tally
from hub.core.steps import Step
from shared.places import PointId

days = st.builds(
    lambda offset, count: Days(day_after(20261101, offset), day_after(20261101, offset + count)),
    st.integers(0, 400),
    st.integers(0, 120),
)


@given(days, st.sampled_from(By))
def test_the_parts_of_a_range_are_its_days_each_once(past: Days, by: By) -> None:
    found: list[int] = []
    for kind, part in parts_of(past, by):
        if kind.value.startswith("week"):
            assert (weekday_of(part.first), weekday_of(part.last)) == (0, 6)
        else:
            assert part.count < 13 or by is By.DAY
        found += [day_after(part.first, n) for n in range(part.count)]
    assert sorted(found) == [day_after(past.first, n) for n in range(past.count)]


def test_each_way_of_grouping_has_its_kinds() -> None:
    past = Days(20261107, 20261116)  # Saturday to Monday
    week, edges = Days(20261109, 20261115), (Days(20261107, 20261108), Days(20261116, 20261116))
    assert parts_of(past, By.POINT) == [
        (Kind.WEEK_POINT, week),
        (Kind.POINT, edges[0]),
        (Kind.POINT, edges[1]),
    ]
    assert parts_of(past, By.HOUR_OF_DAY)[0] == (Kind.WEEK_HOUR, week)
    assert parts_of(past, By.STORE)[0] == (Kind.WEEK, week)
    assert parts_of(past, By.DAY) == [(Kind.DAY, past)]


def test_a_step_is_told_by_the_same_keys() -> None:
    zone, six = Hours("Europe/Madrid"), Tally(happy=6)
    at = zone.hours_of_day(20261119)[9].start
    step = Step(20261119, 1, 0, six, ((at, six),), ((PointId("caja-1"), six),))
    assert [*lines_of(step, zone, By.STORE)] == [(0, six)]
    assert [*lines_of(step, zone, By.DAY)] == [(20261119, six)]
    assert [*lines_of(step, zone, By.HOUR_OF_DAY)] == [(9, six)]
    assert [*lines_of(step, zone, By.POINT)] == [("caja-1", six)]
