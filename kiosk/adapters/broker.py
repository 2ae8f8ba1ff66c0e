"""The port Broker over paho: a new client for every connection, and nothing queued behind it.

Laws of this page
1. paho never reconnects and never holds a backlog: a client lives for one connection, then goes.
2. `disconnected` is said exactly once per `connect`, last, by a thread of our own that outlives
   paho's: also when paho's network thread dies of whatever cause.
3. Connections follow each other: a new one waits until the one before has ended.
4. No callback lets an exception out: paho's thread would die of it and nobody would know.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec

import structlog
from paho.mqtt.client import MQTT_ERR_SUCCESS, Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.adapters.broker_answers import Answers
from kiosk.adapters.encryption import line_of
from kiosk.adapters.identity import IdentityFolder
from kiosk.core.ports import Inbound
from shared.errors import TopicError
from shared.joining import certificate_name
from shared.places import KioskId, StoreId
from shared.topics import DOWNWARD, RETAINED, Channel, Topic, read_topic
from shared.wire import LONGEST_MESSAGE

log = structlog.get_logger(__name__)

IN_FLIGHT: Final = 20
"""Messages that paho may hold; beyond it `publish` says False."""

_PACKET_BYTES: Final = LONGEST_MESSAGE + 4_096
"""The longest message and its topic; the broker must not send anything longer."""

_TCP_SECONDS: Final = 5.0
_GOODBYE_SECONDS: Final = 1.0
"""How long `close` waits for the last messages and the DISCONNECT to leave."""

_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and who this kiosk is there: its name with a password, or, by the
    certificate in the folder `identity`, its store's and its own.
    """

    host: str
    port: int
    store_id: StoreId
    kiosk_id: KioskId
    password: str | None = None
    ca_file: str | None = None
    keepalive: int = 30
    identity: Path | None = None
    client_name: str | None = None  # else the kiosk's; the broker throws out whoever had the same


class MqttBroker:
    """One connection at a time to a real broker."""

    def __init__(self, address: BrokerAddress, dates: Callable[[], bool] = lambda: True) -> None:
        """`dates`: whether the clock is good enough to judge the broker's certificate by."""
        self._address = address
        self._dates = dates
        self._current: _Connection | None = None

    def connect(self, inbound: Inbound, will: bytes) -> None:
        """Begin a new connection with this last will on the status channel; returns at once."""
        before = self._current
        if before is not None:
            before.leave()
        self._current = _Connection(self._address, self._dates, inbound, will, before)
        self._current.start()

    def publish(self, channel: Channel, payload: bytes) -> bool:
        """Hand a message over at QoS 1; False where there is no connection (nothing is queued)."""
        return self._current is not None and self._current.publish(channel, payload)

    def close(self) -> None:
        """End the connection; safe to call twice."""
        if self._current is not None:
            self._current.leave()
            self._current.wait(_GOODBYE_SECONDS)


def _guarded(callback: Callable[_P, None]) -> Callable[_P, None]:
    @wraps(callback)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception:
            log.exception("broker_callback_failed", callback=callback.__name__)

    return run


class _Connection:
    """One client, one connection, and the thread that sees it to its end."""

    def __init__(
        self,
        address: BrokerAddress,
        dates: Callable[[], bool],
        inbound: Inbound,
        will: bytes,
        before: _Connection | None,
    ) -> None:
        self._address = address
        self._dates = dates
        self._inbound = inbound
        self._before = before
        self._client = self._new_client(will)
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._standing = False
        self._leaving = threading.Event()
        self._why: str | None = None
        self._answers = Answers(inbound)

    def start(self) -> None:
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait for the end; after so many seconds cut the line, for it leads nowhere."""
        if threading.current_thread() is self._thread:
            return
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._cut()
            self._thread.join(seconds)

    def publish(self, channel: Channel, payload: bytes) -> bool:
        # paho would queue what it is given without a connection: so it is not given.
        if not self._standing:
            return False
        info = self._client.publish(self._topic(channel), payload, 1, channel in RETAINED)
        if info.rc != MQTT_ERR_SUCCESS:
            return False
        self._answers.published(info.mid, channel)
        return True

    def leave(self) -> None:
        self._standing = False
        if not self._leaving.is_set():
            self._leaving.set()
            self._client.disconnect()

    def _run(self) -> None:
        try:
            self._wait_for_the_one_before()
            if not self._leaving.is_set():
                self._stand()
        except Exception as fault:  # noqa: BLE001 whatever ends the connection is told as its end
            self._blame(f"{type(fault).__name__}: {fault}")
        finally:
            self._standing = False
            self._let_go()
            _guarded(self._inbound.disconnected)(self._why or "closed by this kiosk")

    def _let_go(self) -> None:
        """Leave no descriptor to the garbage collector: a bad night has thousands of connections.

        paho closes its own pair of sockets when the client is forgotten, which its callbacks, being
        ours, would prevent.
        """
        client = self._client
        if (line := client.socket()) is not None:
            line.close()
        client.on_connect = client.on_subscribe = client.on_message = None
        client.on_publish = client.on_disconnect = None

    def _blame(self, why: str) -> None:
        # The first cause is the cause; what follows from it says less.
        if self._why is None and not self._leaving.is_set():
            self._why = why

    def _wait_for_the_one_before(self) -> None:
        # A late CONNECT of the same client name would throw this connection out.
        if self._before is not None:
            self._before._thread.join()  # noqa: SLF001 the same class
            self._before = None

    def _stand(self) -> None:
        address = self._address
        if address.identity is not None:  # anew each time: it may have been renewed meanwhile
            folder = IdentityFolder(address.identity)
            self._client.tls_set_context(line_of(folder, dates=self._dates()))
        elif address.ca_file is not None:
            self._client.tls_set_context(ssl.create_default_context(cafile=address.ca_file))
        self._client.connect(address.host, address.port, address.keepalive, clean_start=True,
                             properties=_connect_properties())  # fmt: skip
        if self._leaving.is_set():
            self._client.disconnect()
        self._client.loop_start()
        network = self._client._thread  # noqa: SLF001 paho tells nobody when its thread dies
        if network is not None:
            network.join()

    def _cut(self) -> None:
        line = self._client.socket()
        if isinstance(line, socket.socket):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # wakes paho, which then ends

    def _new_client(self, will: bytes) -> Client:
        address = self._address
        certified = certificate_name(address.store_id, address.kiosk_id)
        name = address.kiosk_id if address.identity is None else certified
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.client_name or name,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        if address.identity is None:
            client.username_pw_set(name, address.password)
        client.will_set(self._topic(Channel.STATUS), will, 1, retain=True)
        client.max_inflight_messages_set(IN_FLIGHT)
        client.max_queued_messages_set(IN_FLIGHT)
        client.connect_timeout = _TCP_SECONDS
        client.on_connect = _guarded(self._on_connect)
        client.on_subscribe = _guarded(self._on_subscribe)
        client.on_message = _guarded(self._on_message)
        client.on_publish = _guarded(self._on_publish)
        client.on_disconnect = _guarded(self._on_disconnect)
        return client

    def _topic(self, channel: Channel) -> str:
        return str(Topic(self._address.store_id, self._address.kiosk_id, channel))

    def _on_connect(
        self, _client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:  # fmt: skip
        if reason.is_failure:
            self._blame(f"the broker refuses this kiosk: {reason}")
            return
        self._client.subscribe([(self._topic(channel), 1) for channel in DOWNWARD])

    def _on_subscribe(
        self, _client: Client, _data: Any, _mid: int, reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:  # fmt: skip
        self._standing = not self._leaving.is_set()
        self._inbound.connected()
        for channel, reason in zip(DOWNWARD, reasons, strict=False):
            if reason.is_failure:
                self._inbound.refused(channel, f"subscription: {reason}")

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        channel = self._own_channel(message)
        if channel is None:
            log.warning("message_not_ours", bytes=len(message.payload))
            return
        self._inbound.received(channel, bytes(message.payload))

    def _own_channel(self, message: MQTTMessage) -> Channel | None:
        try:
            topic = read_topic(message.topic)
        except (TopicError, UnicodeDecodeError):
            return None
        own = (self._address.store_id, self._address.kiosk_id)
        if (topic.store_id, topic.kiosk_id) != own or topic.channel not in DOWNWARD:
            return None
        return topic.channel if len(message.payload) <= LONGEST_MESSAGE else None

    def _on_publish(
        self, _client: Client, _data: Any, mid: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        self._answers.answered(mid, reason)

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:  # fmt: skip
        self._standing = False
        self._blame(f"the broker or the line ended it: {reason}")


def _connect_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 0
    properties.MaximumPacketSize = _PACKET_BYTES
    return properties
