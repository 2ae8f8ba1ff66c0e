from __future__ import annotations

import pytest
from sqlalchemy import Engine

from hub.adapters import attendant as module
from hub.adapters.attendant import Attendant
from hub.adapters.greeting import Greeting
from hub.adapters.troubles import SqlTroubles, TroubleGauges
from hub.announcer import Announcer
from hub.core.fleet import KioskKey
from hub.fleet import Fleet, Word
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId
from shared.programme import default_programme
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.fakes.fleet import FakeFleet
from tests.fakes.metrics import FakeMetrics
from tests.fakes.programmes import FakeProgrammes

HERE = KioskKey(StoreId("centro"), KioskId("k-1"))


def test_it_takes_statuses_in_and_sends_settings_out(
    monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.0)
    archive, metrics, programmes = FakeFleet(HERE), FakeMetrics(), FakeProgrammes()
    programmes.kept[HERE.store_id] = default_programme(1)
    programmes.kiosks[HERE.store_id] = [HERE.kiosk_id]
    sent: list[str] = []
    looks: list[int] = []

    def publish(topic: str, _payload: bytes) -> bool:
        sent.append(topic)
        return True

    announcer = Announcer(publish, programmes, metrics)
    fleet = Fleet(archive, metrics, announcer.clear)
    attendant = Attendant(fleet, announcer, Greeting(engine, announcer, lambda: 1),
                          TroubleGauges(SqlTroubles(engine), metrics),
                          lambda: looks.append(1))  # fmt: skip
    status = Status("ab" * 8, 1, Presence.ONLINE, "1", 5)
    fleet.hear(Word(str(Topic(*HERE, Channel.STATUS)), encode(status), False, 9))
    attendant.step()
    assert sent == [str(Topic(*HERE, Channel.SETTINGS))]
    assert archive.words[HERE].status == status
    programmes.kept[HERE.store_id] = default_programme(2)
    attendant.step()
    assert (len(sent), len(looks)) == (1, 1), "it looks around every few seconds, no oftener"
