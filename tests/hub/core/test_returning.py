from __future__ import annotations

from hub.core.returning import as_told, without_held
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, Held, PointHour, Step
from shared.places import PointId

A, DAY, RESTORED = PointId("caja-1"), 20261117, 1_000
OLD, NEW = PointHour(A, 500, Tally(happy=9)), PointHour(A, 1_000, Tally(happy=7))
TOLD = PointHour(A, 500, Tally(happy=5))
COUNTS = DayCounts(DAY, 0, (OLD, NEW))
SHOWN = Step(DAY, 3, 900, Tally(happy=5), held=Held(behind=(TOLD,), hours=((500, Tally(happy=5)),)))


def test_of_hours_before_a_restore_only_what_was_told_is_known() -> None:
    assert as_told(SHOWN, COUNTS, RESTORED).point_hours == (TOLD, NEW)
    assert as_told(None, COUNTS, RESTORED).point_hours == (NEW,)


def test_where_nothing_was_restored_everything_is_as_it_is() -> None:
    assert as_told(SHOWN, COUNTS, 0) is COUNTS
    assert without_held(SHOWN, 0) is SHOWN


def test_a_day_that_began_after_the_restore_is_as_it_is() -> None:
    late = DayCounts(DAY, 2_000, (NEW,))
    assert as_told(None, late, RESTORED) is late


def test_what_a_step_of_before_held_back_stays_so() -> None:
    told = without_held(SHOWN, RESTORED)
    assert told is not None
    assert (told.tally, told.held) == (SHOWN.tally, Held(behind=(TOLD,)))
    assert without_held(SHOWN, 900) is SHOWN
    assert without_held(None, RESTORED) is None
