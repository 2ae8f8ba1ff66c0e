"""From a join code to a counted tap: a device joins over HTTP, comes in by its certificate, is told
signed words, and is out when somebody says so; a hub, a broker and commands, all real."""

from __future__ import annotations

import getpass
import json
import os
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.mosquitto import Encrypted
from hub.settings import load_settings
from hub.wiring.bureau import Bureau
from shared.deliveries import Receipt
from shared.joining import Joined
from shared.notices import KioskSettings
from shared.places import KioskId
from shared.signing import SignedMessage, read_signed
from shared.wire import decode
from tests.fakes.kiosk import FakeKiosk, sale, visit
from tests.parts.devices import Device
from tests.parts.hub import POINT, STORE, HubProcess, wait_until
from tests.parts.mosquitto import RunningBroker
from tests.parts.ports import free_port, wait_for_port

pytestmark = pytest.mark.journey


class Kiosk:
    """A device that joined: what it says by its certificate, and what it is told."""

    def __init__(self, folder: Path, device: Device, joined: Joined) -> None:
        self.joined, self.told = joined, dict[str, SignedMessage]()
        name = f"{joined.store_id}/{joined.kiosk_id}"
        (folder / "kiosk.pem").write_text(joined.certificate + device.pem())
        context = ssl.create_default_context(cadata=joined.authority)
        context.load_cert_chain(folder / "kiosk.pem")
        version = CallbackAPIVersion.VERSION2
        self.client = paho.Client(version, name, reconnect_on_failure=False)
        self.client.tls_set_context(context)
        self.client.on_message = self._hear
        self.client.connect(joined.broker_host, joined.broker_port)
        self.client.loop_start()
        wait_until(self.client.is_connected, "let in by a certificate")
        self.client.subscribe(f"semblante/v1/{name}/receipt", 1)
        self.client.subscribe(f"semblante/v1/{name}/settings", 1)

    def _hear(self, _c: Any, _u: Any, message: Any) -> None:
        signed = read_signed(message.payload)
        keys = {key.id: bytes.fromhex(key.public) for key in self.joined.signing_keys}
        public = Ed25519PublicKey.from_public_bytes(keys[signed.key_id])
        public.verify(signed.signature, signed.to_sign(message.topic))
        self.told[message.topic.rpartition("/")[2]] = signed


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A hub with an authority, and a broker with both doors."""
    broker = RunningBroker(tmp_path / "mosquitto")
    door = free_port()
    hub = HubProcess(tmp_path, broker)
    text = hub.config.read_text().replace("[mosquitto]\n", f"[mosquitto]\ntls_port = {door}\n")
    hub.config.write_text(text + '[authority]\nfolder = "authority"\n')
    hub.prepare()
    Bureau(load_settings(hub.config)).make()
    run_as = getpass.getuser() if os.geteuid() == 0 else None
    broker.files.write(host=broker.host, port=broker.port, run_as=run_as,
                       encrypted=Encrypted("127.0.0.1", door))  # fmt: skip
    broker.start()
    try:
        wait_for_port(door)
        hub.start()
        yield hub
    finally:
        hub.program.stop()
        broker.stop()


def test_from_a_join_code_to_a_counted_tap_and_out_again(hub: HubProcess, tmp_path: Path) -> None:
    bureau, device = Bureau(load_settings(hub.config)), Device()
    code = bureau.identity.issue(STORE, POINT, KioskId("k-1"), "ana").text
    wish = json.dumps({"code": code, "csr": device.request()}).encode()
    kind = {"content-type": "application/json"}
    url = f"http://127.0.0.1:{hub.web_port}/api/v1/join"
    with urllib.request.urlopen(urllib.request.Request(url, wish, kind), timeout=10) as answer:
        kiosk = Kiosk(tmp_path, device, decode(Joined, answer.read()))
    holds = FakeKiosk()
    holds.seal(sale(), visit())
    message = holds.message()
    kiosk.client.publish(message.topic, message.payload, qos=1)
    wait_until(lambda: {"receipt", "settings"} <= set(kiosk.told), "signed receipt and settings")
    receipt = decode(Receipt, kiosk.told["receipt"].body)
    assert (receipt.upto, receipt.problem) == (2, None)
    assert decode(KioskSettings, kiosk.told["settings"].body).point_name == "Caja 1"
    assert kiosk.told["receipt"].serial != kiosk.told["settings"].serial
    wait_until(lambda: "inspection.rights_kept" in hub.program.last_words(200), "the hub's look")
    bureau.identity.revoke(KioskId("k-1"), "ana")
    wait_until(lambda: not kiosk.client.is_connected(), "out at once")
    kiosk.client.loop_stop()
