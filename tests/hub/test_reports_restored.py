"""A spy who saw the pages before a crash sees them again after a restore: nothing small differs."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest

from hub.core.figures import Days
from hub.core.hours import day_after
from hub.core.listing import Group
from hub.core.ports import Point
from hub.core.satisfaction import Tally
from hub.reports import Reports
from tests.fakes.readings import FakeFigures
from tests.hub.test_reports import POINTS, STORE, at
from tests.hub.test_reports_attacked import Spy, days_of, store_with

FIRST, LAST = 20261109, 20261119  # Monday to the Thursday of the week after
BACKUP, CRASH = 20261112, 20261117
"""In the night before the first Thursday, and at noon of the second Tuesday."""

GROUPS = (Group.TOTAL, Group.POINT, Group.HOUR_OF_DAY)


class Life:
    """A store, its kiosks' records, and the pages that somebody looks at all the time."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.figures = store_with([])
        self.figures.standing = [
            Point(STORE, p, p.title(), position=n) for n, p in enumerate(POINTS)
        ]
        self.reports = Reports(self.figures)
        self.spy = Spy(self.reports, FIRST, LAST)
        self.busy = [self.draw.choice((0.2, 1.0, 4.0)) for _ in POINTS]
        self.backup: FakeFigures | None = None

    def day(self, day: int, *, until: int = 15, since: int = 9) -> None:
        for hour in range(since, until):
            for point, rate in zip(POINTS, self.busy, strict=True):
                for _ in range(int(self.draw.expovariate(1 / rate))):
                    face = self.draw.choice(("sad", "neutral", "happy"))
                    self.figures.count(STORE, point, at(hour, day=day), Tally(sales=2, **{face: 1}))
            self.look(day, hour, 59)

    def late(self, day: int) -> None:
        """A kiosk that was away."""
        back = day_after(day, -self.draw.randrange(4))
        for point in POINTS:
            answers = Tally(happy=self.draw.randrange(4))
            self.figures.count(STORE, point, at(12, day=max(FIRST, back)), answers)

    def look(self, day: int, hour: int, minute: int = 0) -> None:
        now = at(hour, minute, day=day)
        self.reports.tell_late(now)
        store = self.reports.store(STORE)
        for group in GROUPS:
            for row in self.reports.rows(store, now, Days(day, day), group):
                key = (group, day, day, (row.point_id, row.start, row.day, row.hour_of_day))
                self.spy.seen.setdefault(key, {})[now] = row.tally or Tally()

    def morning(self, day: int) -> None:
        now = at(8, day=day)
        self.reports.tell_late(now)
        self.spy.look(now, GROUPS)

    def restore(self, when: int, *, forgetful: bool) -> None:
        """What was told is as old as the backup; the kiosks' records all come again, and more."""
        assert self.backup is not None
        figures = self.figures
        figures.kept, figures.entries = deepcopy((self.backup.kept, self.backup.entries))
        figures.restored = 0 if forgetful else when
        self.reports = self.spy.reports = Reports(figures)
        self.late(CRASH)
        figures.count(STORE, POINTS[0], at(11, day=CRASH), Tally(sad=2))  # had not been sent yet


def lived(seed: int, *, forgetful: bool = False) -> Life:
    life = Life(seed)
    for day in days_of(FIRST, LAST):
        life.morning(day)
        if day == BACKUP:
            life.backup = deepcopy(life.figures)
        if day == CRASH:
            life.day(day, until=12)
            life.restore(at(12, 5, day=day), forgetful=forgetful)
            life.spy.look(
                at(12, 30, day=day), GROUPS
            )  # else what is gone and new would be compared
            life.day(day, since=13)
        else:
            life.day(day)
        if life.draw.random() < 0.7:
            life.late(day)
    life.morning(day_after(LAST))
    return life


@pytest.mark.parametrize("seed", range(6))
def test_what_was_seen_before_a_crash_tells_nothing_beside_what_is_seen_after_the_restore(
    seed: int,
) -> None:
    assert lived(seed).spy.small_differences() == []


def test_a_restored_hub_that_told_its_days_anew_would_give_shoppers_away() -> None:
    assert any(lived(seed, forgetful=True).spy.small_differences() for seed in range(6))


def test_what_is_asked_after_the_restore_is_told_and_what_was_asked_before_is_hidden() -> None:
    life = lived(1)
    store, now = life.reports.store(STORE), at(8, day=day_after(LAST))
    told = {
        day: life.reports.rows(store, now, Days(day, day), Group.TOTAL)[0].tally
        for day in days_of(FIRST, LAST)
    }
    lost = list(days_of(BACKUP, day_after(CRASH, -1)))
    assert all(not told[day] or not told[day].answered for day in lost)  # type: ignore[union-attr]
    rest = [told[day] for day in days_of(day_after(CRASH), LAST)]
    assert all(tally and tally.answered >= 5 for tally in rest)
