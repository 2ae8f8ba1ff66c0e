"""Verify and rebuild: tallies are what the records say, and a lie is found."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import Engine, Table, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.recount import rebuild, verify
from hub.intake import Intake
from shared.moments import Moment
from shared.visits import Face
from tests.fakes.kiosk import NOON, FakeKiosk, anchor, sale, visit
from tests.parts.archives import CENTRO, K1, K9, SeenOnDisk, furnish

NOW = NOON + 3_600_000
HOUR_MS = 3_600_000


@pytest.fixture
def seen(engine: Engine) -> SeenOnDisk:
    """Two stores with a little of everything counted."""
    found = SeenOnDisk(engine)
    furnish(found.archive)
    intake, one, nine = Intake(found.archive), FakeKiosk(K1), FakeKiosk(K9, "puerto")
    for kiosk in (one, nine):
        kiosk.seal(*[visit(Moment(0, n * HOUR_MS, False), reason="wait") for n in range(4)])
        kiosk.seal(b"{}", sale(), visit(face=Face.SAD), visit(face=None))
        intake.take([kiosk.message()], NOW)
        kiosk.seal(anchor(2 * HOUR_MS, NOON))
        intake.take([kiosk.message()], NOW)
    return found


def test_what_intake_counted_is_what_the_records_say(seen: SeenOnDisk) -> None:
    report = verify(seen.engine)
    assert report.differences == ()
    assert report.records == 16


@pytest.mark.parametrize(
    "table", [t.tallies, t.store_tallies, t.reason_tallies], ids=lambda table: str(table.name)
)
def test_a_falsified_tally_is_found_and_put_right(seen: SeenOnDisk, table: Table) -> None:
    column = table.c.answers if table is t.reason_tallies else table.c.happy
    before = seen.tallies(), seen.days(), seen.reasons()
    with writing(seen.engine) as db:
        one = db.execute(select(table).where(column > 0).limit(1)).mappings().one()
        here = [key == one[key.name] for key in table.primary_key.columns]
        db.execute(update(table).where(*here).values({column: column + 1}))
    differences = verify(seen.engine).differences
    assert table.name in {difference.table for difference in differences}
    assert str(one["store_id"]) in str(differences[0])
    rebuild(seen.engine)
    assert (seen.tallies(), seen.days(), seen.reasons()) == before
    assert verify(seen.engine).differences == ()


def test_an_invented_tally_is_found_and_removed(seen: SeenOnDisk) -> None:
    before = seen.tallies()
    with writing(seen.engine) as db:
        row = {"store_id": CENTRO, "point_id": "ghost", "hour": NOON, "happy": 3}
        db.execute(insert(t.tallies).values(row))
    tables = [difference.table for difference in verify(seen.engine).differences]
    assert tables == ["tallies", "store_tallies"]
    rebuild(seen.engine)
    assert seen.tallies() == before


def test_a_record_noted_under_a_wrong_hour_is_found_and_put_right(seen: SeenOnDisk) -> None:
    r = t.records.c
    with writing(seen.engine) as db:
        db.execute(update(t.records).where(r.hour == NOON, r.store_id == CENTRO).values(hour=5))
    assert {one.table for one in verify(seen.engine).differences} == {"records"}
    rebuild(seen.engine)
    assert verify(seen.engine).differences == ()


def test_a_forgotten_record_is_found(seen: SeenOnDisk) -> None:
    with writing(seen.engine) as db:
        db.execute(t.records.delete().where(t.records.c.seq == 1, t.records.c.store_id == CENTRO))
    found = {(one.table, one.store_id) for one in verify(seen.engine).differences}
    assert found == {("tallies", CENTRO), ("reason_tallies", CENTRO)}


def test_sealed_hours_stand_without_their_records(seen: SeenOnDisk) -> None:
    before = seen.tallies(), seen.days(), seen.reasons()
    with writing(seen.engine) as db:
        db.execute(insert(t.seals).values(store_id=CENTRO, before=NOON))
        old = (t.records.c.hour < NOON) & (t.records.c.store_id == CENTRO)
        assert db.execute(t.records.delete().where(old)).rowcount == 2
    assert verify(seen.engine).differences == ()
    rebuild(seen.engine)
    assert (seen.tallies(), seen.days(), seen.reasons()) == before


def test_progress_rises_to_the_end(seen: SeenOnDisk) -> None:
    for work in (verify, rebuild):
        told: list[float] = []
        work(seen.engine, told.append)
        assert told == sorted(told)
        assert told[-1] == 1.0


def test_an_empty_hub_is_in_order(engine: Engine) -> None:
    assert verify(engine).records == 0
    assert rebuild(engine) == 0


def test_a_rebuild_keeps_intake_out_until_it_ends(seen: SeenOnDisk) -> None:
    """What comes meanwhile is not lost: intake says that it took nothing, or it waits."""
    kiosk = FakeKiosk(K1)
    kiosk.bodies, kiosk.chain = _history(seen)
    kiosk.seal(visit())
    stands: list[int] = []
    let_in: list[bool] = []

    def meanwhile(done: float) -> None:
        let_in.append(_may_write(seen.engine))
        with reading(seen.engine) as db:
            stands.append(sum(row[0] for row in db.execute(select(t.tallies.c.happy))))

    rebuild(seen.engine, meanwhile)
    assert len(set(stands)) == 1  # nobody sees half of it
    assert (set(let_in[:-1]), let_in[-1]) == ({False}, True)
    Intake(seen.archive).take([kiosk.message(10)], NOW)
    assert verify(seen.engine).differences == ()


def _may_write(engine: Engine) -> bool:
    claim = {
        "sqlite": ("PRAGMA busy_timeout = 0", "BEGIN IMMEDIATE"),
        "postgresql": ("SET lock_timeout = 1", "LOCK TABLE records IN ROW EXCLUSIVE MODE"),
    }
    raw = engine.raw_connection()
    try:
        for statement in claim[engine.dialect.name]:
            raw.cursor().execute(statement)
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        return False
    else:
        return True
    finally:
        raw.invalidate()


def _history(seen: SeenOnDisk) -> tuple[list[bytes], list[bytes]]:
    kiosk = FakeKiosk(K1)
    kiosk.seal(*[visit(Moment(0, n * HOUR_MS, False), reason="wait") for n in range(4)])
    kiosk.seal(b"{}", sale(), visit(face=Face.SAD), visit(face=None), anchor(2 * HOUR_MS, NOON))
    assert seen.ledgers()[CENTRO, K1, kiosk.epoch][1] == kiosk.chain[-1]
    return kiosk.bodies, kiosk.chain
