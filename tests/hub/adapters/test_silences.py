"""Silences on both databases: counted with the records, told once, ended by the next touch."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.silences import SqlSilences
from hub.core.hours import HOUR_MS
from hub.core.silence import Candidate, Hour
from hub.intake import Intake
from hub.silences import Silences
from shared.records import Record
from shared.visits import Outcome
from tests.fakes.kiosk import NOON, FakeKiosk, sale, visit
from tests.parts.archives import CAJA_1, CAJA_2, CENTRO, K1, SeenOnDisk, furnish

NOW = NOON + 60_000


@pytest.fixture
def seen(engine: Engine) -> SeenOnDisk:
    found = SeenOnDisk(engine)
    furnish(found.archive)
    found.archive.assign(K1, CAJA_1, since=1)
    return found


@pytest.fixture
def kiosk() -> FakeKiosk:
    return FakeKiosk(K1)


def take(seen: SeenOnDisk, kiosk: FakeKiosk, *records: Record) -> None:
    first = kiosk.last + 1
    kiosk.seal(*records)
    Intake(seen.archive).take([kiosk.message(first)], NOW)


def unanswered(sales: int) -> list[Record]:
    return [*[sale()] * sales, *[visit(face=None, outcome=Outcome.TIMED_OUT)] * sales]


def test_sales_add_up_until_somebody_touches_the_kiosk(seen: SeenOnDisk, kiosk: FakeKiosk) -> None:
    book = SqlSilences(seen.engine)
    for _ in range(3):
        take(seen, kiosk, *unanswered(5))
    assert book.candidates(15) == [Candidate(CENTRO, CAJA_1, 15)]
    assert book.candidates(16) == []
    take(seen, kiosk, sale(), visit(face=None, outcome=Outcome.SKIPPED))
    assert book.candidates(1) == []
    take(seen, kiosk, *unanswered(2))
    assert book.candidates(1) == [Candidate(CENTRO, CAJA_1, 2)]


def test_what_is_told_is_seen_with_its_kiosk_and_ends_with_the_next_touch(
    seen: SeenOnDisk, kiosk: FakeKiosk
) -> None:
    book, fleet = SqlSilences(seen.engine), SqlFleet(seen.engine)
    take(seen, kiosk, visit())
    take(seen, kiosk, *unanswered(20))
    book.tell(Candidate(CENTRO, CAJA_1, 20), 12.5, NOW + 1)
    assert book.candidates(1) == []
    take(seen, kiosk, *unanswered(3))
    (silence,) = [view.silence for view in fleet.views([CENTRO]) if view.kiosk_id == K1]
    assert silence is not None
    assert (silence.sales, silence.expected, silence.since, silence.told_at) == (
        23,
        12.5,
        NOW,
        NOW + 1,
    )
    assert all(view.silence is None for view in fleet.views() if view.kiosk_id != K1)
    take(seen, kiosk, visit())
    assert all(view.silence is None for view in fleet.views())


def test_a_touch_that_came_meanwhile_is_not_told_over(seen: SeenOnDisk, kiosk: FakeKiosk) -> None:
    book = SqlSilences(seen.engine)
    take(seen, kiosk, *unanswered(20))
    (found,) = book.candidates(15)
    take(seen, kiosk, visit())
    book.tell(found, 12.5, NOW)
    with reading(seen.engine) as db:
        assert db.execute(select(t.silences.c.told_at)).scalars().all() == [None]


def test_the_hours_of_each_point_have_their_sales_and_touches(seen: SeenOnDisk) -> None:
    row = {"store_id": CENTRO, "point_id": CAJA_1, "sales": 9, "happy": 2, "sad": 1}
    with writing(seen.engine) as db:
        for hour in (NOON, NOON + 3_600_000):
            more = {"hour": hour, "skipped": 1, "suspect": 1, "blocked": 1, "timed_out": 4}
            db.execute(insert(t.tallies).values(row | more))
    found = SqlSilences(seen.engine).hours(CENTRO, NOON + 1)
    assert found == {CAJA_1: [Hour(NOON + 3_600_000, 9, 6)]}


def test_a_dead_panel_is_found_by_the_look_of_a_job_and_a_living_one_is_not(
    seen: SeenOnDisk, kiosk: FakeKiosk
) -> None:
    usual = [
        {"store_id": CENTRO, "point_id": point, "hour": NOON - hours * HOUR_MS, "sales": 40}
        | {"happy": 7, "sad": 3, "timed_out": 30}
        for point in (CAJA_1, CAJA_2)
        for hours in range(1, 300)
    ]
    with writing(seen.engine) as db:
        db.execute(insert(t.tallies), usual)
    look, silent = Silences(SqlSilences(seen.engine)).look, []
    for _ in range(12):
        take(seen, kiosk, *unanswered(10))
        look(NOW)
        silent.append([view.silence for view in SqlFleet(seen.engine).views() if view.silence])
    found = [len(one) for one in silent].index(1)
    assert silent[found][0].expected <= 30  # of a quarter of 10 sales each
    assert found >= 5  # and not after the first twenty minutes of bad luck
    assert len(silent[-1]) == 1
    take(seen, kiosk, visit())
    look(NOW)
    assert all(view.silence is None for view in SqlFleet(seen.engine).views())
