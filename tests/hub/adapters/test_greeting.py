from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, update

from hub.adapters import greeting as module
from hub.adapters.archive import SqlArchive
from hub.adapters.database import writing
from hub.adapters.greeting import Greeting
from hub.adapters.tables import hub, ledgers, quarantine
from hub.announcer import Announcer
from hub.core.ports import Store
from shared.deliveries import Receipt, Refusal
from shared.places import KioskId, StoreId
from shared.topics import read_topic
from shared.wire import decode
from tests.fakes.metrics import FakeMetrics
from tests.fakes.programmes import FakeProgrammes

STORE, CHAIN = StoreId("centro"), bytes(16)


class Stage:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.archive = engine, SqlArchive(engine)
        self.archive.add_store(Store(STORE, "Centro", "UTC"), 1)
        self.told: list[tuple[KioskId, Receipt]] = []
        self.announcer = Announcer(self.publish, FakeProgrammes(), FakeMetrics())
        self.greeting = Greeting(engine, self.announcer, lambda: 1_000)
        self._numbers = 0

    def publish(self, topic: str, payload: bytes) -> bool:
        self.told.append((read_topic(topic).kiosk_id, decode(Receipt, payload)))
        return True

    def kiosk(self, name: str) -> None:
        self.archive.enrol_kiosk(KioskId(name), STORE, 1)

    def ledger(self, name: str, held: int, *, at: int, refused: int = 0) -> str:
        self._numbers += 1
        epoch = f"{self._numbers:016x}"
        row = {"store_id": STORE, "kiosk_id": name, "epoch": epoch, "ledger": self._numbers,
               "held": held, "chain": CHAIN, "lost": 0, "refused": refused, "first_at": 1,
               "last_at": at}  # fmt: skip
        with writing(self.engine) as db:
            db.execute(insert(ledgers).values(row))
        return epoch


@pytest.fixture
def stage(engine: Engine) -> Stage:
    return Stage(engine)


@pytest.mark.assertion("SEM-RCP-011")
def test_every_kiosk_is_told_where_its_newest_ledger_stands(stage: Stage, engine: Engine) -> None:
    for name in ("k-1", "k-2", "k-3", "k-4"):
        stage.kiosk(name)
    newest = stage.ledger("k-1", 40, at=9)
    stage.ledger("k-1", 700, at=5)
    stage.ledger("k-2", 7, at=1)
    stage.ledger("k-3", 5, at=1)
    stage.archive.retire_kiosk(KioskId("k-3"), 2)
    with writing(engine) as db:
        db.execute(update(hub).values(generation=77))
    stage.greeting.step()
    assert not stage.told, "nobody said that the broker was reached"
    stage.greeting.begin()
    stage.greeting.step()
    told = dict(stage.told)
    assert {who: receipt.upto for who, receipt in told.items()} == {"k-1": 40, "k-2": 7}
    receipt = told[KioskId("k-1")]
    assert (receipt.epoch, receipt.generation, receipt.at) == (newest, 77, 1_000)
    stage.greeting.step()
    assert len(stage.told) == 2, "once for each connection"


def test_what_was_refused_is_told_too(stage: Stage, engine: Engine) -> None:
    stage.kiosk("k-1")
    epoch = stage.ledger("k-1", 9, at=1, refused=1)
    row = {"fingerprint": "f", "store_id": STORE, "kiosk_id": "k-1", "epoch": epoch, "seq": 4,
           "code": "kind", "detail": "", "payload": b"", "first_at": 1, "last_at": 1,
           "times": 1}  # fmt: skip
    with writing(engine) as db:
        db.execute(insert(quarantine).values(row))
    stage.greeting.begin()
    stage.greeting.step()
    assert stage.told[0][1].refused == (Refusal(4, "kind"),)


def test_a_crowd_is_greeted_a_few_at_a_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for number in range(5):
        stage.kiosk(f"k-{number}")
        stage.ledger(f"k-{number}", number + 1, at=1)
    stage.greeting.begin()
    heard = []
    for _ in range(5):
        stage.greeting.step()
        heard.append(len(stage.told))
    assert heard == [2, 4, 5, 5, 5]
