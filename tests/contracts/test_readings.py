"""What every `Figures` must do: the fake, SQLite and PostgreSQL alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from hub.adapters import tables
from hub.adapters.database import writing
from hub.adapters.readings import SqlFigures
from hub.core.figures import By, Change, Days, Figures, Span, span_of
from hub.core.hours import DAY_MS, HOUR_MS, Hours
from hub.core.ports import Point, Store
from hub.core.releasing import NOBODY, Entry, Kind, mark_of
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, Held, PointHour, Step, by_hour, total
from hub.core.tallying import COLUMNS
from shared.places import PointId, StoreId
from shared.visits import Face
from tests.fakes.readings import FakeFigures
from tests.parts.databases import migrated_postgres, migrated_sqlite

MADRID, HOWE = StoreId("centro-012"), StoreId("far-away")
STORES = [
    Store(HOWE, "Lord Howe", "Australia/Lord_Howe", 8, 20),
    Store(MADRID, "Centro", "Europe/Madrid"),
]
POINTS = [
    Point(MADRID, PointId("caja-2"), "Caja 2", position=2),
    Point(MADRID, PointId("caja-1"), "Caja 1", position=1),
    Point(HOWE, PointId("door"), "Door", "entrance", 1),
]
ZONES = {store.store_id: Hours(store.zone) for store in STORES}
BEGIN = 1_792_792_800_000  # 2026-10-24T00:00+02:00: the night after has 25 hours in Madrid
ALL = Days(20261023, 20261030)


def some_history() -> FakeFigures:
    """Five days, some hours empty, the same for every test."""
    draw, fake = random.Random(4), FakeFigures(list(STORES), list(POINTS))
    for point in POINTS:
        for number in range(5 * 24):
            hour = ZONES[point.store_id].hour_of(BEGIN + number * HOUR_MS)
            if draw.random() < 0.7:
                tally = Tally(*(draw.randrange(9) for _ in COLUMNS))
                fake.count(point.store_id, point.point_id, hour.start, tally)
                reason, face = draw.choice(["wait", "price"]), draw.choice(list(Face))
                times = 1 + draw.randrange(4)
                fake.name_reason(point.store_id, hour.start, face, reason, times, point.point_id)
    return fake


def fill(engine: Engine, fake: FakeFigures) -> None:
    """The same in a database."""
    with writing(engine) as db:
        for store in fake.places:
            row: dict[str, Any] = {
                "store_id": store.store_id,
                "name": store.name,
                "zone": store.zone,
            }
            hours = {"opens": store.opens, "closes": store.closes, "made_at": 0}
            db.execute(insert(tables.stores).values(**row, **hours))
        for point in fake.standing:
            names = ("store_id", "point_id", "name", "kind", "position")
            row = {name: getattr(point, name) for name in names}
            db.execute(insert(tables.points).values(**row))
        for (store_id, point_id, hour), tally in fake.tallies.items():
            row = {"store_id": store_id, "point_id": point_id, "hour": hour, **counts(tally)}
            db.execute(insert(tables.tallies).values(**row))
        for store_id in ZONES:
            for _, day, hour_of_day, tally in fake.day_hours(store_id, ALL):
                row = {"store_id": store_id, "day": day, "hour_of_day": hour_of_day}
                db.execute(insert(tables.store_tallies).values(**row, **counts(tally)))
        for (store_id, point_id, hour, face, reason), answers in fake.named.items():
            row = {"store_id": store_id, "point_id": point_id, "hour": hour, "face": face.value}
            db.execute(insert(tables.reason_tallies).values(**row, reason=reason, answers=answers))


def counts(tally: Tally) -> dict[str, Any]:
    return dict(zip(COLUMNS, astuple(tally), strict=True))


@pytest.fixture
def history() -> FakeFigures:
    return some_history()


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def figures(
    request: pytest.FixtureRequest, history: FakeFigures, tmp_path: Path
) -> Iterator[Figures]:
    if request.param == "fake":
        yield history
        return
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = stack.enter_context(migrated_sqlite(tmp_path / "hub.db"))
        else:
            cluster = request.getfixturevalue("postgres")
            engine = stack.enter_context(migrated_postgres(cluster))
        fill(engine, history)
        yield SqlFigures(engine)


def span(days: Days, store: StoreId = MADRID) -> Span:
    return span_of(ZONES[store], days)


def inside(history: FakeFigures, days: Days, store: StoreId = MADRID) -> list[PointHour]:
    """The truth, worked out hour by hour."""
    return [
        PointHour(point, hour, tally)
        for (place, point, hour), tally in history.tallies.items()
        if place == store and days.first <= ZONES[store].hour_of(hour).day <= days.last
    ]


def test_stores_and_points_come_in_their_fixed_order(figures: Figures) -> None:
    assert list(figures.stores()) == sorted(STORES, key=lambda store: store.store_id)
    assert [point.point_id for point in figures.points(MADRID)] == ["caja-1", "caja-2"]
    assert list(figures.points(StoreId("nowhere"))) == []


@pytest.mark.parametrize("days", [Days(20261025, 20261025), Days(20261024, 20261027), ALL])
def test_every_way_of_counting_comes_to_the_same(
    figures: Figures, history: FakeFigures, days: Days
) -> None:
    truth = total(row.tally for row in inside(history, days))
    found = figures.day_counts(MADRID, days.first, span(days))
    assert total(row.tally for row in found.point_hours) == truth
    assert total(row.tally for row in figures.day_hours(MADRID, days)) == truth
    counted = figures.counted_days(days.first)
    mine = [n for (store, day), n in counted.items() if store == MADRID and day <= days.last]
    by_day = figures.day_hours(MADRID, days)
    assert sum(mine) == mark_of((row.hour_of_day, row.tally) for row in by_day)
    assert min(day for _, day in counted) >= days.first


def test_the_longest_day_has_two_hours_at_two(figures: Figures, history: FakeFigures) -> None:
    twice = [hour.start for hour in ZONES[MADRID].hours_of_day(20261025) if hour.hour_of_day == 2]
    counts = figures.day_counts(MADRID, 20261025, span(Days(20261025, 20261025)))
    hours = by_hour(counts.point_hours)
    day = [row for row in figures.day_hours(MADRID, ALL, only=[20261025]) if row.hour_of_day == 2]
    assert len(twice) == 2
    assert total(hours[at] for at in twice if at in hours) == total(row.tally for row in day)


def test_only_some_dates_may_be_asked_for(figures: Figures) -> None:
    found = figures.day_hours(MADRID, ALL, only=[20261024, 20261027])
    assert {row.day for row in found} == {20261024, 20261027}
    assert figures.day_hours(MADRID, ALL, only=[]) == []


def test_strays_are_left_out(figures: Figures) -> None:
    every = figures.day_counts(MADRID, 20261024, span(ALL)).point_hours
    stray = every[0].hour
    without = figures.day_counts(MADRID, 20261024, replace(span(ALL), strays=(stray,)))
    assert list(without.point_hours) == [row for row in every if row.hour != stray]
    assert all(reason.hour != stray for reason in without.reasons)


def test_a_days_counts_hold_its_hours_and_its_reasons(
    figures: Figures, history: FakeFigures
) -> None:
    day = Days(20261025, 20261025)
    found = figures.day_counts(MADRID, 20261025, span(day))
    assert (found.day, found.begins) == (20261025, span(day).start)
    assert sorted(found.point_hours) == sorted(inside(history, day))
    assert list(found.reasons) == sorted(found.reasons)
    assert sum(reason.answers for reason in found.reasons) == sum(
        figures.reason_totals(MADRID, [span(day)]).values()
    )


def test_reasons_are_summed_over_several_spans(figures: Figures, history: FakeFigures) -> None:
    one, other = span(Days(20261024, 20261024)), span(Days(20261026, 20261026))
    both = figures.reason_totals(MADRID, [one, other])
    apart = [figures.reason_totals(MADRID, [each]) for each in (one, other)]
    assert both == {key: sum(part.get(key, 0) for part in apart) for key in both}
    assert both
    assert figures.reason_totals(MADRID, []) == {}


def test_nothing_is_found_where_nothing_was_counted(figures: Figures) -> None:
    empty = Span(BEGIN - 9 * DAY_MS, BEGIN - 8 * DAY_MS)
    assert figures.day_counts(MADRID, 20261015, empty) == DayCounts(20261015, empty.start)
    assert list(figures.told(MADRID, Kind.DAY, ALL)) == []
    assert figures.told_sums([MADRID], [(Kind.DAY, ALL)], By.STORE) == {}
    assert figures.told_sums([], [], By.DAY) == {}
    assert figures.released_until() == {}
    assert figures.released_days(0) == {}
    assert figures.counted_days(20270101) == {}


def step(serial: int, day: int = 20261025, *, over: bool = False) -> Step:
    five = Tally(happy=5 * serial)
    held = Held((PointHour(PointId("caja-1"), BEGIN, five),))
    hours = ((BEGIN, five),)
    return Step(day, serial, BEGIN + serial, five, hours, held=held, over=over, known=5 * serial)


def keep(figures: Figures, before: Step | None, after: Step) -> bool:
    return figures.keep_steps(MADRID, [Change(before, after)])


def test_a_step_is_kept_and_replaced_only_by_whoever_knew_it(figures: Figures) -> None:
    assert figures.step(MADRID, 20261025) is None
    assert keep(figures, None, step(1))
    assert not keep(figures, None, step(2))  # another process was first
    assert keep(figures, step(1), step(2))
    assert not keep(figures, step(1), step(3))
    assert figures.step(MADRID, 20261025) == step(2)
    assert figures.step(HOWE, 20261025) is None
    assert figures.step(MADRID, 20261026) is None


def test_of_several_steps_all_are_kept_with_what_they_tell_or_none(figures: Figures) -> None:
    assert keep(figures, None, step(1))
    one, other = Change(None, step(1, 20261026)), Change(step(9), step(2))
    told = [Entry(Kind.DAY, 20261026, NOBODY, 0, -1, Tally(happy=5))]
    assert not figures.keep_steps(MADRID, [one, other], told)
    assert figures.step(MADRID, 20261026) is None
    assert list(figures.told(MADRID, Kind.DAY, ALL)) == []
    assert figures.keep_steps(MADRID, [one, Change(step(1), step(2))], told)
    assert list(figures.told(MADRID, Kind.DAY, ALL)) == told


def test_what_is_closed_is_known_and_can_be_forgotten(figures: Figures) -> None:
    closed = [step(3, 20261024, over=True), step(4, over=True), step(5, 20261026)]
    figures.keep_steps(MADRID, [Change(None, each) for each in closed])
    assert figures.released_until() == {MADRID: 20261025}
    assert figures.released_days(20261025) == {(MADRID, 20261025): 20}
    figures.forget_steps(MADRID, 20261025)
    figures.forget_steps(HOWE, 20261030)
    assert figures.step(MADRID, 20261024) is None
    assert figures.step(MADRID, 20261025) == closed[1]


def told_of(day: int) -> list[Entry]:
    return [
        Entry(Kind.HOUR, day, NOBODY, BEGIN + hour * HOUR_MS, hour, Tally(sales=hour, happy=5))
        for hour in (9, 10)
    ] + [Entry(Kind.POINT, day, PointId("caja-2"), 0, -1, Tally(happy=10))]


def test_what_is_told_is_added_up_by_each_key(figures: Figures) -> None:
    for day in (20261024, 20261025, 20261029):
        figures.keep_steps(MADRID, [], told_of(day))
    figures.keep_steps(HOWE, [], told_of(20261024))
    figures.keep_steps(MADRID, [], told_of(20261029))  # late: it comes on top
    two = [(Kind.HOUR, Days(20261024, 20261024)), (Kind.HOUR, Days(20261029, 20261030))]
    hours = figures.told_sums([MADRID], two, By.HOUR_OF_DAY)
    assert hours == {(MADRID, h): Tally(sales=3 * h, happy=15) for h in (9, 10)}
    assert figures.told_sums([MADRID, HOWE], two, By.STORE) == {
        (MADRID, 0): Tally(sales=57, happy=30),
        (HOWE, 0): Tally(sales=19, happy=10),
    }
    days = figures.told_sums([MADRID], two, By.DAY)
    assert {day: tally.happy for (_, day), tally in days.items()} == {20261024: 10, 20261029: 20}
    points = figures.told_sums([MADRID], [(Kind.POINT, ALL)], By.POINT)
    assert points == {(MADRID, "caja-2"): Tally(happy=40)}
    found = figures.told(MADRID, Kind.HOUR, Days(20261025, 20261029))
    assert [(entry.day, entry.hour_of_day) for entry in found] == [
        (20261025, 9),
        (20261025, 10),
        (20261029, 9),
        (20261029, 10),
    ]
