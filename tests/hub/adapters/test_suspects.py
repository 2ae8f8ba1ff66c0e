"""Suspects on both databases: noted, decided about with audit, and equal to a recount."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from hub.adapters import tables as t
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.database import reading, writing
from hub.adapters.readings import SqlFigures
from hub.adapters.recount import rebuild, verify
from hub.adapters.retention import SqlRetention
from hub.adapters.suspects import SqlSuspects
from hub.core.deciding import Decision
from hub.core.figures import Days
from hub.core.hours import DAY_MS, Hours
from hub.core.listing import Group
from hub.core.ports import Store
from hub.intake import Intake
from hub.reports import Reports
from shared.moments import Moment
from shared.records import Record
from shared.visits import Face, Visit
from tests.fakes.kiosk import NOON, FakeKiosk, anchor, sale, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, Rows, SeenOnDisk, counts, furnish

NOW = NOON + 3_600_000
STORE = Store(CENTRO, "Centro", "Europe/Madrid")
DAY = Hours(STORE.zone).hour_of(NOON).day
DAYS = Days(DAY, DAY)
COUNT = Decision(DAY, "burst", True, NOW, "ana")
LEAVE = replace(COUNT, counted=False)


def suspect(code: str = "burst", face: Face = Face.SAD) -> Visit:
    return replace(visit(face=face, reason="wait"), suspect=code)


def take(seen: SeenOnDisk, kiosk: FakeKiosk, *records: Record) -> None:
    first = kiosk.last + 1
    kiosk.seal(*records)
    Intake(seen.archive).take([kiosk.message(first)], NOW)


@pytest.fixture
def kiosk() -> FakeKiosk:
    return FakeKiosk(K1)


@pytest.fixture
def seen(engine: Engine, kiosk: FakeKiosk) -> SeenOnDisk:
    """A store with one sale, one answer, and three suspects of two codes."""
    found = SeenOnDisk(engine)
    furnish(found.archive)
    take(found, kiosk, sale(), visit(), suspect(), suspect(), suspect("haste", Face.HAPPY))
    return found


def here(seen: SeenOnDisk) -> Rows:
    return {key: row for key, row in seen.tallies().items() if key[2] == NOON}


def of(**named: int) -> Rows:
    return {(CENTRO, CAJA_1, NOON): counts(**named)}


def test_suspects_count_as_such_and_nowhere_else(seen: SeenOnDisk) -> None:
    assert here(seen) == of(sales=1, happy=1, suspect=3)
    assert seen.reasons() == {}
    assert verify(seen.engine).differences == ()
    found = SqlSuspects(seen.engine).suspects(STORE, DAYS)
    assert [(one.day, one.code, one.answers) for one in found] == [
        (DAY, "burst", 2),
        (DAY, "haste", 1),
    ]


def test_a_decision_lets_them_count_and_another_takes_them_away_again(seen: SeenOnDisk) -> None:
    book = SqlSuspects(seen.engine)
    before = seen.tallies(), seen.days(), seen.reasons()
    assert book.decide(STORE, COUNT) == 2
    assert here(seen) == of(sales=1, happy=1, sad=2, suspect=1)
    assert sum(seen.reasons().values(), ()) == (2,)
    assert verify(seen.engine).differences == ()
    assert [one.counted for one in book.suspects(STORE, DAYS)] == [True, False]
    assert book.decide(STORE, COUNT) == 0
    assert book.decide(STORE, LEAVE) == 2
    assert (seen.tallies(), seen.days(), {k: v for k, v in seen.reasons().items() if any(v)}) == (
        before
    )
    assert verify(seen.engine).differences == ()


def test_every_decision_stands_in_the_audit_log(seen: SeenOnDisk) -> None:
    book = SqlSuspects(seen.engine)
    book.decide(STORE, COUNT)
    book.decide(STORE, LEAVE)
    entries = SqlAccountBook(seen.engine).entries(10)
    assert [(one.note.user, one.note.action, one.note.target) for one in entries] == [
        ("ana", "suspects left out", f"centro {DAY} burst"),
        ("ana", "suspects counted", f"centro {DAY} burst"),
    ]
    assert entries[0].note.detail == "2 answers"


def test_what_comes_after_the_decision_follows_it(seen: SeenOnDisk, kiosk: FakeKiosk) -> None:
    SqlSuspects(seen.engine).decide(STORE, COUNT)
    take(seen, kiosk, suspect(), suspect("haste"))
    assert here(seen) == of(sales=1, happy=1, sad=3, suspect=2)
    assert verify(seen.engine).differences == ()


def test_a_suspect_that_an_anchor_moves_follows_what_was_decided_there(
    seen: SeenOnDisk, kiosk: FakeKiosk
) -> None:
    SqlSuspects(seen.engine).decide(STORE, COUNT)
    lost = replace(visit(Moment(0, 5, False), face=Face.SAD), suspect="burst")
    first = kiosk.last + 1
    kiosk.seal(lost)
    Intake(seen.archive).take([kiosk.message(first)], NOW + 9 * 86_400_000)
    kiosk.seal(anchor(5, NOON))
    Intake(seen.archive).take([kiosk.message(first + 1)], NOW)
    assert here(seen) == of(sales=1, happy=1, sad=3, suspect=1)
    assert verify(seen.engine).differences == ()


def test_a_recount_finds_what_was_noted_wrongly_and_a_rebuild_puts_it_right(
    seen: SeenOnDisk,
) -> None:
    SqlSuspects(seen.engine).decide(STORE, COUNT)
    before, s = here(seen), t.suspects.c
    with writing(seen.engine) as db:
        first = db.execute(select(s.seq).order_by(s.seq)).scalars().first()
        db.execute(delete(t.suspects).where(s.seq == first))
        db.execute(update(t.suspects).where(s.code == "haste").values(code="other"))
        ghost = {"store_id": CENTRO, "ledger": 1, "seq": 2, "code": "ghost"}
        db.execute(insert(t.suspects).values(ghost))
        db.execute(update(t.decisions).values(counted=False))
    tables = {one.table for one in verify(seen.engine).differences}
    assert tables == {"suspects", "tallies", "reason_tallies"}
    with writing(seen.engine) as db:
        db.execute(update(t.decisions).values(counted=True))
    rebuild(seen.engine)
    assert verify(seen.engine).differences == ()
    assert here(seen) == before


def test_sealed_suspects_are_forgotten_and_stay_counted_as_such(seen: SeenOnDisk) -> None:
    SqlRetention(seen.engine).seal(CENTRO, NOW)
    with reading(seen.engine) as db:
        assert db.execute(select(t.suspects)).all() == []
    book = SqlSuspects(seen.engine)
    assert book.suspects(STORE, DAYS) == []
    assert book.decide(STORE, COUNT) == 0
    assert here(seen) == of(sales=1, happy=1, suspect=3)
    assert verify(seen.engine).differences == ()


def test_decisions_and_intake_at_once_leave_tallies_that_equal_a_recount(
    seen: SeenOnDisk, kiosk: FakeKiosk
) -> None:
    def turn_about() -> None:
        for one in (COUNT, LEAVE) * 6:
            SqlSuspects(seen.engine).decide(STORE, one)

    with ThreadPoolExecutor(1) as manager:
        deciding = manager.submit(turn_about)
        for _ in range(15):
            take(seen, kiosk, suspect(), suspect("haste"))
        deciding.result(60)
    assert verify(seen.engine).differences == ()


def test_a_decision_about_a_day_that_was_told_moves_it_by_a_floor_or_not_at_all(
    seen: SeenOnDisk, kiosk: FakeKiosk
) -> None:
    take(seen, kiosk, *[visit()] * 9)
    reports, later = Reports(SqlFigures(seen.engine)), NOW + 3 * DAY_MS
    book = SqlSuspects(seen.engine)

    def told() -> tuple[int, int]:
        reports.tell_late(later)
        (row,) = Reports(SqlFigures(seen.engine)).rows(STORE, later, DAYS, Group.DAY)
        assert row.tally is not None
        return row.tally.answered, row.tally.suspect

    assert told() == (10, 3)
    book.decide(STORE, COUNT)
    assert told() == (10, 3)  # two answers more would be two people's
    take(seen, kiosk, *[suspect()] * 3)
    assert told() == (15, 1)
    book.decide(STORE, LEAVE)
    assert told() == (10, 6)
    assert verify(seen.engine).differences == ()
