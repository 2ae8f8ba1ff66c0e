"""A kiosk that was away longer than its certificate lasts keeps everything, and comes back."""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.identity import IdentityFolder
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.signatures import Verified, Verifier
from kiosk.core.delivery import Limits
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.settings import Settings
from kiosk.wiring.joining import join, renew
from shared.joining import write_code
from shared.moments import Moment
from shared.topics import Channel, Topic
from shared.visits import Face, Input, Outcome, Visit
from tests.fakes.clock import FakeClock
from tests.fakes.hub import FakeHub
from tests.kiosk.wiring.test_joining import settings_at
from tests.parts.authority import CAJA, CENTRO, KIOSK, SmallAuthority
from tests.parts.certified import HUB, CertifiedBroker
from tests.parts.hub import wait_until
from tests.parts.joining_hub import CODE, joining_hub

pytestmark = pytest.mark.journey

MANY = 20


@pytest.fixture
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def broker(tmp_path: Path, authority: SmallAuthority) -> Iterator[CertifiedBroker]:
    (tmp_path / "broker").mkdir()
    with CertifiedBroker(tmp_path / "broker", authority) as broker:
        yield broker


class SigningHub:
    """Takes batches at the real broker, and answers each with a signed receipt."""

    def __init__(self, folder: Path, broker: CertifiedBroker, authority: SmallAuthority) -> None:
        self.ledger = FakeHub(KIOSK)
        self._authority = authority
        request = IdentityFolder(folder / "hub").request()
        certificate = folder / "hub" / "hub.pem"
        certificate.write_text(authority.issue(request, HUB))
        context = ssl.create_default_context(cadata=authority.pem)
        context.load_cert_chain(certificate, folder / "hub" / "pending" / "key.pem")
        self._client = paho.Client(CallbackAPIVersion.VERSION2, HUB)
        self._client.tls_set_context(context)
        self._client.on_message = self._take
        ready: queue.Queue[bool] = queue.Queue()
        self._client.on_subscribe = lambda *_: ready.put(True)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        self._client.subscribe(str(Topic(CENTRO, KIOSK, Channel.RECORDS)), 1)
        ready.get(timeout=10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        receipt = self.ledger.take(bytes(message.payload))
        signed = self._authority.signed(Channel.RECEIPT, receipt)
        self._client.publish(str(Topic(CENTRO, KIOSK, Channel.RECEIPT)), signed, 1, retain=True)


class Away:
    """The real outbox, courier and line of a kiosk with a certificate."""

    def __init__(self, device: Settings, port: int, authority: SmallAuthority) -> None:
        assert device.identity is not None
        self.outbox = SqliteOutbox(device.folder / "outbox.db", KIOSK)
        self.clock, self.forged = SystemClock(), threading.Event()
        folder = IdentityFolder(device.identity.folder)
        self._line = MqttBroker(
            BrokerAddress("127.0.0.1", port, CENTRO, KIOSK, identity=device.identity.folder)
        )

        def keys() -> Any:
            identity = folder.current()
            assert identity is not None
            return identity.signing_keys()

        self._verifier = Verifier(CENTRO, KIOSK, keys, self.outbox, self.clock, self.forged.set)
        self.courier = Courier(self._rounds)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        return Rounds(
            outbox=self.outbox,
            broker=self._line,
            clock=self.clock,
            post=lambda _event: None,
            listen=lambda number: Verified(listen(number), self._verifier),
            standing=Standing("1.2.3"),
            limits=Limits(longest_wait=1_000),
        )

    def visited(self) -> None:
        for number in range(MANY):
            at = Moment(time.time_ns() // 1_000_000, 5_000_000 + number, True)
            visit = Visit(
                CAJA, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
                input=Input.TOUCH, face=Face.HAPPY, answered=replace(at, boot=at.boot + 1),
            )  # fmt: skip
            self.outbox.seal(visit)
        self.courier.wake()


@contextmanager
def running(away: Away) -> Iterator[Away]:
    away.courier.start()
    try:
        yield away
    finally:
        away.courier.stop()
        away.outbox.close()


def test_a_certificate_that_ended_while_away_costs_no_record(
    tmp_path: Path, authority: SmallAuthority, broker: CertifiedBroker
) -> None:
    (tmp_path / "door").mkdir()
    with (
        joining_hub(tmp_path / "door", authority) as door,
        closing(SigningHub(tmp_path, broker, authority)) as hub,
    ):
        device = settings_at(tmp_path, door.url, door.fingerprint)
        assert device.identity is not None
        authority.life = (-60, -30)  # it joined two months ago, and was away since
        join(device.place, device.identity, write_code(CODE), FakeClock())
        authority.life = (-1, 30)
        with running(Away(device, broker.port, authority)) as away:
            away.visited()
            wait_until(lambda: away.courier._rounds._delivery.failures > 0, "it is refused")
            assert away.outbox.held().owed == MANY
            assert not hub.ledger.ledgers
            assert renew(device, SystemClock()) is not None
            wait_until(lambda: away.outbox.held().owed == 0, "everything comes when it is renewed")
            assert len(hub.ledger.records) == MANY
            assert not away.forged.is_set()
