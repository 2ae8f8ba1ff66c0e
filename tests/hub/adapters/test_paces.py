"""What services of a store took: as known on the day, and the same ever after."""

from __future__ import annotations

from sqlalchemy import Engine, delete, insert

from hub.adapters.database import writing
from hub.adapters.paces import SqlPaces
from hub.adapters.tables import wait_lessons
from hub.core.waiting.joins import Pace
from hub.core.waiting.lessons import Lessons, to_body
from hub.core.waiting.services import STORE, USUAL_SQUARE, Services, Sum
from tests.parts.archives import CENTRO, PUERTO, SeenOnDisk, furnish

LEARNED = Services({STORE: Sum(1_000, 60_000_000, 5.4e12)})
"""A thousand services of a minute each."""


def learn(engine: Engine, body: str) -> None:
    with writing(engine) as db:
        db.execute(delete(wait_lessons))
        db.execute(insert(wait_lessons).values(store_id=CENTRO, body=body, kept_at=1))


def test_a_day_has_the_pace_that_was_known_first(engine: Engine) -> None:
    furnish(SeenOnDisk(engine).archive)
    paces = SqlPaces(engine)
    assert paces.pace(CENTRO, 20261101, 90_000) == Pace(90_000.0, USUAL_SQUARE)
    learn(engine, to_body(Lessons(LEARNED)))
    assert paces.pace(CENTRO, 20261101, 10_000) == Pace(90_000.0, USUAL_SQUARE)
    learned = paces.pace(CENTRO, 20261102, 90_000)
    assert 60_000 < learned.mean < 61_000  # drawn by ten services towards what is usual
    assert 0.45 < learned.square < 0.55
    assert paces.pace(PUERTO, 20261102, 40_000).mean == 40_000


def test_lessons_that_cannot_be_read_are_none(engine: Engine) -> None:
    furnish(SeenOnDisk(engine).archive)
    learn(engine, "{")
    assert SqlPaces(engine).pace(CENTRO, 20261101, 70_000) == Pace(70_000.0, USUAL_SQUARE)
