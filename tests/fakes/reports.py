"""Reports made by hand: a page can be judged without a database behind its figures."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace

from hub.core.figures import Days
from hub.core.intervals import Difference, Share
from hub.core.ports import Point, Store
from hub.core.satisfaction import Index, Tally
from hub.core.steps import Step
from hub.core.views import (
    Comparison,
    FaceShare,
    HeatCell,
    HeatRow,
    HourBar,
    HourState,
    HoursView,
    KioskAway,
    LowHour,
    ReasonRow,
    Reasons,
    RegisterRow,
    RegistersView,
    StoreRow,
    StoresView,
    TodayView,
    Unusual,
    Usual,
    Verdict,
)
from hub.reports import Reports
from shared.errors import NoSuchStore
from shared.places import PointId, StoreId
from shared.visits import Face

TODAY = 20261119  # a Thursday, as in the design
MIDNIGHT = 1_795_042_800_000  # in Madrid
HOUR = 3_600_000

ANSWERS = (41, 60, 82, 118, 108, 66, 58, 80, 134, 97, 34)
VALUES = (81.0, 83.5, 80.0, 77.0, 74.5, 76.0, 80.0, 82.0, 64.5, 75.0)
USUAL = (78.0, 77.0, 76.0, 74.0, 73.0, 74.5, 76.0, 78.0, 74.0, 75.0, 75.0, 76.0)


def share(part: int, whole: int, half: float = 0.03) -> Share:
    """A share with an interval of some width."""
    value = part / whole
    return Share(part, whole, value, max(0.0, value - half), min(1.0, value + half))


def index(value: float, half: float, n: int) -> Index:
    """An index with an interval of some width."""
    return Index(value, max(0.0, value - half), min(100.0, value + half), n)


class HandmadeReports(Reports):
    """The day in the picture of the design; `move()` makes the next step."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = {store.store_id: store for store in stores}
        self._lock = threading.Lock()
        self._serial = 7
        self.floor = 5
        self.drawn = 0
        self.asked = 0

    def move(self) -> None:
        """Publish the next step: the index rises by a tenth."""
        with self._lock:
            self._serial += 1

    def day(self, store_id: StoreId, now: int) -> int:
        """Thursday."""
        self._store(store_id)
        return TODAY

    def step(self, store_id: StoreId, now: int) -> Step:
        """Where the page stands."""
        self._store(store_id)
        self.asked += 1
        return Step(TODAY, self._serial, MIDNIGHT + 19 * HOUR)

    def today(
        self, store_id: StoreId, now: int, day: int | None = None, away: Sequence[KioskAway] = ()
    ) -> TodayView:
        """The day."""
        store = self._store(store_id)
        self.drawn += 1
        whole = Tally(4142, 141, 270, 873, 1200, 1500, 0)
        low = Unusual(Verdict.BELOW, 0.002, "wait", share(33, 54, 0.13))
        value = 78.5 + (self._serial - 7) / 10
        return TodayView(
            store=store,
            day=day or TODAY,
            live=day is None or day == TODAY,
            serial=self._serial,
            as_of=MIDNIGHT + 19 * HOUR + 120_000,
            floor=5,
            tally=whole,
            index=index(value, 1.9, whole.answered),
            usual=Usual(75.3, 74.4, 76.2, 1.4, 33.0, 12, 3),
            against_usual=Comparison(Difference(value - 75.3, 1.1, 5.3, 0.004), Verdict.ABOVE),
            response=share(1284, 4142),
            response_of_asked=share(1284, 3984),
            faces=tuple(FaceShare(face, share(whole.of(face), 1284)) for face in Face),
            bars=tuple(_bar(hour, low) for hour in range(9, 21)),
            registers=_registers(store),
            reasons=_reasons(),
            needs=(LowHour(MIDNIGHT + 17 * HOUR, 17, 3600, low), *away),
        )

    def hours(self, store_id: StoreId, now: int, weeks: int = 4) -> HoursView:
        """Four weeks."""
        hours = tuple(range(9, 21))
        rows = tuple(_heat_row(weekday, hours) for weekday in range(7))
        return HoursView(
            self._store(store_id), Days(20261022, 20261118), 5, hours, rows, _heat_row(None, hours)
        )

    def registers(self, store_id: StoreId, now: int, days: Days) -> RegistersView:
        """Some days."""
        store = self._store(store_id)
        rows = _registers(store)
        tally = Tally(41420, 1410, 2700, 8730)
        return RegistersView(
            store, days, 5, tally, index(78.5, 0.8, 12840), share(12840, 41420), rows, ()
        )

    def stores(self, now: int, days: Days, only: Collection[StoreId] | None = None) -> StoresView:
        """All of them, or those."""
        rows = [
            _store_row(store, place)
            for place, store in enumerate(self._stores.values())
            if only is None or store.store_id in only
        ]
        return StoresView(days, 5, index(77.4, 0.6, 20_000), tuple(rows))

    def _store(self, store_id: StoreId) -> Store:
        if store_id not in self._stores:
            raise NoSuchStore(f"no store {store_id}")
        return self._stores[store_id]


def _bar(hour: int, low: Unusual) -> HourBar:
    place = hour - 9
    n = ANSWERS[place] if place < len(ANSWERS) else 0
    state = HourState.PAST if hour < 19 else HourState.SO_FAR if hour == 19 else HourState.TO_COME
    sad = round(n * (0.28 if hour == 17 else 0.11))
    neutral = round(n * 0.21)
    known = state is not HourState.TO_COME
    usual = USUAL[place]
    return HourBar(
        start=MIDNIGHT + hour * HOUR,
        hour_of_day=hour,
        offset_seconds=3600,
        state=state,
        tally=Tally(n * 3, sad, neutral, n - sad - neutral) if known else None,
        index=index(VALUES[place], 90 / n**0.5, n) if state is HourState.PAST else None,
        usual=Usual(usual, usual - 1.2, usual + 1.2, 1.2, 33.0, 12, 3),
        unusual=low if hour == 17 else None,
        hidden=False,
    )


def _registers(store: Store) -> tuple[RegisterRow, ...]:
    figures = (
        (81.9, 4.3, 244, 0.33, Verdict.ALIKE, "ab"),
        (79.0, 4.4, 221, 0.31, Verdict.ALIKE, "ab"),
        (68.8, 4.8, 204, 0.24, Verdict.BELOW, "c"),
        (75.4, 4.3, 232, 0.30, Verdict.ALIKE, "bc"),
        (86.1, 3.7, 301, 0.38, Verdict.ABOVE, "a"),
        (78.2, 7.1, 82, 0.29, Verdict.ALIKE, "abc"),
    )
    rows = [
        RegisterRow(
            Point(store.store_id, PointId(f"caja-{number}"), f"Caja {number}", "register", number),
            Tally(round(n / response), n // 8, n // 5, n - n // 8 - n // 5),
            index(value, half, n),
            share(n, round(n / response)),
            verdict,
            letters,
            hidden=False,
        )
        for number, (value, half, n, response, verdict, letters) in enumerate(figures, 1)
    ]
    few = replace(rows[0], tally=None, index=None, response=None, verdict=Verdict.UNKNOWN)
    point = Point(store.store_id, PointId("entrada"), "Entrada", "entrance", 7)
    return (*rows, replace(few, point=point, letters="", hidden=True))


def _reasons() -> Reasons:
    figures = (
        ("wait", 119, Difference(19.0, 11.0, 27.0, 0.001)),
        ("products", 54, Difference(-4.0, -11.0, 3.0, 0.3)),
        ("service", 31, Difference(0.0, -5.0, 5.0, 0.9)),
        ("prices", 23, Difference(0.0, -5.0, 5.0, 0.9)),
        ("cleanliness", 13, Difference(-6.0, -10.0, -2.0, 0.01)),
    )
    rows = [ReasonRow(name, share(n, 258), change, False) for name, n, change in figures]
    return Reasons(258, (*rows, ReasonRow("other", None, None, True)))


def _heat_row(weekday: int | None, hours: Sequence[int]) -> HeatRow:
    day = 7 if weekday is None else weekday
    cells = [_heat_cell(weekday, day, hour) for hour in hours]
    total = HeatCell(weekday, None, Tally(0, 60, 90, 400), index(77.0 + day / 3, 1.0, 550), False)
    return HeatRow(weekday, tuple(cells), total)


def _heat_cell(weekday: int | None, day: int, hour: int) -> HeatCell:
    if weekday == 6 and hour > 14:  # closed on Sunday afternoon
        return HeatCell(weekday, hour, None, None, False)
    if weekday == 6 and hour in (9, 10):
        return HeatCell(weekday, hour, None, None, True)
    value = 79.0 - 9.0 * (hour in (17, 18)) - (12.0 if hour == 17 and day == 4 else 0) + day
    value += 7.0 * (hour == 10) + 9 * (hour == 9 and day == 2)
    n = 40 + 8 * day + 12 * (hour % 5)
    return HeatCell(weekday, hour, Tally(0, 5, 10, n - 15), index(value, 28 / n**0.5, n), False)


def _store_row(store: Store, place: int) -> StoreRow:
    verdicts = (Verdict.ALIKE, Verdict.BELOW, Verdict.ABOVE)
    value, n = (78.5, 71.2, 82.0)[place % 3], 6000 - 900 * place
    return StoreRow(
        store,
        Tally(n * 3, n // 8, n // 5, n - n // 8 - n // 5),
        index(value, 1.1, n),
        share(n, n * 3),
        verdicts[place % 3],
        hidden=False,
    )
