"""The hub itself knocks at the broker's door for certificates: to look, and to end a connection.

A broker says “success” also to a publish that it throws away. So that rights are kept is believed
only where a forbidden message did not arrive, while an allowed one did.
"""

from __future__ import annotations

import secrets
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.adapters.authority import CertificateAuthority
from hub.core.rights import ELSEWHERE, PROBE, WITNESS
from shared.errors import BrokerError
from shared.joining import certificate_name
from shared.places import KioskId
from shared.topics import DOWNWARD, ROOT, UPWARD, Channel, Topic

PATIENCE: Final = 10.0
"""Seconds for a broker on the same machine, or in the next room, to do anything at all."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where the hub reaches the door for certificates."""

    host: str
    port: int


class Visits:
    """Makes short visits; each has a certificate of its own, for an hour."""

    def __init__(
        self, authority: CertificateAuthority, doorway: Doorway, now_ms: Callable[[], int]
    ) -> None:
        self._authority, self._doorway, self._now_ms = authority, doorway, now_ms

    def unseat(self, name: str) -> None:
        """End the connection of this name: a client that comes with the same id takes its place."""
        with self._visit(name):
            pass

    def look(self) -> list[str]:
        """Topics on which a kiosk was heard that may not write there; none where rights are kept.

        Raises BrokerError where the door cannot be passed, or not even what is allowed arrives.
        """
        probe = KioskId(f"probe-{secrets.token_hex(4)}")
        own, forbidden = str(Topic(PROBE, probe, Channel.STATUS)), frozenset(_forbidden(probe))
        heard: list[str] = []
        arrived = threading.Event()

        def hear(topic: str) -> None:
            if topic == own:
                arrived.set()
            elif topic in forbidden:
                heard.append(topic)

        name = certificate_name(PROBE, probe)
        with self._visit(WITNESS, hear, _WATCHED), self._visit(name) as kiosk:
            for topic in sorted(forbidden):
                kiosk.publish(topic, b"", qos=1)
            kiosk.publish(own, b"", qos=1)  # last: what came before it would be here by then
            if not arrived.wait(PATIENCE):
                what = "a kiosk with a certificate is not heard at the broker"
                hint = "Run “semblante-hub broker files”, and let the broker read them."
                raise BrokerError(what, hint=hint)
        return heard

    @contextmanager
    def _visit(
        self,
        name: str,
        hear: Callable[[str], None] = lambda _: None,
        topics: Sequence[tuple[str, int]] = (),
    ) -> Iterator[Client]:
        here, wrong = threading.Event(), list[str]()
        version = MQTTProtocolVersion.MQTTv5
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=version)
        client.tls_set_context(self._context(name))

        def connected(client: Client, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
            if reason.is_failure:
                wrong.append(str(reason))
            if wrong or not topics:
                here.set()
            else:
                client.subscribe(list(topics))

        client.on_connect = connected
        client.on_subscribe = lambda *_: here.set()
        client.on_message = lambda _c, _u, message: hear(message.topic)
        try:
            client.connect(self._doorway.host, self._doorway.port, 30, clean_start=True)
        except (OSError, ValueError) as fault:
            where = f"{self._doorway.host}:{self._doorway.port}"
            raise BrokerError(f"the door for certificates, {where}: {fault}") from fault
        client.loop_start()
        try:
            if not here.wait(PATIENCE) or wrong:
                raise BrokerError(f"not let in with a certificate: {wrong or 'no answer'}")
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self._authority.trusted())
        certificate, key = self._authority.visitor(name, self._now_ms())
        with tempfile.TemporaryDirectory() as folder:  # nobody else may read it
            both = Path(folder, "visitor.pem")
            both.touch(mode=0o600)
            both.write_text(certificate + key)
            context.load_cert_chain(both)
        return context


_WATCHED: Final = ((f"{ROOT}/{PROBE}/+/+", 1), (f"{ROOT}/{ELSEWHERE}/+/+", 1))


def _forbidden(probe: KioskId) -> Iterator[str]:
    """Where this kiosk may not write: as another one, in another store, and downward at all."""
    for channel in (*UPWARD, *DOWNWARD):
        yield str(Topic(PROBE, KioskId(f"{probe}-b"), channel))
        yield str(Topic(ELSEWHERE, probe, channel))
    for channel in DOWNWARD:
        yield str(Topic(PROBE, probe, channel))
