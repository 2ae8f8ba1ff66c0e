"""From a join code to the first smile: the hub's own authority, two programs, TLS between them."""

from __future__ import annotations

import getpass
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.core.awaiting import Step
from hub.core.fleet import FleetView
from kiosk.adapters.first_boot_report import Stage, read_report
from kiosk.adapters.identity import IdentityFolder
from kiosk.wiring.unready import unready_page
from shared.notices import Presence
from shared.places import KioskId
from shared.topics import Channel
from tests.demo.programs import Program, python
from tests.kiosk.adapters.test_systemd import Systemd
from tests.parts.hub import STORE, HubProcess, wait_until
from tests.parts.mosquitto import RunningBroker
from tests.parts.ports import free_port, wait_for_port
from tests.parts.tls_door import TlsDoor, tls_door

pytestmark = pytest.mark.journey

KIOSK = KioskId("k-1")
TOKEN = "a token of some length"


class Store:
    """A hub with an authority, its broker with a door for certificates, and a device's disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.authority = folder, folder / "authority"
        self.broker = RunningBroker(folder / "mosquitto")
        self.tls_port = free_port()
        self.hub = HubProcess(folder, self.broker)
        self.data, self.card = folder / "data", folder / "semblante.toml"
        self.door: TlsDoor | None = None
        self.env: dict[str, str] = {}

    def with_device(self, folder: Path) -> Store:
        """The same store, with another device's disk."""
        other = copy(self)
        other.folder, other.data = folder, folder / "data"
        other.card = folder / "semblante.toml"
        return other

    def prepare(self, door: TlsDoor) -> None:
        """As the runbook of a hub's server does it."""
        self.door = door
        self.env = {
            "SEMBLANTE_AUTHORITY__FOLDER": str(self.authority),
            "SEMBLANTE_AUTHORITY__URL": f"https://127.0.0.1:{door.port}",
            "SEMBLANTE_MOSQUITTO__TLS_PORT": str(self.tls_port),
            "SEMBLANTE_MOSQUITTO__TLS_LISTEN": "127.0.0.1",
            "SEMBLANTE_MOSQUITTO__SEEN_AS": "127.0.0.1",
        }
        if os.geteuid() == 0:
            self.env["SEMBLANTE_MOSQUITTO__RUN_AS"] = getpass.getuser()
        self.hub._env.update(self.env)
        self.hub.prepare()
        self.command("authority", "init")
        self.broker.start()
        wait_for_port(self.tls_port)
        self.hub.start()
        door.open(self.authority / "web.pem", self.authority / "web-key.pem")

    def command(self, *words: str) -> str:
        """What a command of the hub prints."""
        done = subprocess.run(
            [sys.executable, "-m", "hub", *words, "--config", str(self.hub.config)],
            env=os.environ | self.env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def code(self) -> dict[str, Any]:
        """A new join code, as whoever makes a card gets it."""
        told = self.command("join", "new", STORE, "caja-1", KIOSK, "--json")
        return dict(json.loads(told))

    def write_card(self, told: dict[str, Any], door: int) -> None:
        """The settings file of the device."""
        keys = ("store", "point", "kiosk", "hub", "fingerprint")
        lines = [f'{key} = "{told[key]}"' for key in keys]
        self.card.write_text(
            "\n".join(lines) + f'\njoin_code = "{told["code"]}"\n[screen]\ndriver = "none"\n'
            f'[door]\ntoken = "{TOKEN}"\nport = {door}\ndrills = true\n'
        )

    def first_boot(self) -> int:
        """What the device does at its first start; its exit code."""
        root = self.folder / "root"
        words = ["first-boot", "--settings", str(self.card), "--data", str(self.data)]
        command = [sys.executable, "-m", "kiosk", *words, "--root", str(root), "--owner", ""]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode

    @contextmanager
    def kiosk(self, door: int) -> Iterator[Program]:
        """The kiosk's program, for the length of the block."""
        config = str(self.data / "kiosk.toml")
        program = Program("kiosk", python("kiosk", "run", "--config", config), self.folder)
        program.start()
        try:
            wait_for_port(door)
            yield program
        finally:
            program.stop()

    def view(self) -> FleetView | None:
        """The kiosk as the hub sees it."""
        views = self.hub.office.fleet.views([STORE])
        return next((view for view in views if view.kiosk_id == KIOSK), None)

    def counted(self) -> float:
        """Records that the hub has taken in."""
        return self.hub.metric('semblante_records_total{outcome="records"}')


@contextmanager
def opened_store(folder: Path) -> Iterator[Store]:
    """A store whose hub, broker and door run for the length of the block."""
    store = Store(folder)
    with tls_door(store.hub.web_port) as door:
        try:
            store.prepare(door)
            yield store
        finally:
            store.hub.program.stop()
            store.broker.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened_store(tmp_path_factory.mktemp("office")) as store:
        yield store


@pytest.fixture
def store(office: Store, tmp_path: Path) -> Store:
    """With a device that is new."""
    return office.with_device(tmp_path)


def tap(port: int) -> None:
    """A shopper pays, touches a face, and leaves."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        for path, body in (("/sale", {}), ("/touch", {"face": "happy"}), ("/done", {})):
            line.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {TOKEN}"})
            assert line.getresponse().read() is not None
            time.sleep(0.6)  # nobody touches faster than the glass lets them


def test_a_join_code_becomes_a_kiosk_whose_first_tap_is_counted(store: Store) -> None:
    door, told = free_port(), store.code()
    store.write_card(told, door)
    assert store.first_boot() == 0
    assert told["code"] not in store.card.read_text()
    identity = IdentityFolder(store.data / "identity").current()
    assert identity is not None
    assert identity.broker() == ("127.0.0.1", store.tls_port)
    with store.kiosk(door) as kiosk:
        wait_until(lambda: _online(store), f"online: {kiosk.last_words()}")
        before = store.counted()
        tap(door)
        wait_until(lambda: store.counted() >= before + 2, f"counted: {kiosk.last_words()}")
        wait_until(lambda: _nothing_owed(store), "the receipt came back, and was believed")
        log = kiosk.log.read_text()
        assert "forged" not in log
        _forge(store)
        wait_until(lambda: "message_forged" in kiosk.log.read_text(), "the forgery is seen")
        wait_until(lambda: _alarmed(store), "and told to the hub")
    assert store.hub.office.verify(lambda _done: None).differences == ()
    _renew(store)
    with store.kiosk(door) as kiosk:
        wait_until(lambda: _online(store), f"online again: {kiosk.last_words()}")


def _online(store: Store) -> bool:
    view = store.view()
    return view is not None and view.presence is Presence.ONLINE


def _nothing_owed(store: Store) -> bool:
    view = store.view()
    return view is not None and view.received > 0


def _alarmed(store: Store) -> bool:
    view = store.view()
    return view is not None and "forged" in view.alarms


def _forge(store: Store) -> None:
    """Whoever has taken over the broker speaks as the hub."""
    client = paho.Client(CallbackAPIVersion.VERSION2, "hub")
    client.username_pw_set("hub", store.broker.hub_password)
    client.connect(store.broker.host, store.broker.port)
    client.loop_start()
    topic = f"semblante/v1/{STORE}/{KIOSK}/{Channel.NOTICE.value}"
    client.publish(topic, b'{"v":1}', qos=1).wait_for_publish(20)
    client.disconnect()
    client.loop_stop()


def _renew(store: Store) -> None:
    before = IdentityFolder(store.data / "identity").current()
    config = str(store.data / "kiosk.toml")
    command = [sys.executable, "-m", "kiosk", "renew", "--config", config, "--now"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    after = IdentityFolder(store.data / "identity").current()
    assert after is not None
    assert after != before


def test_a_second_card_is_told_and_a_kiosk_that_was_taken_out_brings_what_it_kept(
    store: Store, tmp_path: Path
) -> None:
    """All of it stands on the glass and at the hub; nothing begins anew over and over."""
    door, told, second = free_port(), store.code(), store.with_device(tmp_path / "second")
    second.folder.mkdir()
    store.write_card(told, door)
    second.write_card(told, door)
    assert store.first_boot() == 0

    # The second card has the same code: its glass says so, and the hub, at the point.
    assert second.first_boot() == 0, "nothing comes of trying it again"
    report = read_report(second.data)
    assert report is not None
    assert (report.stage, report.troubles[0].code) == (Stage.STUCK, "used")
    (seen,) = store.hub.office.fleet.awaited([STORE], _now())
    assert (seen.kiosk_id, seen.step, seen.why) == (KIOSK, Step.TURNED_AWAY, "used")

    # Somebody takes the first one out while it runs: what is touched from then on is kept.
    with store.kiosk(door) as kiosk:
        wait_until(lambda: "broker_connected" in kiosk.log.read_text(), "it is let in")
        store.command("certificate", "revoke", KIOSK)
        wait_until(lambda: "broker_disconnected" in kiosk.log.read_text(), "it is out")
        tap(door)
    before = store.counted()

    # It asks the hub why; the glass tells it, and stays.
    assert _asks_why(store) == 5
    assert _stays_with(store, "revoked") == 0

    # A new code on its card, and everything that it kept is counted.
    store.write_card(store.code(), door)
    assert store.first_boot() == 0
    with store.kiosk(door) as kiosk:
        wait_until(lambda: store.counted() >= before + 2, f"counted: {kiosk.last_words()}")
    assert store.hub.office.verify(lambda _done: None).differences == ()
    assert store.hub.office.fleet.awaited([STORE], _now()) == ()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _asks_why(store: Store) -> int:
    words = ["renew", "--config", str(store.data / "kiosk.toml"), "--now"]
    command = [sys.executable, "-m", "kiosk", *words]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def _stays_with(store: Store, code: str) -> int | None:
    """Its program, as systemd runs it, is ready, shows this, and ends well when it is told to."""
    page = unready_page(store.data / "kiosk.toml")
    assert page is not None
    assert [one.code for one in page.obstacles] == [code]
    with Systemd(store.folder / "notify") as systemd:
        words = [sys.executable, "-m", "kiosk", "run", "--config", str(store.data / "kiosk.toml")]
        environment = os.environ | {"NOTIFY_SOCKET": systemd.address}
        program = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
        try:
            assert systemd.next(20) == "READY=1"
            program.terminate()
            return program.wait(20)
        finally:
            program.kill()
