from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.ailments import SqlAilments
from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading, writing
from hub.adapters.fleet import MOST_EPOCHS, SqlFleet
from hub.adapters.histories import SqlHistories
from hub.adapters.tables import connections, ledgers
from hub.core.ailing import Ailment, Sick
from hub.core.fleet import HeardHealth, KioskKey, LastWord, Memory, Remainder
from hub.core.histories import Kind
from hub.core.ports import Point, Store
from shared.health import Health, PartState
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId

CENTRO, NORTE = StoreId("centro"), StoreId("norte")
HERE = KioskKey(CENTRO, KioskId("k-1"))
THERE = KioskKey(NORTE, KioskId("k-2"))
STATUS = Status("ab" * 8, 3, Presence.ONLINE, "1.0", 900, 11, 20, alarms=("till",), synced=True)


@pytest.fixture
def fleet(engine: Engine) -> SqlFleet:
    archive = SqlArchive(engine)
    for who in (HERE, THERE):
        archive.add_store(Store(who.store_id, who.store_id.title(), "Europe/Madrid"), 1)
        archive.add_point(Point(who.store_id, PointId("caja-1"), "Caja 1"))
        archive.enrol_kiosk(who.kiosk_id, who.store_id, 1)
        archive.assign(who.kiosk_id, PointId("caja-1"), 1)
    return SqlFleet(engine)


def test_what_was_said_is_remembered_and_the_newest_stands(fleet: SqlFleet) -> None:
    later = LastWord(replace(STATUS, connection=4), 2000)
    fleet.remember({HERE: LastWord(STATUS, 1000)})
    fleet.remember({HERE: later})
    assert fleet.memories([HERE, THERE]) == {HERE: Memory(later, {STATUS.epoch: 4})}
    assert fleet.online() == 1


def test_numbers_of_earlier_epochs_are_kept_but_not_without_end(
    fleet: SqlFleet, engine: Engine
) -> None:
    for number in range(MOST_EPOCHS + 10):
        status = replace(STATUS, epoch=f"{number:016x}")
        fleet.remember({HERE: LastWord(status, 1000 + number)})
    with reading(engine) as db:
        epochs = {row.epoch for row in db.execute(select(connections))}
    assert epochs == {f"{number:016x}" for number in range(10, MOST_EPOCHS + 10)}


def test_hundreds_are_asked_for_at_once(fleet: SqlFleet) -> None:
    crowd = [KioskKey(CENTRO, KioskId(f"k-{number}")) for number in range(1000)]
    fleet.remember({HERE: LastWord(STATUS, 1000)})
    assert set(fleet.memories(crowd)) == {HERE}


def test_a_view_says_how_a_kiosk_is_and_what_is_missing(fleet: SqlFleet, engine: Engine) -> None:
    fleet.remember({HERE: LastWord(STATUS, 1000)})
    with writing(engine) as db:
        for number, (held, lost, refused) in enumerate([(100, 5, 1), (50, 0, 0)]):
            db.execute(
                insert(ledgers).values(
                    store_id=CENTRO, kiosk_id="k-1", epoch=f"{number:016x}", ledger=number,
                    held=held, chain=b"x", lost=lost, refused=refused, first_at=1, last_at=1500,
                )
            )  # fmt: skip
    view, silent = fleet.views()
    assert (view.kiosk_id, view.point_id, view.presence) == ("k-1", "caja-1", Presence.ONLINE)
    assert (view.held, view.lost, view.refused, view.received) == (150, 5, 1, 144)
    assert (view.last_seen, view.unsent, view.alarms, view.version) == (1500, 10, ("till",), "1.0")
    assert (silent.presence, silent.last_seen, silent.received) == (None, None, 0)


def test_views_are_of_the_stores_that_were_asked_for(fleet: SqlFleet) -> None:
    assert [view.kiosk_id for view in fleet.views([NORTE])] == ["k-2"]
    assert fleet.views([]) == []


def test_a_retired_kiosk_is_neither_known_nor_shown(fleet: SqlFleet, engine: Engine) -> None:
    fleet.remember({HERE: LastWord(STATUS, 1000)})
    SqlArchive(engine).retire_kiosk(HERE.kiosk_id, 5)
    assert set(fleet.kiosks()) == {THERE}
    assert [view.kiosk_id for view in fleet.views()] == ["k-2"]
    assert fleet.online() == 0


def test_who_left_is_remembered_as_gone(fleet: SqlFleet, engine: Engine) -> None:
    assert fleet.retired() == []
    SqlArchive(engine).retire_kiosk(HERE.kiosk_id, 5)
    assert fleet.retired() == [HERE]


@pytest.mark.parametrize(
    ("settled", "unsent"), [(None, 10), (0, 10), (10, 10), (14, 6), (20, 0), (25, 0)]
)
def test_what_a_kiosk_may_still_hold_is_its_last_word_less_what_the_hub_has_settled(
    fleet: SqlFleet, engine: Engine, settled: int | None, unsent: int
) -> None:
    fleet.remember({HERE: LastWord(STATUS, 1000)})
    if settled is not None:
        with writing(engine) as db:
            for number, (epoch, held) in enumerate([(STATUS.epoch, settled), ("cd" * 8, 99)]):
                db.execute(
                    insert(ledgers).values(
                        store_id=CENTRO, kiosk_id="k-1", epoch=epoch, ledger=number,
                        held=held, chain=b"x", lost=0, refused=0, first_at=1, last_at=1500,
                    )
                )  # fmt: skip
    assert fleet.remainder(HERE.kiosk_id) == Remainder(unsent, Presence.ONLINE, 1000, ("till",))
    assert fleet.remainder(THERE.kiosk_id) is None, "it never spoke"


@pytest.mark.assertion("SEM-STA-003")
def test_what_a_kiosk_keeps_although_it_was_received_is_not_unsent(fleet: SqlFleet) -> None:
    fleet.remember({HERE: LastWord(replace(STATUS, held_from=1, received=15), 1000)})
    assert fleet.views()[0].unsent == 5
    fleet.remember({HERE: LastWord(replace(STATUS, held_from=1), 1001)})
    assert fleet.views()[0].unsent == 20, "an older kiosk keeps only what it owes"


def test_how_a_device_is_stands_beside_its_status_and_what_ails_it(
    fleet: SqlFleet, engine: Engine
) -> None:
    health = Health(900, "1.0", temperature=50, till=PartState.SILENT)
    fleet.keep_health({HERE: HeardHealth(health, 1_000)})
    fleet.keep_health({HERE: HeardHealth(health, 9_000, retained=True)})
    told, waiting = Sick(Ailment.HOT, 5, 6), Sick(Ailment.AWAY, 5)
    ward = SqlAilments(engine)
    ward.keep({HERE: ((), (told, waiting))}, 6)
    (view,) = fleet.views([HERE.store_id])
    assert (view.health, view.health_at, view.ailments) == (health, 1_000, (told,))
    assert sorted(ward.all()[HERE]) == sorted((told, waiting))
    later = replace(health, temperature=60)
    fleet.keep_health({HERE: HeardHealth(later, 9_000, retained=True)})
    ward.keep({HERE: ((told, waiting), ())}, 7)
    (view,) = fleet.views([CENTRO])
    assert (view.health, view.health_at, view.ailments) == (later, 900, ())
    lines = [(one.kind, one.detail) for one in SqlHistories(engine).history(*HERE, 9)]
    assert lines[:2] == [(Kind.MENDED, "hot"), (Kind.ALARM, "hot")]
