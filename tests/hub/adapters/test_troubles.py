from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine, insert

from hub.adapters.archive import SqlArchive
from hub.adapters.contents import read_contents
from hub.adapters.database import reading, writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.inspections import SqlInspections
from hub.adapters.restores import note_restore
from hub.adapters.tables import ledgers, quarantine, wait_alerts
from hub.adapters.troubles import SqlTroubles, TroubleGauges
from hub.core.fleet import KioskKey, LastWord
from hub.core.hours import HOUR_MS
from hub.core.measures import (
    ALARMED,
    CLOCKLESS,
    MISSING,
    RESTORE_AWAITED,
    RESTORED,
    RIGHTS_BROKEN,
    RIGHTS_TRIED,
)
from hub.core.ports import Store
from hub.core.restoring import Restored
from hub.core.troubles import Attention, Kind
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId
from tests.fakes.metrics import FakeMetrics

CENTRO, NORTE = StoreId("centro"), StoreId("norte")
EPOCH = "ab" * 8


@pytest.fixture
def troubles(engine: Engine) -> SqlTroubles:
    """Two stores with a kiosk each, both with an alarm; something of each and of a stranger."""
    archive = SqlArchive(engine)
    for number, store in enumerate((CENTRO, NORTE), 1):
        archive.add_store(Store(store, store, "UTC"), 1)
        kiosk = KioskId(f"k-{number}")
        archive.enrol_kiosk(kiosk, store, 1)
        status = Status(EPOCH, 1, Presence.ONLINE, "1", 5, again=60, alarms=("storage", "till"))
        SqlFleet(engine).remember({KioskKey(store, kiosk): LastWord(status, 5)})
        row = {"store_id": store, "kiosk_id": kiosk, "epoch": EPOCH, "ledger": number, "held": 50,
               "chain": bytes(16), "lost": number, "first_at": 1, "last_at": 1}  # fmt: skip
        with writing(engine) as db:
            db.execute(insert(ledgers).values(row))
            for name in ("a", "b"):
                _quarantine(db, f"{store}{name}", store, kiosk, "kind")
    with writing(engine) as db:
        _quarantine(db, "stranger", None, None, "unknown_kiosk")
    return SqlTroubles(engine)


def _quarantine(db: object, fingerprint: str, store: object, kiosk: object, code: str) -> None:
    row = {"fingerprint": fingerprint, "store_id": store, "kiosk_id": kiosk, "code": code,
           "detail": "", "payload": b"", "first_at": 1, "last_at": 9, "times": 1}  # fmt: skip
    db.execute(insert(quarantine).values(row))  # type: ignore[attr-defined]


def test_alerts_that_a_receiver_does_not_take_need_somebody(
    engine: Engine, troubles: SqlTroubles
) -> None:
    now = time.time_ns() // 1_000_000
    alert = {"line_id": "line-1", "kind": "line_long", "registers": 1}
    rows = [
        {**alert, "store_id": CENTRO, "since": now - 90_000, "attempts": 4},
        {**alert, "store_id": CENTRO, "since": now - 50 * HOUR_MS, "until": now, "attempts": 9},
        {**alert, "store_id": CENTRO, "since": now - 30 * HOUR_MS, "attempts": 15},  # long ago
        {**alert, "store_id": NORTE, "since": now, "attempts": 3},  # it may be a restart
    ]
    with writing(engine) as db:
        for row in rows:
            db.execute(insert(wait_alerts).values(row))
    [found] = [one for one in troubles.look().troubles if one.kind is Kind.WEBHOOK]
    assert (found.store_id, found.count, found.last_at) == (CENTRO, 2, now)
    assert found.hint.startswith("Check the receiver's address")
    assert not [one for one in troubles.look([NORTE]).troubles if one.kind is Kind.WEBHOOK]


def test_everything_of_all_stores_is_seen_and_what_strangers_sent(troubles: SqlTroubles) -> None:
    found = troubles.look()
    seen = [(one.store_id, one.code, one.count) for one in found.troubles
            if one.kind is Kind.QUARANTINE]  # fmt: skip
    assert seen == [(None, "unknown_kiosk", 1), ("centro", "kind", 2), ("norte", "kind", 2)]
    assert (found.count(Kind.ALARM), found.count(Kind.MISSING)) == (4, 3)
    assert found.story is None


def test_of_one_store_nothing_of_another_is_seen(troubles: SqlTroubles, engine: Engine) -> None:
    _restore(engine)
    found = troubles.look([NORTE])
    assert {one.store_id for one in found.troubles} == {NORTE}
    assert found.story is not None
    assert (found.story.awaited, found.story.unheard) == (10, 1)
    nobody = troubles.look([])
    assert nobody.troubles == ()


def _restore(engine: Engine) -> None:
    with reading(engine) as db:
        contents = read_contents(db)
    with writing(engine) as db:
        note_restore(db, Restored(contents, None), 4, at=700_000)


def test_the_gauges_follow_now_and_then(
    troubles: SqlTroubles, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMetrics()
    gauges = TroubleGauges(troubles, meter)
    gauges.step()
    assert (meter.gauges[ALARMED], meter.gauges[CLOCKLESS], meter.gauges[MISSING]) == (2, 2, 3)
    assert RESTORED not in meter.gauges
    _restore(engine)
    gauges.step()
    assert RESTORED not in meter.gauges, "it is not time yet"
    monkeypatch.setattr("hub.adapters.troubles.time.monotonic", lambda: float("inf"))
    gauges.step()
    assert (meter.gauges[RESTORED], meter.gauges[RESTORE_AWAITED]) == (700, 20)


def test_a_broker_that_is_open_is_a_trouble_of_every_store(
    troubles: SqlTroubles, engine: Engine
) -> None:
    book, now = SqlInspections(engine), time.time_ns() // 1_000_000
    book.begin(now - 2)
    assert broker(troubles.look([NORTE])) == [], "it has just begun"
    book.note(3, now - 1)
    assert broker(troubles.look([NORTE])) == [("open", 3, now - 1)]
    book.begin(now)
    assert broker(troubles.look()) == [("open", 3, now - 1)], "a start makes nothing well"
    book.note(0, now)
    assert broker(troubles.look()) == []


def test_a_broker_that_was_not_tried_for_long_says_since_when(
    troubles: SqlTroubles, engine: Engine
) -> None:
    book, now = SqlInspections(engine), time.time_ns() // 1_000_000
    book.begin(now - 9 * HOUR_MS)
    assert broker(troubles.look()) == [("untried", 1, None)]
    book.note(0, now - 2 * HOUR_MS)
    assert broker(troubles.look()) == [("untried", 1, now - 2 * HOUR_MS)]


def broker(found: Attention) -> list[tuple[str, int, int | None]]:
    return [(one.code, one.count, one.last_at) for one in found.troubles if one.kind == "broker"]


def test_the_gauges_tell_of_the_broker(
    troubles: SqlTroubles, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter, book, now = FakeMetrics(), SqlInspections(engine), time.time_ns() // 1_000_000
    gauges = TroubleGauges(troubles, meter)
    monkeypatch.setattr("hub.adapters.troubles.EVERY_S", 0)
    gauges.step()
    assert (meter.gauges[RIGHTS_BROKEN], meter.gauges[RIGHTS_TRIED]) == (0, 0)
    book.note(3, now)
    gauges.step()
    assert (meter.gauges[RIGHTS_BROKEN], meter.gauges[RIGHTS_TRIED]) == (3, now / 1_000)
    book.note(0, now + 1)
    gauges.step()
    assert (meter.gauges[RIGHTS_BROKEN], meter.gauges[RIGHTS_TRIED]) == (0, (now + 1) / 1_000)
