"""Ten thousand kiosks that are connected at once, each with status and health, through one hub.

Each is a bare MQTT connection (3.1.1) that says what a kiosk says and hears what it is told: a
client's library for each would measure that library. Broker, hub and all kiosks share a machine.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, select

from hub.adapters import tables
from hub.adapters.database import open_engine, reading, writing
from hub.settings import load_settings
from shared.health import Health, PartState
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId
from shared.topics import DOWNWARD, Channel, Topic
from shared.wire import encode
from tests.bench.rows import Row
from tests.parts.hub import HubProcess
from tests.parts.mosquitto import RunningBroker

MANY, FEW = 10_000, 1_000
A_STORE: Final = 20
AT_ONCE: Final = 64
"""Connections under way at the same moment: a power cut ends in all stores of a town at once."""

GOAL_S: Final = 120.0
GOAL_KB: Final = 40.0
PATIENCE_S: Final = 300.0

PASSWORD: Final = "a password for all of them"
_KEEPALIVE: Final = 600


def run(long: bool) -> list[Row]:
    """Connect them, wait until the hub knows all of them, and count what each one costs."""
    kiosks = [
        (StoreId(f"store-{number // A_STORE}"), KioskId(f"k-{number}"))
        for number in range(MANY if long else FEW)
    ]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder), kiosks) as (hub, broker):
        return asyncio.run(_measure(hub, broker, kiosks))


@dataclass(frozen=True, slots=True)
class _Memory:
    """What broker and hub take, in kB."""

    broker: int
    hub: int


async def _measure(
    hub: HubProcess, broker: RunningBroker, kiosks: Sequence[tuple[StoreId, KioskId]]
) -> list[Row]:
    before, began = _memory(hub, broker), time.monotonic()
    gate, peers = asyncio.Semaphore(AT_ONCE), [_Peer(*who) for who in kiosks]
    await asyncio.gather(*(peer.join(broker.port, gate) for peer in peers))
    connected = time.monotonic() - began
    known = await asyncio.to_thread(_until_known, hub, len(kiosks))
    took, after = time.monotonic() - began, _memory(hub, broker)
    lost = sum(peer.lost for peer in peers)
    told = sum(peer.told for peer in peers)
    for peer in peers:
        peer.close()
    each = (after.broker - before.broker) / len(kiosks), (after.hub - before.hub) / len(kiosks)
    whole = f"{after.broker / 1024:.0f} MB and {after.hub / 1024:.0f} MB in all"
    return [
        Row(
            f"{len(kiosks):,} kiosks connect and are known with status and health",
            f"{took:.1f} s ({len(kiosks) / took:,.0f}/s)",
            f"{connected:.1f} s at the broker; {told:,} words heard down, {lost} lines lost",
            f"at most {GOAL_S:.0f} s, none missing",
            known and lost == 0 and took <= GOAL_S,
        ),
        Row(
            "memory for each connected kiosk",
            f"{each[0]:.1f} kB at the broker, {each[1]:.1f} kB at the hub",
            whole,
            f"at most {GOAL_KB:.0f} kB together",
            sum(each) <= GOAL_KB,
        ),
    ]


def _memory(hub: HubProcess, broker: RunningBroker) -> _Memory:
    return _Memory(_resident(broker.process_id), _resident(hub.program.process_id))


def _resident(process: int) -> int:
    """Resident memory, in kB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _until_known(hub: HubProcess, number: int) -> bool:
    """Whether the hub's database has everybody's last words, within our patience."""
    engine = open_engine(load_settings(hub.config).database.url)
    deadline = time.monotonic() + PATIENCE_S
    online = select(func.count()).where(tables.statuses.c.presence == Presence.ONLINE.value)
    well = select(func.count()).select_from(tables.healths)
    try:
        while time.monotonic() < deadline:
            with reading(engine) as db:
                if db.scalar(online) == db.scalar(well) == number:
                    return True
            time.sleep(0.25)  # it happens in another process, which nobody here can wait on
        return False
    finally:
        engine.dispose()


class _Peer(asyncio.Protocol):
    """One kiosk: it connects, subscribes, says status and health, and listens."""

    def __init__(self, store: StoreId, kiosk: KioskId) -> None:
        self._store, self._kiosk = store, kiosk
        self.told, self.lost, self._closing = 0, 0, False
        self._transport: asyncio.Transport | None = None
        self._heard = b""
        self._awaited: asyncio.Future[None] | None = None
        self._acknowledged = 0

    async def join(self, port: int, gate: asyncio.Semaphore) -> None:
        """Connect, and return when everything that it said is acknowledged."""
        async with gate:
            loop = asyncio.get_running_loop()
            self._awaited = loop.create_future()
            await loop.create_connection(lambda: self, "127.0.0.1", port)
            await asyncio.wait_for(self._awaited, PATIENCE_S)

    def close(self) -> None:
        """Leave without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who this is."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._connect())

    def connection_lost(self, _why: Exception | None) -> None:
        """Nobody should be cut off."""
        self.lost += not self._closing
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(ConnectionError("the broker let go"))

    def data_received(self, data: bytes) -> None:
        """Packets, or parts of them."""
        self._heard += data
        while (packet := self._next()) is not None:
            self._take(packet[0] >> 4, packet)

    def _take(self, kind: int, packet: bytes) -> None:
        assert self._transport is not None
        if kind == 2:  # CONNACK
            assert packet[3] == 0, f"the broker refused {self._kiosk}: {packet[3]}"
            self._transport.write(self._subscribe() + self._words())
        elif kind in (4, 9):  # PUBACK, SUBACK
            self._acknowledged += 1
            if self._acknowledged == 3 and self._awaited is not None:
                self._awaited.set_result(None)
        elif kind == 3:  # PUBLISH: retained settings and receipts, at QoS 1
            self.told += 1
            at = 1 + _length_of(packet)[1]
            topic = int.from_bytes(packet[at : at + 2], "big")
            if packet[0] & 0b110:
                self._transport.write(b"\x40\x02" + packet[at + 2 + topic : at + 4 + topic])

    def _next(self) -> bytes | None:
        if len(self._heard) < 2:
            return None
        length, size = _length_of(self._heard)
        whole = 1 + size + length
        if size == 0 or len(self._heard) < whole:
            return None
        packet, self._heard = self._heard[:whole], self._heard[whole:]
        return packet

    def _connect(self) -> bytes:
        will = _text(self._topic(Channel.STATUS)) + _bytes(self._status(Presence.OFFLINE))
        head = _text("MQTT") + bytes([4, 0b1110_1110]) + _KEEPALIVE.to_bytes(2, "big")
        return _packet(
            0x10, head + _text(self._kiosk) + will + _text(self._kiosk) + _text(PASSWORD)
        )

    def _subscribe(self) -> bytes:
        asked = b"".join(_text(self._topic(channel)) + b"\x01" for channel in DOWNWARD)
        return _packet(0x82, b"\x00\x01" + asked)

    def _words(self) -> bytes:
        status, health = self._status(Presence.ONLINE), self._health()
        return _publish(self._topic(Channel.STATUS), 2, status) + _publish(
            self._topic(Channel.HEALTH), 3, health
        )

    def _topic(self, channel: Channel) -> str:
        return str(Topic(self._store, self._kiosk, channel))

    def _status(self, presence: Presence) -> bytes:
        now = time.time_ns() // 1_000_000
        return encode(Status("ab" * 8, 1, presence, "1.0.0", now, synced=True))

    def _health(self) -> bytes:
        return encode(
            Health(
                time.time_ns() // 1_000_000,
                "1.0.0",
                model="Raspberry Pi 5 Model B Rev 1.0",
                temperature=54,
                low_power=False,
                card_full=31,
                card_writable=True,
                durable=True,
                memory_free=1_400,
                up=86_400,
                till=PartState.WELL,
            )
        )


def _publish(topic: str, number: int, payload: bytes) -> bytes:
    return _packet(0x33, _text(topic) + number.to_bytes(2, "big") + payload)


def _packet(kind: int, body: bytes) -> bytes:
    length, left = b"", len(body)
    while True:
        left, low = divmod(left, 128)
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return bytes([kind]) + length + body


def _length_of(packet: bytes) -> tuple[int, int]:
    """The length that a packet's head says, and how many bytes say it; (0, 0): not all is here."""
    length = 0
    for size, byte in enumerate(packet[1:5]):
        length |= (byte & 0x7F) << (7 * size)
        if not byte & 0x80:
            return length, size + 1
    return 0, 0


def _text(text: str) -> bytes:
    return _bytes(text.encode())


def _bytes(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


@contextmanager
def _running(
    folder: Path, kiosks: Sequence[tuple[StoreId, KioskId]]
) -> Iterator[tuple[HubProcess, RunningBroker]]:
    """A broker and a hub that know all of them."""
    broker = RunningBroker(folder / "broker")
    files, homes = broker.files, {kiosk: store for store, kiosk in kiosks}
    files.write(host=broker.host, port=broker.port, run_as="root", homes=homes)
    kept, same = files.passwords.read_text(), _hashed_quickly(PASSWORD)
    files.passwords.write_text(kept + "".join(f"{kiosk}:{same}\n" for kiosk in homes))
    broker.start()
    hub = HubProcess(folder, broker)
    try:
        hub.prepare()
        _enrol(hub, kiosks)
        hub.start()
        yield hub, broker
    finally:
        hub.program.ask_to_stop()
        broker.stop()


def _hashed_quickly(password: str) -> str:
    """As mosquitto reads it, with one round: kiosks have certificates, and whoever has a password
    waits 30 ms for its many rounds, which are not what is measured."""
    salt = b"twelve bytes"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 1)
    return "$7$1$" + "$".join(base64.b64encode(part).decode() for part in (salt, digest))


def _enrol(hub: HubProcess, kiosks: Sequence[tuple[StoreId, KioskId]]) -> None:
    """Straight into the tables: enrolling is not what is measured."""
    engine = open_engine(load_settings(hub.config).database.url)
    stores = sorted({store for store, _ in kiosks})
    zone = {"zone": "Europe/Madrid", "made_at": 0}
    with writing(engine) as db:
        db.execute(insert(tables.stores), [{"store_id": s, "name": s, **zone} for s in stores])
        db.execute(
            insert(tables.kiosks),
            [{"store_id": store, "kiosk_id": kiosk, "enrolled_at": 0} for store, kiosk in kiosks],
        )
    engine.dispose()
