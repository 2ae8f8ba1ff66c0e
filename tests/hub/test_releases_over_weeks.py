"""Some weeks of a store: what is told is never too much or twice, and in the end it is nearly all.

Days that somebody watches and days that nobody does; records that come late, also twice and also
after their week was told; two processes that overtake each other and are started again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from hub.core.figures import Change, Days
from hub.core.hours import HOUR_MS, Hours, day_after
from hub.core.listing import Group
from hub.core.ports import Point, Store
from hub.core.releasing import Entry, Kind
from hub.core.satisfaction import Tally
from hub.core.steps import total
from hub.reports import Reports
from shared.places import PointId, StoreId
from tests.fakes.readings import FakeFigures

STORE = Store(StoreId("centro"), "Centro", "Europe/Madrid")
ZONE = Hours("Europe/Madrid")
FIRST, WEEKS = 20261019, 3  # a Monday; the week ends with the longest day
OPEN = (2, *range(9, 15))  # at two, to meet the hour that autumn repeats
MINUTE_MS = 60_000


class Weeks:
    """A store as it is counted, and what its manager asks meanwhile."""

    def __init__(self, seed: int, rates: Sequence[float]) -> None:
        """`rates`: answers an hour of each register."""
        self.draw, self.rates = random.Random(seed), rates
        self.figures = FakeFigures([STORE])
        self.points = [PointId(f"caja-{number}") for number in range(len(rates))]
        self.figures.standing = [
            Point(STORE.store_id, point, point, position=n) for n, point in enumerate(self.points)
        ]
        self.late_on: list[int] = []

    def pass_by(self) -> None:
        keep = self.figures.keep_steps
        self.figures.keep_steps = self._overtaken(keep)  # type: ignore[method-assign]
        processes, day = [Reports(self.figures), Reports(self.figures)], FIRST
        for _ in range(7 * WEEKS):
            self._trade(day, self.draw.choice(processes) if self.draw.random() < 0.5 else None)
            if self.draw.random() < 0.4:
                self._late(day_after(day, -self.draw.randrange(1, 15)))
            if self.draw.random() < 0.3:
                processes[self.draw.randrange(2)] = Reports(self.figures)
            self._ask(self.draw.choice(processes), day_after(day))
            day = day_after(day)
        self.figures.keep_steps = keep  # type: ignore[method-assign]
        self._ask(last := Reports(self.figures), day_after(day))
        last.tell_late(ZONE.hours_of_day(day_after(day))[9].start)

    def _overtaken(self, keep: Callable[..., bool]) -> Callable[..., bool]:
        def sometimes(
            store_id: StoreId, changes: Sequence[Change], entries: Sequence[Entry] = ()
        ) -> bool:
            return self.draw.random() >= 0.1 and keep(store_id, changes, entries)

        return sometimes

    def _trade(self, day: int, watching: Reports | None) -> None:
        for hour in OPEN:
            for point, rate in zip(self.points, self.rates, strict=True):
                for _ in range(int(self.draw.expovariate(1 / rate))):
                    self._answer(day, hour, point)
            if watching:
                watching.step(STORE.store_id, ZONE.hours_of_day(day)[hour].start + 59 * MINUTE_MS)

    def _late(self, day: int) -> None:
        if day >= FIRST:
            self.late_on.append(day)
            for _ in range(self.draw.randrange(1, 20)):
                self._answer(day, self.draw.choice(OPEN), self.draw.choice(self.points))

    def _answer(self, day: int, hour: int, point: PointId) -> None:
        at = self.draw.choice([h.start for h in ZONE.hours_of_day(day) if h.hour_of_day == hour])
        face = self.draw.choice(("sad", "neutral", "happy"))
        sales = self.draw.randrange(3)
        self.figures.count(STORE.store_id, point, at, Tally(sales=sales, **{face: 1}))

    def _ask(self, reports: Reports, today: int) -> None:
        now = ZONE.hours_of_day(today)[8].start + HOUR_MS // 2
        if self.draw.random() < 0.7:  # before the question, after it, or on another day
            reports.tell_late(now)
        reports.rows(STORE, now, Days(FIRST, today), self.draw.choice(list(Group)))
        if self.draw.random() < 0.3:
            self.draw.choice([reports, Reports(self.figures)]).tell_late(now)

    def truth(self, monday: int) -> dict[tuple[PointId, int], Tally]:
        """Of a week, by point and hour."""
        start, end = ZONE.day_bounds(monday)[0], ZONE.day_bounds(day_after(monday, 6))[1]
        found = self.figures.tallies.items()
        return {(point, at): n for (_, point, at), n in found if start <= at < end}

    def told(self, kind: Kind, first: int, last: int) -> list[Entry]:
        return list(self.figures.told(STORE.store_id, kind, Days(first, last)))


STORES = {
    "eight registers": (0.2, 0.5, 1, 1, 2, 4, 8, 8),
    "three registers": (0.2, 1, 4),
    "one register": (3,),
    "two answers a day": (0.6,),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rates", STORES.values(), ids=STORES)
def test_what_is_told_is_never_too_much_and_in_the_end_nearly_all(
    rates: tuple[float, ...], seed: int
) -> None:
    weeks = Weeks(seed, rates)
    weeks.pass_by()
    # What waits lies in hours or points that have less than a floor each, on each day of which
    # something came after its week was told, and in the week itself.
    lines = len(rates) + len(OPEN)
    for number in range(WEEKS):
        monday = day_after(FIRST, 7 * number)
        sunday, truth = day_after(monday, 6), weeks.truth(monday)
        whole = total(entry.tally for entry in weeks.told(Kind.WEEK, monday, monday))
        days = total(entry.tally for entry in weeks.told(Kind.DAY, monday, sunday))
        assert fits(days, whole)
        assert fits(whole, total(truth.values()))
        late = sum(1 for day in weeks.late_on if monday <= day <= sunday)
        assert total(truth.values()).answered - whole.answered <= 4 * lines * (1 + late)
        for kind in (Kind.WEEK_HOUR, Kind.WEEK_POINT):
            rows = weeks.told(kind, monday, monday)
            assert fits(total(entry.tally for entry in rows), whole)
            for row in rows:
                assert fits(row.tally, total(n for place, n in truth.items() if lies(place, row)))


def lies(place: tuple[PointId, int], row: Entry) -> bool:
    if row.kind is Kind.WEEK_POINT:
        return place[0] == row.point_id
    return ZONE.hour_of(place[1]).hour_of_day == row.hour_of_day


def fits(part: Tally, whole: Tally) -> bool:
    return all(one <= other for one, other in zip(part.counts, whole.counts, strict=True))
