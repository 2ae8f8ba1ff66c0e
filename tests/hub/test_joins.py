"""The join on both databases: hand-computed, the same twice, and told a week at a time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.paces import SqlPaces
from hub.adapters.suspects import SqlSuspects
from hub.adapters.wait_scores import SqlWaitScores
from hub.core.accounts import Note
from hub.core.deciding import Decision
from hub.core.hours import DAY_MS, HOUR_MS, Hours, monday_of
from hub.core.ports import Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.scoring import WITHOUT
from hub.intake import Intake
from hub.joins import Joins
from shared.records import Record
from shared.visits import Face, Visit
from tests.fakes.kiosk import NOON, FakeKiosk, moment, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, K2, Rows, SeenOnDisk, furnish
from tests.parts.databases import migrated_sqlite

MINUTE = 60_000
SERVICE = 90_000
LINE = LineId("line-1")
STORE = Store(CENTRO, "Centro", "Europe/Madrid")
ZONE = Hours(STORE.zone)
LAYOUT = Layout(1, (Line(LINE, (CAJA_1,)),), usual_ms=SERVICE)
LATER = NOON + 3 * HOUR_MS


def paid(
    at: int, face: Face = Face.HAPPY, point: str = "caja-1", suspect: str | None = None
) -> Visit:
    """An answer of somebody who had paid at this instant."""
    one = visit(moment(at), point=point, face=face, suspect=suspect)
    return replace(one, sale="a" * 32, sale_at=moment(at))


def tell(engine: Engine, *notices: tuple[int, float | None]) -> None:
    """What the line told: from each instant on so many minutes."""
    rows = [
        {"store_id": CENTRO, "line_id": LINE, "at": at, "method": "length", "because": "",
         "minutes": None if wait is None else round(wait), "waiting": 1.0, "open": 1.0,
         "mean": None if wait is None else wait * MINUTE, "quickest": False}
        for at, wait in notices
    ]  # fmt: skip
    with writing(engine) as db:
        db.execute(insert(t.notices), rows)


class House:
    """A store with a line, its kiosks, and the job that joins."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.seen = SeenOnDisk(engine)
        furnish(self.seen.archive)
        SqlLayouts(engine).lay_out(CENTRO, LAYOUT, 1, Note(1, "ana", "lines", CENTRO))
        self.kiosks = {K1: FakeKiosk(K1), K2: FakeKiosk(K2, epoch="b" * 16)}
        self.book = SqlWaitScores(engine)

    def take(self, *records: Record, kiosk: FakeKiosk | None = None, at: int = LATER) -> None:
        sender = kiosk or self.kiosks[K1]
        for each in (records[i : i + 90] for i in range(0, len(records), 90)):
            first = sender.last + 1
            sender.seal(*each)
            Intake(self.seen.archive).take([sender.message(first)], at)

    def joins(self) -> Joins:
        places = self.seen.archive
        return Joins(self.book, SqlPaces(self.engine), SqlLayouts(self.engine), places.stores, 5)

    def scores(self) -> Rows:
        with reading(self.engine) as db:
            s = t.wait_scores.c
            query = select(s.store_id, s.hour, s.minutes, s.sad, s.neutral, s.happy)
            return {tuple(row[1:3]): tuple(row[3:]) for row in db.execute(query)}


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


@pytest.fixture
def months(tmp_path: Path) -> Iterator[House]:
    """A house for many weeks: on SQLite alone, what is new in them is no question of SQL."""
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        yield House(engine)


def rush(house: House) -> None:
    """By hand: 2 minutes told at 0:00, 5 at 10:00, withdrawn at 20:00; a service takes 90 s."""
    tell(house.engine, *((NOON + minute * MINUTE, 2.0) for minute in range(10)))
    tell(house.engine, *((NOON + minute * MINUTE, 5.0) for minute in range(10, 20)))
    tell(house.engine, (NOON + 20 * MINUTE, None))
    house.take(
        paid(NOON + 6 * MINUTE, Face.SAD),  # turn at 4:30, joined by 2:30, when 2 stood
        paid(NOON + 19 * MINUTE, Face.HAPPY),  # turn at 17:30, joined by 12:30: 5
        paid(NOON + 15 * MINUTE, Face.NEUTRAL),  # turn at 13:30: 5 from 10:00 would end at 15: 2
        paid(NOON + 25 * MINUTE, Face.HAPPY),  # turn at 23:30, and at 20:00 it was withdrawn
        paid(NOON + 2 * MINUTE, Face.HAPPY),  # turn at 0:30: nothing stood two minutes before
        paid(NOON + 19 * MINUTE, Face.SAD, suspect="burst"),
        visit(moment(NOON + 19 * MINUTE), face=Face.HAPPY),  # no sale
        paid(NOON + HOUR_MS + MINUTE),  # the next hour: 21:00 to 0:00 silent
    )
    house.take(paid(NOON + 19 * MINUTE, Face.SAD, "caja-2"), kiosk=house.kiosks[K2])  # no line


JOINED = {
    (NOON, WITHOUT): (1, 0, 3),
    (NOON, 2): (1, 1, 0),
    (NOON, 5): (0, 0, 1),
    (NOON + HOUR_MS, WITHOUT): (0, 0, 1),
}


def test_by_hand_each_answer_stands_beside_the_wait_in_force(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    assert house.scores() == JOINED


def test_an_hour_that_is_not_over_for_an_hour_waits(house: House) -> None:
    rush(house)
    house.joins().look(NOON + HOUR_MS + 59 * MINUTE)
    assert house.scores() == {}
    house.joins().look(NOON + 2 * HOUR_MS + MINUTE)
    assert house.scores() == {key: row for key, row in JOINED.items() if key[0] == NOON}
    house.joins().look(LATER)
    assert house.scores() == JOINED


def test_twice_and_again_by_command_it_is_the_same(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    house.joins().look(LATER)
    assert house.joins().again(ZONE.hour_of(NOON).day, LATER) == (8, 3)
    assert house.scores() == JOINED


def test_what_was_spoilt_or_lost_is_joined_anew_by_the_command(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    with writing(house.engine) as db:
        db.execute(update(t.wait_scores).values(happy=99))
        db.execute(delete(t.wait_scores).where(t.wait_scores.c.minutes == 5))
    house.joins().again(ZONE.hour_of(NOON).day, LATER)
    assert house.scores() == JOINED


def test_late_records_in_any_order_come_to_what_they_would_have_on_time(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    late = [paid(NOON + (3 + i) * MINUTE, Face.SAD) for i in range(12)]
    house.take(*late, at=LATER + DAY_MS)
    job = house.joins()
    job.look(LATER + DAY_MS)
    joined = house.scores()
    assert sum(map(sum, joined.values())) == 9 - 1 + 12
    job.look(LATER + DAY_MS + HOUR_MS)  # nothing came: nothing moves
    house.joins().again(ZONE.hour_of(NOON).day, LATER + DAY_MS)
    assert house.scores() == joined


def test_what_was_decided_of_suspects_is_followed(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    day = ZONE.hour_of(NOON).day
    SqlSuspects(house.engine).decide(STORE, Decision(day, "burst", True, LATER, "ana"))
    house.joins().again(day, LATER)
    assert house.scores()[NOON, 5] == (1, 0, 1)


def test_a_day_keeps_its_pace_whatever_is_learned_later(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    changed = replace(LAYOUT, usual_ms=600_000)
    SqlLayouts(house.engine).lay_out(CENTRO, changed, 2, Note(2, "ana", "lines", CENTRO))
    house.joins().again(ZONE.hour_of(NOON).day, LATER)
    assert house.scores() == JOINED


def test_sealed_hours_stand_though_their_records_are_gone(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    with writing(house.engine) as db:
        db.execute(insert(t.seals).values(store_id=CENTRO, before=NOON + HOUR_MS))
        db.execute(delete(t.records).where(t.records.c.hour < NOON + HOUR_MS))
    house.joins().again(ZONE.hour_of(NOON).day, LATER)
    assert house.scores() == JOINED


def test_hours_whose_notices_are_forgotten_stand_whatever_comes(house: House) -> None:
    rush(house)
    house.joins().look(LATER)
    with writing(house.engine) as db:
        db.execute(delete(t.notices).where(t.notices.c.at < NOON + 15 * MINUTE))
    later = LATER + 35 * DAY_MS
    house.take(*[paid(NOON + 19 * MINUTE)] * 3, at=later)
    house.joins().look(later)
    assert house.joins().again(ZONE.hour_of(NOON).day, later) == (0, 0)
    assert house.scores() == JOINED
    told = {week.monday for week in house.book.weeks(CENTRO, 0)}
    assert monday_of(ZONE.hour_of(NOON).day) not in told


def test_a_store_that_tells_no_waits_is_left_alone(house: House) -> None:
    house.take(paid(NOON))
    house.joins().look(LATER)
    assert house.scores() == {}
    assert house.book.weeks(CENTRO, 0) == []


def four_weeks(cost: float, seed: int) -> Iterable[tuple[list[tuple[int, float]], list[Visit]]]:
    """Four weeks of a store, day by day: each further minute costs so many points."""
    dice = random.Random(seed)
    monday = ZONE.day_bounds(monday_of(ZONE.hour_of(NOON).day))[0]
    for day in range(28):
        begins = monday + day * DAY_MS + 12 * HOUR_MS
        told, visits = list[tuple[int, float]](), list[Visit]()
        for hour in range(4):
            wait, own = dice.uniform(0.5, 11.0), dice.gauss(0, 4)
            told += [(begins + hour * HOUR_MS + m * MINUTE, wait) for m in range(0, 60, 2)]
            for _ in range(8):
                at = begins + hour * HOUR_MS + dice.randrange(20 * MINUTE, 58 * MINUTE)
                sad = min(0.95, max(0.0, (12 + own + cost * wait) / 100))
                face = dice.choices(list(Face), [sad, 0.05, 0.95 - sad])[0]
                visits.append(paid(at, face))
            visits.append(visit(moment(begins + hour * HOUR_MS)))  # of no sale
        yield told, visits


def grown(house: House, cost: float, seed: int) -> None:
    for told, visits in four_weeks(cost, seed):
        tell(house.engine, *told)
        house.take(*visits, at=told[-1][0] + HOUR_MS)
    monday = ZONE.day_bounds(monday_of(ZONE.hour_of(NOON).day))[0]
    house.joins().look(monday + 30 * DAY_MS + 2 * HOUR_MS)


def test_a_planted_slope_is_found_and_none_is_not(months: House) -> None:
    assert list(Face) == [Face.SAD, Face.NEUTRAL, Face.HAPPY]
    grown(months, 2.0, 7)
    assert sum(map(sum, months.scores().values())) == 28 * 4 * 9  # nobody is lost or counted twice
    weeks = months.book.weeks(CENTRO, 0)
    assert len(weeks) == 4
    found = weeks[0].slope
    assert found is not None
    assert found.answers == sum(
        band.answered for week in weeks for band in week.bands if band is not None
    )
    assert found.low <= -2.0 <= found.high < 0
    assert weeks[-1].hours < 30
    assert weeks[-1].slope is None  # one week has too few hours
    a_told_week_stands_whatever_comes_after(months)


def test_without_an_association_the_interval_holds_nought(months: House) -> None:
    grown(months, 0.0, 8)
    found = months.book.weeks(CENTRO, 0)[0].slope
    assert found is not None
    assert found.low < 0 < found.high


def a_told_week_stands_whatever_comes_after(months: House) -> None:
    before = months.book.weeks(CENTRO, 0)
    now = NOON + 40 * DAY_MS
    months.take(*[paid(NOON + i * MINUTE, Face.SAD) for i in range(30)], at=now)
    months.joins().look(now)
    kept = {week.monday: week for week in months.book.weeks(CENTRO, 0)}
    assert all(kept[week.monday] == week for week in before)
    assert months.book.tell(CENTRO, replace(before[0], answers=1)) is False


def test_a_week_that_was_told_before_a_restore_and_is_not_known_is_not_told_again(
    months: House,
) -> None:
    with writing(months.engine) as db:
        db.execute(insert(t.restores).values(generation=2, at=NOON + 29 * DAY_MS))
    grown(months, 2.0, 7)
    assert months.book.weeks(CENTRO, 0) == []
    assert months.scores() != {}
