"""One connection to the broker, from its CONNECT to its end: a paho client, acknowledged by hand.

Laws of this page
1. The connection's thread posts what it heard. It waits for nothing but room in the inbox: then
   nothing is read, and the broker and the kiosks hold what they have.
2. A message is acknowledged on the connection that brought it, after the commit, never before.
3. No callback lets an exception out: it would end paho's thread without a word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, ParamSpec

import structlog
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.adapters.inbox import Letter
from hub.core.measures import CONNECTED, CONNECTIONS, OVERFLOWS, REFUSED_PUBLISHES, Meter
from shared.errors import BrokerError
from shared.topics import SENSING, Channel, every
from shared.wire import LONGEST_MESSAGE

log = structlog.get_logger(__name__)
P = ParamSpec("P")

SESSION_SECONDS: Final = 7 * 86_400
"""How long the broker keeps our place: a week covers any repair of a hub."""

UNDER_WAY: Final = 1_000
"""Messages the broker sends ahead of our acknowledgement: two full batches, one being committed
while the next arrives. mosquitto 2.0 keeps to it, except for what it queued while we were away."""

_KEEPALIVE: Final = 30
_WAITING_PUBLISHES: Final = 2_000
"""Receipts and settings that paho may hold; the announcer keeps the rest, newest only."""

_RECORDS: Final = f"/{Channel.RECORDS.value}"


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are at which broker. The client id is fixed: it is the name of our session.

    With a `ca_file` the line is encrypted and the broker has to prove who it is.
    """

    host: str
    port: int
    user: str
    password: str
    client_id: str = "semblante-hub"
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told, from the connection's thread; all but `record` return at once."""

    record: Callable[[Letter], bool]  # False: no room came, so the connection is closed for a while
    other: Callable[[Letter], None]  # statuses, pulses and what sensors tell
    greeted: Callable[[], None]  # a connection stands: what is retained may be gone
    room: Callable[[float], bool]  # waits up to so many seconds until there is room again


class Connection:
    """One connection from its CONNECT to its end; never used again."""

    def __init__(self, login: Login, ears: Ears, meter: Meter) -> None:
        self.stands = threading.Event()
        self.gone = threading.Event()
        self.why = ""
        self.overfull = False
        self._login, self._ears, self._meter = login, ears, meter
        self._client = self._made_client()

    def open(self) -> None:
        """Reach the broker and start the connection's thread; raises BrokerError."""
        login = self._login
        connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        connect.SessionExpiryInterval = SESSION_SECONDS
        connect.ReceiveMaximum = UNDER_WAY
        connect.MaximumPacketSize = LONGEST_MESSAGE + 4096  # its topic and header on top
        try:
            self._client.connect(
                login.host, login.port, _KEEPALIVE, clean_start=False, properties=connect
            )
        except (OSError, ValueError) as fault:
            raise BrokerError(f"{login.host}:{login.port}: {fault}") from fault
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Hand over a retained message at QoS 1; False where it was not taken."""
        if not self.stands.is_set() or self.gone.is_set():
            return False
        told = self._client.publish(topic, payload, qos=1, retain=True)
        return told.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def acknowledge(self, mid: int) -> None:
        """Tell the broker that the message is kept; nothing where the connection is gone."""
        if not self.gone.is_set():
            self._client.ack(mid, 1)

    def close(self) -> None:
        """End the connection and its thread."""
        self._client.disconnect()
        self._client.loop_stop()
        self._end("closed")

    def alive(self) -> bool:
        """Whether the connection's own thread still runs."""
        name = f"paho-mqtt-client-{self._login.client_id}"
        return any(thread.name == name for thread in threading.enumerate())

    def _made_client(self) -> Client:
        login = self._login
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=login.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.username_pw_set(login.user, login.password)
        if login.ca_file is not None:
            client.tls_set(str(login.ca_file))
        client.max_queued_messages_set(_WAITING_PUBLISHES)
        client.on_connect = self._guarded(self._connected)
        client.on_subscribe = self._guarded(self._subscribed)
        client.on_disconnect = self._guarded(self._disconnected)
        client.on_publish = self._guarded(self._published)
        client.on_message = self._guarded(self._heard)
        return client

    def _guarded(self, act: Callable[P, None]) -> Callable[P, None]:
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                act(*args, **kwargs)
            except Exception:
                log.exception("broker.callback_failed", callback=act.__name__)

        return guarded

    def _connected(self, client: Client, _u: Any, _f: Any, reason: ReasonCode, _p: Any) -> None:
        if reason.is_failure:
            self._end(f"refused: {reason}")
            return
        # Only records are acknowledged, so only they have QoS 1: a lost status is sent again as
        # the retained one at the next connection, and while records wait statuses still pass.
        # What we say ourselves on these channels only clears what a kiosk left: noLocal.
        client.subscribe(
            [
                (every(Channel.RECORDS), SubscribeOptions(1, noLocal=True, retainHandling=2)),
                (every(Channel.STATUS), SubscribeOptions(0, noLocal=True)),
                (every(Channel.HEALTH), SubscribeOptions(0, noLocal=True)),
                (every(Channel.PULSE), SubscribeOptions(0, noLocal=True)),
                *((every(channel), SubscribeOptions(0)) for channel in SENSING),
            ]
        )

    def _subscribed(self, _c: Any, _u: Any, _m: int, reasons: list[ReasonCode], _p: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._end(f"subscription refused: {refused[0]}")
            return
        self.stands.set()
        self._meter.add(CONNECTIONS)
        self._meter.set(CONNECTED, 1)
        log.info("broker.connected", host=self._login.host, port=self._login.port)
        self._ears.greeted()

    def _disconnected(self, _c: Any, _u: Any, _f: Any, reason: ReasonCode, _p: Any) -> None:
        self._end(str(reason))

    def _published(self, _c: Any, _u: Any, _m: int, reason: ReasonCode, _p: Any) -> None:
        if reason.is_failure:
            self._meter.add(REFUSED_PUBLISHES)
            log.error("broker.publish_refused", reason=str(reason), hint=BrokerError.hint)

    def _heard(self, client: Client, _u: Any, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        letter = Letter(message.topic, payload, message.retain, time.monotonic(), message.mid, self)
        if not letter.topic.endswith(_RECORDS):
            self._ears.other(letter)
        elif not self.overfull and not self._ears.record(letter):
            self.overfull = True
            self._meter.add(OVERFLOWS)
            client.disconnect()  # unacknowledged, so it all comes again on the next connection

    def _end(self, why: str) -> None:
        if not self.gone.is_set():
            self.why = why
            self._meter.set(CONNECTED, 0)
            self.gone.set()
