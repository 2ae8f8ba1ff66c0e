"""Hears at a real broker what a kiosk says of itself."""

from __future__ import annotations

import queue
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.adapters.identity import IdentityFolder
from shared.topics import Channel, Topic
from tests.parts.authority import CENTRO, KIOSK, SmallAuthority
from tests.parts.certified import HUB, CertifiedBroker


class Ear:
    """What came on one channel, in the order of its coming."""

    def __init__(self) -> None:
        self.heard: queue.Queue[str] = queue.Queue()

    def until(self, wanted: Callable[[str], bool], seconds: float) -> str | None:
        """The next thing said that is wanted; None where it is not said in time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                said = self.heard.get(timeout=left)
            except queue.Empty:
                return None
            if wanted(said):
                return said
        return None


@contextmanager
def ear(
    folder: Path, broker: CertifiedBroker, authority: SmallAuthority, channel: Channel
) -> Iterator[Ear]:
    """One, for the length of the block."""
    (folder / "hub").mkdir(parents=True, exist_ok=True)
    certificate = folder / "hub" / "hub.pem"
    certificate.write_text(authority.issue(IdentityFolder(folder / "hub").request(), HUB))
    context = ssl.create_default_context(cadata=authority.pem)
    context.load_cert_chain(certificate, folder / "hub" / "pending" / "key.pem")
    made, client = Ear(), paho.Client(CallbackAPIVersion.VERSION2, HUB)
    client.tls_set_context(context)
    client.on_message = lambda _c, _d, told: made.heard.put(told.payload.decode("utf-8", "replace"))
    client.connect("127.0.0.1", broker.port)
    client.subscribe(str(Topic(CENTRO, KIOSK, channel)), 1)
    client.loop_start()
    try:
        yield made
    finally:
        client.disconnect()
        client.loop_stop()
