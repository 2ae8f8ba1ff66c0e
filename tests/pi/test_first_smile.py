"""From two bare machines to a smile that is counted, another version, and back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.hub.settings import WEB_PORT
from deploy.raspberrypi.bundling.bundle import Release, Wanted, build_bundle
from deploy.raspberrypi.bundling.signing import release_keys
from deploy.raspberrypi.cards.card import CardWishes, card_plan
from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.cards.steps import BootFiles, RootFiles
from tests.deploy.hub.booting import Booted, booted
from tests.deploy.hub.making import NAME, Made
from tests.parts.glassless import DOOR, GLASSLESS, TOKEN
from tests.pi import roots
from tests.pi.device import Device

FIRST, SECOND = "0.1.0", "2.0.0"
LONGEST: Final = 1_500
"""Seconds: two starts of the program under emulation take a minute each on a busy machine."""


class Story:
    """A server, a device, and a technician with a laptop."""

    def __init__(self, folder: Path, server: Path, machine: Booted) -> None:
        near = ("nsenter", f"--target={machine.first}", "--net", "--")
        self.folder, self.server, self._machine = folder, server, machine
        self.device = Device(folder / "kiosk", near)

    def hub(self, *words: str) -> str:
        """What a command on the server says."""
        done = self._machine.run("semblante-hub", *words)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def counted(self) -> int:
        """Records that the hub has taken in."""
        line = 'semblante_records_total{outcome="records"}'
        page = f"http://127.0.0.1:{WEB_PORT}/metrics"
        fetch = f"import urllib.request as r; print(r.urlopen('{page}').read().decode())"
        told = self._machine.run("python3", "-c", fetch).stdout.splitlines()
        return sum(int(float(one.split()[-1])) for one in told if one.startswith(line))

    def says(self, path: str, body: str = "{}") -> bool:
        """Somebody pays, touches or leaves."""
        return self.device.posts(path, body, TOKEN, DOOR)

    def until(self, what: str, question: Callable[[], Any], seconds: float = 400) -> Any:
        """Ask again until the answer is yes, while the device goes on living."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := question():
                return answer
            self.device.tend()
        log = self.device.read("tmp/kiosk.log")[-3_000:]
        raise AssertionError(f"{what}: never\n{log}\n" + "\n".join(self.device.said[-30:]))


def bundles(into: Path) -> tuple[Path, Path]:
    """Two versions of the program as it stands here, signed by one release key."""
    key = Ed25519PrivateKey.generate()
    release = Release(key.sign, release_keys(key))
    wanted = [Wanted(at, 1_700_000_000_000, one, release) for at, one in ((1, FIRST), (2, SECOND))]
    first, second = (build_bundle(one, roots.cache(), into) for one in wanted)
    return first, second


def lay_card(bundle: Path, wishes: DeviceWishes, device: Device) -> None:
    """What `make card` writes onto a stock card, into a root that is no image."""
    asked = CardWishes(bundle, "", bundle, wishes, device.root / "card.img")
    for step in card_plan(asked, lambda at, of: None):
        if isinstance(step, BootFiles):
            for name, raw in step.files.items():
                device.put(f"boot/firmware/{name}", raw)
        elif isinstance(step, RootFiles):
            for name, raw in step.files.items():
                device.put(name.lstrip("/"), raw)


@pytest.fixture
def story(tmp_path: Path, made: Made) -> Iterator[Story]:
    """A bare Debian that became a hub, and a bare arm64 one that is nothing yet."""
    assert made.done.code == 0, made.done.text
    roots.emulate()
    kiosk = roots.unpack(tmp_path / "kiosk")
    for version in (FIRST, SECOND):
        roots.bring_bytecode(kiosk, version)
    with booted(made.server.root, LONGEST) as machine:
        story = Story(tmp_path, made.server.root, machine)
        try:
            yield story
        finally:
            story.device.stop()


@pytest.mark.journey
@pytest.mark.timeout(1_800)
def test_from_two_bare_machines_to_a_smile_an_update_and_back(story: Story) -> None:
    device, (first, second) = story.device, bundles(story.folder)

    # In the office: a store, a register, and a card with a join code that is good for a day.
    story.hub("store", "add", "mercado", "--name", "Mercado", "--zone", "Europe/Madrid")
    story.hub("point", "add", "mercado", "caja-1", "--name", "Caja 1")
    told = story.hub("join", "new", "mercado", "caja-1", "k-2", "--json")
    code = json.loads(next(line for line in told.splitlines() if line.startswith("{")))
    wishes = DeviceWishes(
        "mercado", "caja-1", "k-2", code["hub"], code["fingerprint"], code["code"],
        hostname="caja-1", time_zone="Europe/Madrid", more=GLASSLESS,
    )  # fmt: skip
    lay_card(first, wishes, device)
    device.put("etc/hosts", f"127.0.0.1 localhost {NAME}\n".encode())

    # In the store: the card is put in, and nobody is asked anything.
    installed = device.unit("semblante-install.service", "--without-glass", "--without-bytecode")
    assert installed == 0, device.said
    assert device.unit("semblante-firstboot.service", only="first-boot") == 0, device.said
    assert device.version == FIRST
    assert code["code"] not in device.read("boot/firmware/semblante.toml")

    # The first smile.
    device.start()
    story.until("the kiosk asks", lambda: story.says("/sale"))
    before = story.counted()
    story.until("a face is touched", lambda: story.says("/touch", '{"face": "happy"}'))
    time.sleep(1)  # nobody touches faster than the glass lets them
    assert story.says("/done")
    story.until("it is counted", lambda: story.counted() >= before + 2)
    assert "differ" not in story.hub("verify").replace("0 differ", "")

    # Another version is sent, proves itself, and is kept.
    (story.server / "srv/bundle.tar").write_bytes(second.read_bytes())
    story.hub("bundle", "add", "/srv/bundle.tar")
    story.hub("rollout", "begin", SECOND, "--store", "mercado")
    story.until(
        "it has proved itself", lambda: SECOND in device.read("data/semblante/confirmed.json")
    )
    assert device.version == SECOND

    # Somebody wants the one before; it comes back, and nobody's answer is lost on the way.
    before = story.counted()
    story.hub("rollout", "back")
    story.until("the version before is back", lambda: device.version == FIRST)
    story.until("it runs", lambda: device.runs == FIRST)
    story.until("it asks again", lambda: story.says("/sale"))
    story.until("and is counted", lambda: story.counted() > before)
