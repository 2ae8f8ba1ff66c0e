"""Ten weeks of tallies, the same every time: what a busy store's database holds.

Written straight into the tallies, as intake would leave them; tests/hub/test_intake.py is where
records become tallies.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from hub.adapters.tables import reason_tallies, store_tallies, tallies
from hub.core.hours import Hour, Hours, day_after
from hub.core.ports import Store
from shared.places import PointId, StoreId

DAYS = 70
"""Ten of each weekday: eight for what is usual, one to look at, one to spare."""

BUSY = {9: 12, 10: 17, 11: 23, 12: 33, 13: 30, 14: 18, 15: 16, 16: 22, 17: 37, 18: 27, 19: 24}
"""Sales at one register by the hour; the day ends at 21 h, when few come."""

HAPPY, NEUTRAL = 0.66, 0.21
REASONS = (("wait", 40), ("products", 24), ("service", 14), ("prices", 12), ("cleanliness", 6))


@dataclass(frozen=True, slots=True)
class Answers:
    """What happened at one register in one hour."""

    sales: int
    sad: int
    neutral: int
    happy: int
    skipped: int
    timed_out: int
    reasons: Mapping[tuple[str, str], int]

    @property
    def counts(self) -> dict[str, int]:
        """The columns of a tally."""
        names = ("sales", "sad", "neutral", "happy", "skipped", "timed_out")
        return {name: getattr(self, name) for name in names}


def seed_tallies(
    engine: Engine, store: Store, points: Sequence[PointId], now: int, *, days: int = DAYS
) -> None:
    """Fill the tallies of a store up to `now`; today has a bad hour at 17."""
    hours, chance, rows = Hours(store.zone), random.Random(store.store_id), Rows()
    today = hours.hour_of(now).day
    for back in range(days, -1, -1):
        for hour in hours.hours_of_day(day_after(today, -back)):
            if hour.start >= now or hour.hour_of_day not in range(9, 21):
                continue
            part = min(1.0, (now - hour.start) / (hour.end - hour.start))
            bad = back == 0 and hour.hour_of_day == 17
            for place, point in enumerate(points):
                made = _answers(chance, hour.hour_of_day, place, part, bad=bad)
                rows.add(store.store_id, point, hour, made)
    rows.write(engine)


def add_answers(
    engine: Engine, store: Store, points: Iterable[PointId], at: int, *, happy: int
) -> None:
    """So many more happy answers at each of these registers, in the hour of `at`."""
    hour, rows = Hours(store.zone).hour_of(at), Rows()
    for point in points:
        rows.add(store.store_id, point, hour, Answers(happy, 0, 0, happy, 0, 0, {}))
    rows.write(engine)


class Rows:
    """Rows of all three tables, written at once and added to what is there."""

    def __init__(self) -> None:
        self._rows: dict[Table, dict[tuple[object, ...], dict[str, Any]]] = {}

    def add(self, store: StoreId, point: PointId, hour: Hour, made: Answers) -> None:
        """What happened at one register in one hour."""
        key = {"store_id": store, "point_id": point, "hour": hour.start}
        self._put(tallies, key, made.counts)
        day = {"store_id": store, "day": hour.day, "hour_of_day": hour.hour_of_day}
        self._put(store_tallies, day, made.counts)
        for (face, reason), answers in made.reasons.items():
            self._put(reason_tallies, {**key, "face": face, "reason": reason}, {"answers": answers})

    def write(self, engine: Engine) -> None:
        """Add all of it to the database."""
        with engine.begin() as db:
            for table, rows in self._rows.items():
                into = sqlite_insert(table)
                keys = [column.name for column in table.primary_key]
                counted = [c.name for c in table.c if c.name not in keys and c.name != "blocked"]
                more = {name: table.c[name] + into.excluded[name] for name in counted}
                into = into.on_conflict_do_update(index_elements=keys, set_=more)
                db.execute(into, list(rows.values()))

    def _put(self, table: Table, key: dict[str, object], counts: Mapping[str, int]) -> None:
        row = self._rows.setdefault(table, {}).setdefault(tuple(key.values()), dict(key))
        for name, count in counts.items():
            row[name] = row.get(name, 0) + count


def _answers(chance: random.Random, hour: int, place: int, part: float, *, bad: bool) -> Answers:
    sales = round(BUSY.get(hour, 9) * part * chance.uniform(0.85, 1.15))
    answered = sum(chance.random() < (0.24 if place == 2 else 0.32) for _ in range(sales))
    happy = HAPPY + (0.07, 0.02, -0.16, 0.0, 0.12, 0.0)[place % 6] - (0.3 if bad else 0.0)
    faces = chance.choices(
        ("happy", "neutral", "sad"), (happy, NEUTRAL, 1 - NEUTRAL - happy), k=answered
    )
    skipped = (sales - answered) // 3
    return Answers(
        sales,
        faces.count("sad"),
        faces.count("neutral"),
        faces.count("happy"),
        skipped,
        sales - answered - skipped,
        _reasons(chance, faces, bad=bad),
    )


def _reasons(
    chance: random.Random, faces: Iterable[str], *, bad: bool
) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    names = [name for name, _ in REASONS]
    weights = [weight * (4 if bad and name == "wait" else 1) for name, weight in REASONS]
    for face in faces:
        if face != "happy" and chance.random() < 0.7:
            key = face, chance.choices(names, weights)[0]
            found[key] = found.get(key, 0) + 1
    return found
