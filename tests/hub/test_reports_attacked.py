"""Ways to learn what is hidden by taking one figure from another: none of them works."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from hub.core.figures import Days
from hub.core.holding import size
from hub.core.hours import Hours, day_after
from hub.core.listing import Group
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.reports import Reports
from shared.places import PointId
from shared.visits import Face
from tests.fakes.readings import FakeFigures
from tests.hub.test_reports import POINTS, STORE, TODAY, at

NOW = at(12)
QUIET = day_after(TODAY, -3)
ZONE = Hours("Europe/Madrid")

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


def test_one_shopper_at_one_register_is_not_told_by_two_ranges() -> None:
    longer, shorter = taken_from_each_other(three_registers(), Group.POINT)
    one, other = longer[POINTS[1], None], shorter[POINTS[1], None]
    assert one is None or other is None or one.sad == other.sad


@pytest.mark.parametrize("group", [Group.TOTAL, Group.HOUR_OF_DAY])
def test_one_shopper_of_a_small_store_is_not_told_by_two_ranges(group: Group) -> None:
    fake = store_with(list(POINTS[:1]))
    fake.count(STORE, POINTS[0], at(10, day=QUIET), Tally(sales=1, sad=1))
    key = (None, 10 if group is Group.HOUR_OF_DAY else None)
    longer, shorter = (told[key] for told in taken_from_each_other(Reports(fake), group))
    assert longer is None or shorter is None or longer.sad - shorter.sad == 0


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


def test_the_reason_of_an_answer_that_is_held_back_is_not_told() -> None:
    fake = store_with([])
    fake.standing = [Point(STORE, p, p.title(), position=n) for n, p in enumerate(POINTS)]
    for point in POINTS[:2]:
        fake.count(STORE, point, at(18), Tally(sad=20))
        fake.name_reason(STORE, at(18), Face.SAD, "wait", 10, point)
    reports = Reports(fake)
    evening = reports.today(STORE, at(20)).reasons
    fake.count(STORE, POINTS[2], at(20), Tally(sad=1))
    fake.name_reason(STORE, at(20), Face.SAD, "price", 1, POINTS[2])
    for now in (at(21), at(9, day=day_after(TODAY))):
        later = reports.today(STORE, now, TODAY).reasons
        assert evening is not None
        assert later is not None
        assert (later.n, len(later.rows)) == (evening.n, len(evening.rows)) == (20, 1)


def test_a_point_s_hour_is_not_told_by_points_and_hours_and_who_was_closed() -> None:
    """The second register closed at ten: six at the first, less five after ten, is one shopper."""
    fake = store_with([])
    fake.standing = [Point(STORE, p, p.title(), position=n) for n, p in enumerate(POINTS)]
    for point, hour, answers in ((0, 9, 1), (1, 9, 5), (0, 10, 5)):
        fake.count(STORE, POINTS[point], at(hour, day=QUIET), Tally(happy=answers))
    reports = Reports(fake)
    by_point = ask(reports, QUIET, QUIET, Group.POINT)[POINTS[0], None] or Tally()
    by_hour = ask(reports, QUIET, QUIET, Group.HOUR)[None, 10] or Tally()
    assert (by_point - by_hour).answered in (0, *range(5, 99))
    cells = ask(reports, QUIET, QUIET, Group.POINT_HOUR)
    assert [tally.answered for tally in cells.values() if tally and tally.answered] == [5, 5]


class Spy:
    """Asks for every group over every range of some days, each morning, and keeps all answers."""

    def __init__(self, reports: Reports, first: int, last: int) -> None:
        self.reports, self.first, self.last = reports, first, last
        self.seen: dict[tuple[Group, int, int, object], dict[int, Tally]] = {}

    def look(self, now: int, groups: Iterable[Group]) -> None:
        store = self.reports.store(STORE)
        for first in days_of(self.first, self.last):
            for last in days_of(first, self.last):
                for group in groups:
                    for row in self.reports.rows(store, now, Days(first, last), group):
                        key = (
                            group,
                            first,
                            last,
                            (row.point_id, row.start, row.day, row.hour_of_day),
                        )
                        self.seen.setdefault(key, {})[now] = row.tally or Tally()

    def small_differences(self) -> list[object]:
        """Whatever two answers differ by that is fewer than five answers."""
        found: list[object] = []
        for (group, first, last, key), tallies in self.seen.items():
            for before, after in pairwise(tallies.values()):
                found += [(group, first, last, key, "moved")] if few(after - before) else []
            for shorter in ((first, day_after(last, -1)), (day_after(first), last)):
                same = self.seen.get((group, *shorter, _without_start(group, key, shorter)), {})
                for now in tallies.keys() & same.keys():
                    found += [(group, first, last, key)] if few(tallies[now] - same[now]) else []
        return found


def _without_start(group: Group, key: object, days: tuple[int, int]) -> object:
    if group in (Group.TOTAL, Group.POINT):  # these rows begin where the range does
        point, _, day, hour = key  # type: ignore[misc]
        return point, ZONE.day_bounds(days[0])[0], day, hour  # type: ignore[has-type]
    return key


def few(change: Tally) -> bool:
    return 0 < size(change) < 5


def days_of(first: int, last: int) -> Iterator[int]:
    while first <= last:
        yield first
        first = day_after(first)


@pytest.mark.parametrize("seed", range(4))
def test_whoever_asks_for_everything_each_morning_finds_nothing_small(seed: int) -> None:
    draw, fake = random.Random(seed), store_with([])
    fake.standing = [Point(STORE, p, p.title(), position=n) for n, p in enumerate(POINTS)]
    reports = Reports(fake)
    first, last = 20261109, 20261119  # Monday to the Thursday of the week after
    spy = Spy(reports, first, last)
    busy = [draw.choice((0.2, 1.0, 4.0)) for _ in POINTS]
    for day in days_of(first, last):
        for hour in range(9, 15):
            for point, rate in zip(POINTS, busy, strict=True):
                for _ in range(int(draw.expovariate(1 / rate))):
                    face = draw.choice(("sad", "neutral", "happy"))
                    fake.count(STORE, point, at(hour, day=day), Tally(sales=2, **{face: 1}))
            reports.today(STORE, at(hour, 59, day=day))
        if draw.random() < 0.5:  # a kiosk that was away
            late = day_after(first, draw.randrange(4))
            fake.count(STORE, POINTS[0], at(12, day=late), Tally(happy=draw.randrange(9)))
        morning = at(8, day=day_after(day))
        for moment in range(2):  # before the job has told what came late, and after it
            spy.look(morning + moment, (Group.TOTAL, Group.POINT, Group.HOUR_OF_DAY))
            reports.tell_late(morning)
    assert spy.seen
    assert spy.small_differences() == []


def test_the_spy_sees_what_there_is_to_see() -> None:
    fake = store_with(list(POINTS))
    spy = Spy(Reports(fake), QUIET, QUIET)
    spy.look(NOW, (Group.TOTAL,))
    key = next(iter(spy.seen))
    spy.seen[key][NOW + 1] = spy.seen[key][NOW] + Tally(sad=2)
    assert spy.small_differences()
