"""Known ways to learn what is hidden, each a test that must fail until it is closed.

They are marked `xfail(strict=True)`: whoever closes one is told by a red test to remove its mark.
See docs/statistics.md, “What this does not do”.
"""

from __future__ import annotations

import pytest

from hub.core.figures import Days
from hub.core.hours import day_after
from hub.core.listing import Group
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.reports import Reports
from shared.places import PointId
from tests.fakes.readings import FakeFigures
from tests.hub.test_reports import POINTS, STORE, TODAY, at

NOW = at(12)
QUIET = day_after(TODAY, -3)

OPEN = "two freely chosen ranges that differ by one small day can be taken from each other"

Answers = dict[tuple[PointId | None, int | None], Tally | None]


def store_with(points: list[PointId]) -> FakeFigures:
    fake = FakeFigures([Store(STORE, "Centro", "Europe/Madrid")])
    fake.standing = [Point(STORE, p, p.title(), position=n) for n, p in enumerate(points)]
    for back in range(1, 15):
        day = day_after(TODAY, -back)
        for point in points:
            if day != QUIET:
                fake.count(STORE, point, at(10, day=day), Tally(sales=9, happy=9))
    return fake


def ask(reports: Reports, first: int, last: int, group: Group) -> Answers:
    rows = reports.rows(reports.store(STORE), NOW, Days(first, last), group)
    return {(row.point_id, row.hour_of_day): row.tally for row in rows}


def taken_from_each_other(reports: Reports, group: Group) -> tuple[Answers, Answers]:
    """What is told of a week with the quiet day at its end, and of the same week without it."""
    first = day_after(QUIET, -7)
    return ask(reports, first, QUIET, group), ask(reports, first, day_after(QUIET, -1), group)


def three_registers() -> Reports:
    """On the quiet day one shopper answered at the second register."""
    fake = store_with(list(POINTS))
    fake.count(STORE, POINTS[0], at(10, day=QUIET), Tally(sales=20, happy=20))
    fake.count(STORE, POINTS[1], at(10, day=QUIET), Tally(sales=1, sad=1))
    fake.count(STORE, POINTS[2], at(10, day=QUIET), Tally(sales=20, happy=20))
    return Reports(fake)


def test_the_quiet_day_itself_is_hidden() -> None:
    assert ask(three_registers(), QUIET, QUIET, Group.POINT)[POINTS[1], None] is None


@pytest.mark.xfail(strict=True, reason=OPEN)
def test_one_shopper_at_one_register_is_not_told_by_two_ranges() -> None:
    longer, shorter = taken_from_each_other(three_registers(), Group.POINT)
    one, other = longer[POINTS[1], None], shorter[POINTS[1], None]
    assert one is None or other is None or one.sad == other.sad


@pytest.mark.xfail(strict=True, reason=OPEN)
@pytest.mark.parametrize("group", [Group.TOTAL, Group.HOUR_OF_DAY])
def test_one_shopper_of_a_small_store_is_not_told_by_two_ranges(group: Group) -> None:
    fake = store_with(list(POINTS[:1]))
    fake.count(STORE, POINTS[0], at(10, day=QUIET), Tally(sales=1, sad=1))
    key = (None, 10 if group is Group.HOUR_OF_DAY else None)
    longer, shorter = (told[key] for told in taken_from_each_other(Reports(fake), group))
    assert longer is None or shorter is None or longer.sad - shorter.sad == 0


@pytest.mark.xfail(strict=True, reason="a day that is over is shown exactly")
def test_what_was_held_back_at_closing_time_is_not_told_the_next_morning() -> None:
    fake = store_with([])
    fake.standing = [Point(STORE, p, p.title(), position=n) for n, p in enumerate(POINTS)]
    for point in POINTS:
        fake.count(STORE, point, at(18), Tally(sales=20, happy=20))
    reports = Reports(fake)
    evening = reports.today(STORE, at(20)).tally
    fake.count(STORE, POINTS[0], at(20), Tally(sales=1, sad=1))
    morning = reports.today(STORE, at(9, day=day_after(TODAY, 1)), TODAY).tally
    assert morning is None or evening is None or morning.sad == evening.sad
