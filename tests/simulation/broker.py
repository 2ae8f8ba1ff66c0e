"""A model of the broker: sessions, retained words, wills, rights; it may lose all of it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.core.ports import Inbound
from shared.places import KioskId, StoreId
from shared.topics import DOWNWARD, RETAINED, UPWARD, Channel, Topic
from tests.simulation.line import Line
from tests.simulation.world import World

MOST_QUEUED = 60
"""Messages for a hub that is away; beyond it the newest are dropped, as mosquitto does."""

HUNG_MS = 60_000
"""After this the broker notices a client that is gone without a word."""


class Consumer(Protocol):
    """The hub's end of its session."""

    line: Line

    def deliver(self, mid: int, topic: str, payload: bytes) -> None:
        """A message for the hub."""

    def parted(self) -> None:
        """The connection is gone."""


class SimBroker:
    """What every client shares."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.up = True
        self.retained: dict[str, bytes] = {}
        self.clients: dict[KioskId, Connection] = {}
        self.refusing: set[KioskId] = set()
        self.session: dict[int, tuple[str, bytes]] = {}  # the hub's, in the order of their mids
        self.hub: Consumer | None = None
        self.heard: list[tuple[str, bytes]] = []  # every batch that ever came, for replays
        self._mid = 0

    # Its own life

    def crash(self, *, forgetting: bool) -> None:
        """Stop; all connections are gone, and perhaps all that it knew."""
        self.up = False
        for connection in list(self.clients.values()):
            connection.end("the broker is gone")
        self.clients.clear()
        if self.hub is not None:
            hub, self.hub = self.hub, None
            hub.parted()
        if forgetting:
            self.retained.clear()
            self.session.clear()

    def restart(self) -> None:
        """Be there again."""
        self.up = True

    # Kiosks

    def accept(self, connection: Connection) -> None:
        """A kiosk's connection stands; it throws out an earlier one of the same name."""
        earlier = self.clients.get(connection.kiosk)
        if earlier is not None:
            self._bury(earlier)
            earlier.end("taken over")
        self.clients[connection.kiosk] = connection
        connection.stand()
        for channel in DOWNWARD:
            kept = self.retained.get(connection.topic(channel))
            if kept is not None:
                connection.down(channel, kept)

    def lose(self, connection: Connection) -> None:
        """Its client is gone without a word: the will is published."""
        if self.clients.get(connection.kiosk) is connection:
            del self.clients[connection.kiosk]
            self._bury(connection)

    def leave(self, connection: Connection) -> None:
        """Its client said goodbye: no will."""
        if self.clients.get(connection.kiosk) is connection:
            del self.clients[connection.kiosk]

    def take(self, connection: Connection, channel: Channel, payload: bytes) -> None:
        """A kiosk published."""
        if not self.up or (connection.over and self.world.chance(0.5)):
            return
        if channel not in UPWARD or connection.kiosk in self.refusing:
            connection.refuse(channel)
            return
        self.publish(connection.topic(channel), channel, payload)
        connection.acknowledged(channel, payload)

    def publish(self, topic: str, channel: Channel, payload: bytes) -> None:
        """Keep it and pass it on."""
        if channel in RETAINED:
            self.retained[topic] = payload
        if channel is Channel.RECORDS:
            self.heard.append((topic, payload))
            self.queue(topic, payload)

    def _bury(self, connection: Connection) -> None:
        if self.up:
            self.publish(connection.topic(Channel.STATUS), Channel.STATUS, connection.will)

    # The hub

    def queue(self, topic: str, payload: bytes) -> None:
        """Keep it for the hub until it says that it has it."""
        if self.hub is None and len(self.session) >= MOST_QUEUED:
            self.world.fault("queue overflow")
            return
        self._mid += 1
        self.session[self._mid] = (topic, payload)
        self._hand_over(self._mid)

    def greet(self, hub: Consumer) -> None:
        """The hub's connection stands: all that it never acknowledged comes again."""
        self.hub = hub
        for mid in list(self.session):
            self._hand_over(mid)

    def acknowledge(self, mid: int) -> None:
        """The hub has it."""
        self.session.pop(mid, None)

    def tell(self, topic: str, channel: Channel, kiosk: KioskId, payload: bytes) -> None:
        """The hub published a retained word for a kiosk."""
        if not self.up:
            return
        self.retained[topic] = payload
        connection = self.clients.get(kiosk)
        if connection is not None:
            connection.down(channel, payload)

    def _hand_over(self, mid: int) -> None:
        hub = self.hub
        if hub is None:
            return
        topic, payload = self.session[mid]
        hub.line.carry(payload, False, lambda arrived: hub.deliver(mid, topic, arrived))


class Connection:
    """One connection of one kiosk, both ends."""

    def __init__(self, link: Link, inbound: Inbound, will: bytes) -> None:
        self.kiosk = link.kiosk
        self.will = will
        self.over = False
        self.standing = False
        self._link, self._inbound = link, inbound

    def topic(self, channel: Channel) -> str:
        """The kiosk's own topic."""
        return str(Topic(self._link.store, self.kiosk, channel))

    def stand(self) -> None:
        """Connected and subscribed."""
        self.standing = True
        self._say(self._inbound.connected)

    def end(self, why: str) -> None:
        """It is gone; told once."""
        if not self.over:
            self.over, self.standing = True, False
            wait = 1 + self._link.world.dice.randrange(20)
            self._link.world.after(wait, self._say, lambda: self._inbound.disconnected(why))

    def up(self, channel: Channel, payload: bytes) -> None:
        """The kiosk publishes."""
        broker = self._link.broker
        self._link.line.carry(payload, True, lambda came: broker.take(self, channel, came))

    def down(self, channel: Channel, payload: bytes) -> None:
        """The broker passes something on."""
        self._link.line.carry(payload, False, lambda came: self._hear(channel, came))

    def refuse(self, channel: Channel) -> None:
        """The broker threw it away."""
        self._link.world.fault("publish refused")
        self._say(lambda: self._inbound.refused(channel, "Not authorized"))

    def acknowledged(self, channel: Channel, payload: bytes) -> None:
        """PUBACK: the broker has it, which proves nothing."""
        self._link.on_puback(channel, payload)

    def _hear(self, channel: Channel, payload: bytes) -> None:
        if not self.over:
            self._say(lambda: self._inbound.received(channel, payload))

    def _say(self, word: Callable[[], None]) -> None:
        if self._link.alive:
            word()
            self._link.stir()


class Link:
    """Port `Broker` for one run of a kiosk's program; `stir` wakes its courier."""

    def __init__(
        self,
        broker: SimBroker,
        line: Line,
        store: StoreId,
        kiosk: KioskId,
        stir: Callable[[], None],
        on_publish: Callable[[], None],
        on_puback: Callable[[Channel, bytes], None],
    ) -> None:
        self.broker, self.line, self.world = broker, line, broker.world
        self.store, self.kiosk, self.stir = store, kiosk, stir
        self.on_puback = on_puback
        self.alive = True
        self._on_publish = on_publish
        self._current: Connection | None = None

    def connect(self, inbound: Inbound, will: bytes) -> None:
        """Begin a new connection; returns at once."""
        self.close()
        self._current = connection = Connection(self, inbound, will)
        self.world.after(10 + self.world.dice.randrange(100), self._arrive, connection)

    def publish(self, channel: Channel, payload: bytes) -> bool:
        """Hand a message over; False where there is no connection."""
        if self._current is None or not self._current.standing:
            return False
        if self.world.fails("kiosk publish"):
            return False
        self._on_publish()
        self._current.up(channel, payload)
        self._on_publish()
        return True

    def close(self) -> None:
        """Say goodbye."""
        if self._current is not None:
            self.broker.leave(self._current)
            self._current.end("closed by this kiosk")

    def cut(self) -> None:
        """The line breaks: both ends notice, the broker perhaps later."""
        connection = self._current
        if connection is not None and not connection.over:
            connection.end("cut")
            self.world.after(self.world.dice.choice((5, HUNG_MS)), self.broker.lose, connection)

    def abandon(self) -> None:
        """The program died: its end says nothing more."""
        self.cut()
        self.alive = False

    def _arrive(self, connection: Connection) -> None:
        if connection.over or self.line.deaf:
            return  # nobody answers: the courier's own patience must end it
        if self.broker.up:
            self.broker.accept(connection)
        else:
            connection.end("refused")
