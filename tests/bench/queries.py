"""How fast the dashboard's questions are answered: 50 stores, 90 days, 12 hours a day.

Run it with `python -m tests.bench.queries`; it prints one JSON object. `fill` makes 10.8 million
answers' worth of tallies directly: what a recount of as many raw records would leave behind.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, insert

from hub.adapters import tables
from hub.adapters.database import open_engine, writing
from hub.adapters.migrations import migrate
from hub.adapters.readings import SqlFigures
from hub.core.figures import By, Days
from hub.core.hours import Hours, day_after
from hub.core.listing import Group
from hub.core.ranges import parts_of
from hub.core.releasing import Kind
from hub.core.suppression import FLOOR
from hub.core.tallying import COLUMNS
from hub.releases import Releases
from hub.reports import Reports
from shared.places import StoreId

STORES, POINTS, DAYS, OPENS, CLOSES = 50, 8, 90, 9, 21
LAST = 20261121
ZONES = ("Europe/Madrid", "America/Mexico_City", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
PAIRS = 9

MOST = (4, 7, 20, 9, 40, 2, 2)
"""Under so many of each count of an hour, after its sales."""

Values = dict[str, object]


def store(number: int) -> StoreId:
    return StoreId(f"store-{number:03d}")


def zone(number: int) -> Hours:
    return Hours(ZONES[number % len(ZONES)])


def fill(engine: Engine) -> None:
    """Stores, points, and the three kinds of tally."""
    draw = random.Random(12)
    with writing(engine) as db:
        for number in range(STORES):
            names: Values = {"store_id": store(number), "name": f"Store {number}"}
            rest: Values = {"zone": zone(number).zone_name, "made_at": 0}
            db.execute(insert(tables.stores).values(**names, **rest))
            for point in range(POINTS):
                place: Values = {"store_id": store(number), "point_id": f"caja-{point + 1}"}
                title: Values = {"name": f"Caja {point + 1}", "position": point}
                db.execute(insert(tables.points).values(**place, **title))
            fine, coarse, reasons = _tallies(number, draw)
            db.execute(insert(tables.tallies), fine)
            db.execute(insert(tables.store_tallies), coarse)
            db.execute(insert(tables.reason_tallies), reasons)
    _tell(engine)


def _tell(engine: Engine) -> None:
    """Let every day and week that is over be told: the pages read that."""
    figures = SqlFigures(engine)
    releases, now = Releases(figures, FLOOR), zone(0).day_bounds(LAST)[1] - 3_600_000
    for each in figures.stores():
        releases.until(each, Hours(each.zone), now)


def _tallies(number: int, draw: random.Random) -> tuple[list[Values], list[Values], list[Values]]:
    fine: list[Values] = []
    coarse: list[Values] = []
    reasons: list[Values] = []
    for day, at, hour_of_day in _hours(zone(number)):
        sums = [0] * len(COLUMNS)
        for point in range(POINTS):
            counts = [draw.randrange(90), *(draw.randrange(most) for most in MOST)]
            sums = [one + other for one, other in zip(sums, counts, strict=True)]
            key: Values = {"store_id": store(number), "point_id": f"caja-{point + 1}", "hour": at}
            fine.append({**key, **dict(zip(COLUMNS, counts, strict=True))})
        where: Values = {"store_id": store(number), "day": day, "hour_of_day": hour_of_day}
        coarse.append({**where, **dict(zip(COLUMNS, sums, strict=True))})
        for reason in ("wait", "price", "staff"):
            why: Values = {"store_id": store(number), "point_id": "caja-1", "hour": at}
            reasons.append({**why, "face": "sad", "reason": reason, "answers": draw.randrange(5)})
    return fine, coarse, reasons


def _hours(zone: Hours) -> Iterator[tuple[int, int, int]]:
    for back in range(DAYS):
        for hour in zone.hours_of_day(day_after(LAST, -back)):
            if OPENS <= hour.hour_of_day < CLOSES:
                yield hour.day, hour.start, hour.hour_of_day


def milliseconds(question: Callable[[], object]) -> dict[str, float]:
    """Median and worst of some repetitions, after one that warms the caches."""
    question()
    took = []
    for _ in range(PAIRS):
        start = time.perf_counter()
        question()
        took.append((time.perf_counter() - start) * 1000)
    return {"median_ms": round(statistics.median(took), 2), "worst_ms": round(max(took), 2)}


def measure(engine: Engine) -> dict[str, dict[str, float]]:
    """Each question with its time."""
    figures, now = SqlFigures(engine), zone(0).day_bounds(LAST)[1] - 3_600_000
    reports, days = Reports(figures), Days.last_of(LAST, DAYS)
    one, every = store(0), [store(number) for number in range(STORES)]
    shop = reports.store(one)

    def told(stores: list[StoreId], by: By) -> object:
        return figures.told_sums(stores, parts_of(days, by), by)

    questions: dict[str, Callable[[], object]] = {
        "one store, 90 days, by hour of day (goal 10 ms)": lambda: told([one], By.HOUR_OF_DAY),
        "one store, 90 days, by trading hour": lambda: figures.told(one, Kind.HOUR, days),
        "one store, 90 days, by point": lambda: told([one], By.POINT),
        "all stores, 90 days, by hour of day (goal 100 ms)": lambda: told(every, By.HOUR_OF_DAY),
        "all stores, 90 days": lambda: told(every, By.STORE),
        "page today": lambda: reports.today(one, now),
        "has today's step moved": lambda: reports.step(one, now),
        "page hours, 4 weeks": lambda: reports.hours(one, now),
        "page registers, 28 days": lambda: reports.registers(one, now, Days.last_of(LAST, 28)),
        "page stores, 28 days": lambda: reports.stores(now, Days.last_of(LAST, 28)),
        "API: 90 days by hour": lambda: reports.rows(shop, now, days, Group.HOUR),
    }
    return {name: milliseconds(question) for name, question in questions.items()}


def main() -> None:
    """Fill, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'hub.db'}")
        migrate(engine)
        fill(engine)
        found = measure(engine)
        engine.dispose()
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
