"""The role `intake` as a whole: from broker to archive, and back as receipts and settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.attendant import Attendant
from hub.adapters.broker import Broker
from hub.adapters.connection import Ears, Login
from hub.adapters.consumer import Consumer
from hub.adapters.fleet import SqlFleet
from hub.adapters.greeting import Greeting
from hub.adapters.identities import SqlIdentities
from hub.adapters.inbox import Inbox, Letter
from hub.adapters.newcoming import Newcomers
from hub.adapters.orders import SqlOrders
from hub.adapters.programmes import Phones, SqlProgrammes
from hub.adapters.queueing import Bookkeeper, Teller
from hub.adapters.sensors import SqlSensors
from hub.adapters.signing import Signer, Signing, SqlSerials
from hub.adapters.tellings import SqlTellings
from hub.adapters.tidying import log_of
from hub.adapters.troubles import SqlTroubles, TroubleGauges
from hub.adapters.turns import turn_for
from hub.adapters.waits import SqlWaits
from hub.adapters.worker import Worker
from hub.announcer import Announcer, Publish
from hub.core.measures import MESSAGES, Meter
from hub.fleet import Fleet, Word
from hub.intake import Intake
from hub.orders import Herald
from hub.queue import Queues
from hub.sensors import Sensors
from shared.places import KioskId, StoreId
from shared.topics import SENSING

log = structlog.get_logger(__name__)

_SENSED: Final = tuple(f"/{channel.value}" for channel in SENSING)

FOR_ROOM = 15.0
"""Seconds that the broker's thread waits for room while the intake is behind: nothing is read
meanwhile, so the broker waits too. Half the keepalive; then the connection is given up."""


class Listening:
    """The broker's line, the intake's thread, and the thread for all that is not counted."""

    def __init__(
        self,
        login: Login,
        engine: Engine,
        meter: Meter,
        now_ms: Callable[[], int],
        counted: Callable[[StoreId], None],
        phone: Phones = lambda _: None,
        keys: Signer | None = None,
    ) -> None:
        """With `keys` everything that kiosks are told is signed."""
        self.inbox = Inbox()
        self._meter, self._now_ms = meter, now_ms
        ears = Ears(self._record, self._other, self._greeted, self.inbox.wait_until_empty)
        self.turn = turn_for(engine)
        self.broker = Broker(login, ears, meter, ours=self.turn.ours)
        self._serials = SqlSerials(engine)
        self._announcer = Announcer(self._publish(keys), SqlProgrammes(engine, phone), meter)
        self.queues = Queues(self._announcer.notice, meter, now_ms)
        self.herald = Herald(SqlOrders(engine), self._announcer, meter, now_ms)
        heard = self.queues.hear, self.herald.answered, self._cloned
        self._fleet = Fleet(SqlFleet(engine), meter, self._announcer.clear, *heard)
        self._identities = SqlIdentities(engine)
        self._sensors = Sensors(SqlSensors(engine), meter, self.queues.hear)
        world = self._announcer, meter, now_ms, counted, log_of(engine)
        intake = Intake(SqlArchive(engine), self.queues.hear)
        self._consumer = Consumer(self.inbox, intake, *world)
        self._greeting = Greeting(engine, self._announcer, now_ms)
        teller = Teller(self.queues, self._announcer.flush, self._is_ours)
        self._bookkeeper = Bookkeeper(
            self.queues, SqlWaits(engine), SqlTellings(engine), now_ms, self._is_ours
        )
        self.intake_worker = Worker("intake", self._consumer.step)
        self.fleet_worker = Worker("fleet", self._attendant(engine, keys).step)
        self.queue_worker = Worker("queue", teller.step)
        self.waits_worker = Worker("waits", self._bookkeeper.step)

    def _publish(self, keys: Signer | None) -> Publish:
        """How words are handed to the broker: signed, where there are keys."""
        publish = self.broker.publish
        return publish if keys is None else Signing(publish, keys, self._serials, self._now_ms)

    def _attendant(self, engine: Engine, keys: Signer | None) -> Attendant:
        """Who looks after all that is not counted; after newcomers only where words are signed."""
        looks = [self._sensors.look_around, self.herald.look]
        if keys is not None:
            who = self._announcer, self._greeting, self._say_again
            looks.insert(0, Newcomers(engine, *who, self._now_ms).look)
        gauges = TroubleGauges(SqlTroubles(engine), self._meter)
        return Attendant(self._fleet, self._announcer, self._greeting, gauges, *looks)

    def start(self) -> None:
        """Whoever keeps comes before who listens."""
        for worker in (self.queue_worker, self.waits_worker, self.fleet_worker, self.intake_worker):
            worker.start()
        self.broker.start()

    def stop(self) -> None:
        """The intake first: what it has committed is still acknowledged."""
        self._consumer.stop()
        self.intake_worker.stop()
        self.broker.stop()
        self.waits_worker.stop()
        self.queue_worker.stop()
        self._bookkeeper.finish()
        self.turn.end()
        self.fleet_worker.stop()

    def threads(self) -> dict[str, bool]:
        """Which threads there should be, and whether they run."""
        workers = self.intake_worker, self.fleet_worker, self.queue_worker, self.waits_worker
        return {worker.name: worker.alive for worker in workers}

    def _is_ours(self) -> bool:
        return self.turn.held

    def _record(self, letter: Letter) -> bool:
        return self.inbox.put(letter, wait=FOR_ROOM)

    def _other(self, letter: Letter) -> None:
        self._meter.add(MESSAGES, label="other")
        topic, payload, retained, now = (
            letter.topic,
            letter.payload,
            letter.retained,
            self._now_ms(),
        )
        if topic.endswith(_SENSED):
            self._sensors.hear(topic, payload, retained, now)
        else:
            self._fleet.hear(Word(topic, payload, retained, now))

    def _cloned(self, store: StoreId, kiosk: KioskId) -> None:
        if self._identities.hold(store, kiosk, "epochs", self._now_ms()):
            hint = "Decide which one it is: “semblante-hub certificate release”."
            log.error("fleet.cloned", store=store, kiosk=kiosk, hint=hint)

    def _greeted(self) -> None:
        self._serials.begin_anew()
        self._announcer.forget()
        self._greeting.begin()
        self._say_again()

    def _say_again(self) -> None:
        self.queues.again()
        self.herald.again()
