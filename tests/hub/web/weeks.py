"""Weeks of the index by wait, and a rush of yesterday: what the panels of the page Queue show."""

from __future__ import annotations

import random

from sqlalchemy import Engine, insert

from hub.adapters.database import writing
from hub.adapters.tables import openings, waits
from hub.adapters.wait_scores import SqlWaitScores
from hub.core.hours import HOUR_MS, day_after, monday_of
from hub.core.satisfaction import Tally
from hub.core.waiting import whatif
from hub.core.waiting.bands import Week, told_week
from hub.core.waiting.scoring import WITHOUT, by_hour
from shared.places import PointId, StoreId
from tests.hub.web.waits import LINE, REGISTERS

Joined = dict[tuple[PointId, int, int], Tally]
Scores = dict[tuple[int, int], Tally]


def seed_weeks(engine: Engine, store: StoreId, day: int, cost: float, weeks: int = 8) -> None:
    """So many told weeks before the one of this day; each further minute costs so many points."""
    dice, told = random.Random(5), list[tuple[Week, Scores]]()
    for back in range(weeks, 0, -1):
        monday = day_after(monday_of(day), -7 * back)
        joined = _joined(dice, cost, back)
        told.insert(0, (told_week(monday, joined, told[:7], 5), by_hour(joined)))
        SqlWaitScores(engine).tell(store, told[0][0])


def _joined(dice: random.Random, cost: float, week: int) -> Joined:
    point, joined = REGISTERS[0], Joined()
    for hour in range(40):
        at, middle = (week * 168 + hour) * HOUR_MS, dice.choice((0, 1, 2, 3, 5, 7, 9))
        joined[point, at, WITHOUT] = Tally(happy=2)
        for _ in range(9):
            minutes = max(0, round(dice.gauss(middle, 1.2)))
            sad = min(0.9, 0.12 + cost * minutes / 100)
            face = dice.choices(("sad", "neutral", "happy"), (sad, 0.15, 0.85 - sad))[0]
            key = point, at, minutes
            joined[key] = joined.get(key, Tally()) + Tally(**{face: 1})
    return joined


def seed_rush(engine: Engine, store: StoreId, begins: int) -> None:
    """Three hours in which three registers are short of one."""
    joined = tuple(range(begins, begins + 3 * HOUR_MS, 29_000))
    plan = (whatif.Change(0, 3),)
    drawn = whatif.waits(whatif.Day(joined, plan, 90_000, 0.5), plan, 99)
    rows = [
        {"store_id": store, "line_id": LINE, "at": at + waited, "waited": waited, "told": None}
        for at, waited in drawn
    ]
    with writing(engine) as db:
        db.execute(insert(waits), rows)
        for point in REGISTERS[:3]:
            row = {"store_id": store, "point_id": point, "at": begins - 5 * HOUR_MS, "open": True}
            db.execute(insert(openings).values(row))
